"""Which places does a text report as paired?

A sentence that names a relation (对口支援, 东西部协作, 结对 …) and places on both sides gives
relations between them; where its clauses each name both sides, each clause for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.facets.clauses import clauses, couples, helps, segments
from indexer.facets.gazetteer import Gazetteer
from indexer.facets.pairing import sides_of
from indexer.facets.pairing_rules import Sides, shipped
from indexer.facets.places import Mention


@dataclass(frozen=True)
class Relation:
    """Places that give and places that receive, as one sentence names them; a side may be empty."""

    donors: tuple[str, ...]
    recipients: tuple[str, ...]
    start: int
    end: int


def relations(
    gazetteer: Gazetteer,
    text: str,
    sentences: Sequence[tuple[int, int]],
    places: Sequence[Mention],
    short: Sequence[Mention],
    titled: bool = False,
    home: Sequence[Mention] = (),
) -> Iterator[Relation]:
    """The relations of a text. `places` are its full mentions, `short` the one-character ones.

    `home` is the only province of the whole document, where there is but one. A bare verb
    (山东援建北川) counts where the title names a scheme (`titled`), or the same paragraph, or
    the one above.
    """
    rules = shipped()
    if not (titled or short or rules.relations.search(text) or rules.own.search(text)):
        return  # Most texts: no sentence could name a relation.
    reader = _Reader(gazetteer, text)
    before: Sequence[Mention] = ()
    paragraph = 0
    schemes = _paragraphs_with_relation(text, sentences)
    for start, end in sentences:
        reader.scheme = titled or not schemes.isdisjoint((paragraph, paragraph - 1))
        named = reader.places = [m for m in places if start <= m.start < end]
        reader.short = [m for m in short if start <= m.start < end]
        reader.before = () if named else before or home
        reader.headed = any(
            shipped().relations.search(text, low, high)
            and not any(low <= m.start < high for m in (*named, *reader.short))
            for low, high in clauses(text, start, end)
        )
        settled = False
        for low, high in segments(text, start, end, reader.provinces, named):
            for donors, recipients in reader.sides(low, high):
                yield Relation(donors, recipients, start, end)
                settled = settled or bool(donors and recipients)
                schemes.add(paragraph)  # a list may have a paragraph for each pair
        last = "\n" in text[start:end]
        before = () if last or settled else named or before
        paragraph += last


def _paragraphs_with_relation(text: str, sentences: Sequence[tuple[int, int]]) -> set[int]:
    """Numbers (from 0) of the paragraphs that name a relation."""
    found, paragraph = set(), 0
    for start, end in sentences:
        if shipped().relations.search(text, start, end):
            found.add(paragraph)
        paragraph += "\n" in text[start:end]
    return found


@dataclass
class _Reader:
    """Reads the sides of a sentence and of its clauses; `places` and `short` are its mentions.

    `before` are the places of the sentence before, where it leaves their sides open and this one
    has none, or the document's only province; `headed` tells
    whether a clause without places names a relation for the others of the sentence (在东西部协作中，…),
    `scheme` whether a bare verb is enough.
    """

    gazetteer: Gazetteer
    text: str
    places: Sequence[Mention] = ()
    short: Sequence[Mention] = ()
    before: Sequence[Mention] = ()
    headed: bool = False
    scheme: bool = False

    def named(self, start: int, end: int) -> list[Mention]:
        return [mention for mention in self.places if start <= mention.start < end]

    def provinces(self, start: int, end: int) -> frozenset[str]:
        """Provinces of a range's givers and receivers, empty unless it names both sides."""
        both = (
            donors + recipients
            for donors, recipients in self.sides(start, end)
            if donors and recipients
        )
        return frozenset(code[:2] for codes in both for code in codes)

    def _paired(self, position: int) -> bool:
        """Whether a relation follows at once (沪苏浙城市结对帮扶 …)."""
        return shipped().relations.search(self.text, position, position + _REACH) is not None

    def sides(self, start: int, end: int) -> list[Sides]:
        """Givers and receivers that a range of the text names, at least one of the two."""
        rules = shipped()
        sentence = self.text[start:end]
        named: Sequence[Mention] = self.named(start, end)
        helping = helps(self.gazetteer, self.text, start, end, named) if self.scheme else []
        if helping:
            return helping
        inside = [m for m in self.short if start <= m.start < end]
        pairs = [m for m in inside if m.end - m.start == _PAIR or self._paired(m.end)]
        aided = [m for m in pairs if self.text[m.start] == "援" and m.code != _HUBEI]
        aided = [m for m in aided if not _TOPICS.match(self.text, m.end)]
        pairs = [m for m in pairs if self.text[m.start] not in _ONE_SIDED]
        if not rules.assistance.search(sentence):
            pairs = []
        own = rules.own.search(sentence) is not None
        triggered = own or self.headed or rules.relations.search(sentence) is not None
        alone = triggered and not (named or pairs or aided)
        if alone and (own or rules.national.search(sentence)):
            named = self.before  # 在青海民和县… 目前，村里利用东西部协作资金…
        if not (triggered or pairs or aided):
            return []

        def told(named: Sequence[Mention], pairs: Sequence[Mention]) -> Sides:
            sides = sides_of(self.gazetteer, sentence, start, named, pairs, aided, triggered)
            return sides or ((), ())

        found = [told(two, ()) for two in couples(self.text, named)]
        if not found or not all(donors and recipients for donors, recipients in found):
            found = [told(named, pairs)]
        if pairs and not (named or aided):  # 沪滇协作、粤桂协作: each is a relation of its own
            starts = dict.fromkeys(m.start for m in pairs)
            found = [told((), [m for m in pairs if m.start == at]) for at in starts]
        return [sides for sides in found if any(sides)]


_TOPICS = re.compile("(?:、?援[藏疆青])?等(?:领域|方面|内容)")
"""Behind 援疆 where it is one topic among others (聚焦乡村振兴、援疆援藏等领域)."""

_PAIR = 2
_REACH = 8
_HUBEI = "420000"
"""援鄂 was emergency help, never paired assistance."""

_ONE_SIDED = "援驻赴入"
