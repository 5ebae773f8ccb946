"""What the analyzer makes of a text, step by step: what `indexer analyze` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from indexer.analysis.analyzer import Analyzer


class FoldedSign(TypedDict):
    """A character that folding changed."""

    offset: int
    found: str
    folded: str


class ExplainedToken(TypedDict):
    """A token; `text` is what stands in the text, `gap` whether a phrase breaks before it."""

    word: str
    text: str
    start: int
    end: int
    position: int
    gap: bool
    subwords: list[str]


class ExplainedSynonym(TypedDict):
    """A rule that fits; `expansions` as (text, weight), the heaviest first."""

    term: str
    words: list[str]
    expansions: list[tuple[str, float]]


class Explanation(TypedDict):
    """All steps in the order of the recipe."""

    text: str
    fingerprint: str
    normalised: str
    folded: list[FoldedSign]
    tokens: list[ExplainedToken]
    synonyms: list[ExplainedSynonym]


def explain(analyzer: Analyzer, text: str) -> Explanation:
    """Each step for one text, as plain data that JSON can hold."""
    normalised = analyzer.normalise(text)
    tokens = analyzer.tokens(text)
    explained: list[ExplainedToken] = []
    last = -1
    for word, start, end, position in tokens:
        explained.append(
            ExplainedToken(
                word=word,
                text=text[start:end],
                start=start,
                end=end,
                position=position,
                gap=position > last + 1,
                subwords=list(analyzer.subwords(word)),
            )
        )
        last = position
    # The words between two spaces belong together in a query, never those across one.
    words = [word for batch in _pieces(analyzer, text) for word in batch]
    return Explanation(
        text=text,
        fingerprint=analyzer.fingerprint,
        normalised=normalised,
        folded=[
            FoldedSign(offset=offset, found=found, folded=folded)
            for offset, (found, folded) in enumerate(zip(text, normalised, strict=True))
            if found != folded
        ],
        tokens=explained,
        synonyms=[
            ExplainedSynonym(
                term=match.rule.text,
                words=[words[place] for place in match.places],
                expansions=[(each.text, each.weight) for each in match.rule.expansions],
            )
            for match in analyzer.synonyms.find(words, analyzer.subwords)
        ],
    )


def _pieces(analyzer: Analyzer, text: str) -> list[list[str]]:
    batch = analyzer.batch(analyzer.normalise(text).split())
    return [batch[number].words for number in range(len(batch))]
