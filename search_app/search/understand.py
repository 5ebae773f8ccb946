"""Clauses → what is searched: words, their parts and synonyms, phrases, fields and filters.

The result is a `Reading`: an immutable plan that `relax.py` turns into query trees, first
as it stands, then looser. Everything that was understood is told as parts that a page can
show and undo. Nothing here evaluates anything; of the index it asks only `Vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Protocol

from indexer.analysis import Analyzer
from search_app.search import tree
from search_app.search.labels import programs_named, provinces_named, sources_named
from search_app.search.notes import Note
from search_app.search.query import Clause, Parsed, Term
from search_app.search.ranking import RANKING
from search_app.search.reading import (
    Concept,
    Phrase,
    Reading,
    all_of,
    any_of,
    cover,
    cut_reading,
    phrase_node,
    scores_of,
)
from search_app.search.results import Kind, Part
from search_app.search.state import SearchState, parse_span, write_span

MAX_WORDS = 48
"""Words of a query after segmentation."""
MAX_ALTERNATIVES = 12
"""Synonyms that one word is expanded by."""
RARE = 10
"""A word in fewer documents is also searched by its parts."""
_UNDIVIDED = 4
_TITLE = ("title",)


class Vocabulary(Protocol):
    """What planning asks of an index."""

    def frequency(self, term: str, field: str | None = None) -> int:
        """Documents with a word."""
        ...

    def values(self, facet: str) -> Mapping[str, int]:
        """The values of a facet."""
        ...


def understand(
    parsed: Parsed, state: SearchState, analyzer: Analyzer, vocabulary: Vocabulary
) -> Reading:
    """Plan what was typed. Never raises for any text."""
    return _Planner(state, analyzer, vocabulary).run(parsed)


@cache
def stopwords() -> frozenset[str]:
    """Words left out of a search for words side by side."""
    path = Path(__file__).parent / "data" / "stopwords.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if line[:1] != "#" for word in line.split())


@dataclass(slots=True)
class _Typed:
    """A coarse word of the query and where it came from."""

    word: str
    alternatives: list[tree.Node] = field(default_factory=list)
    weak: list[tree.Node] = field(default_factory=list)


class _Planner:
    def __init__(self, state: SearchState, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        self.state, self.analyzer, self.vocabulary = state, analyzer, vocabulary
        self.parts: list[Part] = []
        self.notes: list[Note] = []
        self.concepts: list[Concept] = []
        self.phrases: list[Phrase] = []
        self.titles: list[tuple[str, tree.Node, Concept]] = []
        self.filters: list[tree.Node] = []
        self.left = MAX_WORDS

    def run(self, parsed: Parsed) -> Reading:
        self.notes += parsed.notes
        plain: list[str] = []
        for clause in _unspaced(parsed.clauses, self.parts):
            if len(clause.terms) > 1:
                self._either(clause)
            elif _is_plain(clause.terms[0]):
                plain.append(clause.terms[0].text)
            else:
                self._single(clause.terms[0])
        self._side_by_side(plain)
        self.parts += [Part("ignored", text) for text in parsed.ignored]
        self.parts += [Part("unparsed", text) for text in parsed.unparsed]
        if self.left <= 0:
            self.notes.append(Note.of("clauses_cut", used=MAX_WORDS))
        if self.state.text and not (self.concepts or self.phrases or self.titles):
            if not self.filters:
                self.notes.append(Note.of("nothing_to_search"))
            elif all(isinstance(node, tree.Not) for node in self.filters):
                self.notes.append(Note.of("only_exclusions"))
        return Reading(
            tuple(self.concepts),
            tuple(self.phrases),
            tuple(self.titles),
            tuple(self.filters),
            tuple(self.parts),
            tuple(self.notes),
        )

    # -- words side by side ----------------------------------------------------------------

    def _side_by_side(self, chunks: Sequence[str]) -> None:
        """Plan all plain words together, as synonyms may take several of them."""
        found: list[list[_Typed]] = []
        for chunk in chunks:
            runs = self._runs(chunk)
            if not runs:
                self.parts.append(Part("ignored", chunk))
            for run in runs:
                found.append([_Typed(word) for word in run])
                self._tell(chunk, run)
        meaning = [
            [typed for typed in run if len(run) == 1 or typed.word not in stopwords()]
            for run in found
        ]
        if any(typed.word not in stopwords() for run in meaning for typed in run):
            dropped = [t.word for run in found for t in run if t.word in stopwords()]
            self.parts += [Part("ignored", word) for word in dict.fromkeys(dropped)]
            meaning = [[t for t in run if t.word not in stopwords()] for run in meaning]
        # Nothing but stop words: then they are what is looked for.
        meaning = [run for run in meaning if run] or found
        self._expand([typed for run in meaning for typed in run])
        for typed_run in meaning:
            self.concepts.append(self._concept(typed_run))

    def _runs(self, text: str) -> list[tuple[str, ...]]:
        """The words of a text, bounded over the whole query."""
        found = []
        for run in self.analyzer.runs(text):
            kept = run[: max(0, self.left)]
            self.left -= len(kept)
            if kept:
                found.append(kept)
        return found

    def _tell(self, text: str, run: Sequence[str]) -> None:
        folded = "".join(filter(str.isalnum, self.analyzer.normalise(text)))
        if folded != "".join(filter(str.isalnum, text.lower())):
            self.parts.append(Part("fold", text, ("".join(run),)))
        self.parts.append(Part("word", text, tuple(run)))

    def _expand(self, typed: Sequence[_Typed]) -> None:
        """Put synonyms beside the words that they belong to."""
        if not self.state.synonyms or not typed:
            return
        words = [item.word for item in typed]
        for match in self.analyzer.synonyms.find(words, self.analyzer.subwords):
            rule = match.rule
            if rule.text in self.state.asis:
                continue
            shown = []
            for expansion in rule.expansions[:MAX_ALTERNATIVES]:
                weight = expansion.weight * RANKING.synonyms
                node = all_of(phrase_node(phrase, weight) for phrase in expansion.phrases)
                shown.append(expansion.text)
                strong = expansion.weight >= RANKING.synonym_matches
                for place in match.places:
                    target = typed[place]
                    (target.alternatives if strong else target.weak).append(node)
            self.parts.append(Part("synonym", rule.text, tuple(shown)))

    def _concept(self, run: Sequence[_Typed], *, tell: bool = True) -> Concept:
        """Words typed without a break between them; `tell` says whether a word that is only
        found as a run is named to the visitor."""
        joined = "".join(item.word for item in run)
        if _single_signs(run):
            # 粤 alone, or signs that form no word: any run of characters will do.
            leaf = tree.Run(joined)
            strong = [node for item in run for node in item.alternatives]
            weak = [node for item in run for node in item.weak]
            child = any_of([leaf, *strong])
            return Concept((child,), scores_of([leaf], strong, weak), child, (leaf,))
        children: list[tree.Node] = []
        scoring: list[tree.Node] = []
        loose: list[tree.Node] = []
        sequence: list[tree.Leaf] = []
        told: list[tree.Node] = []
        for item in run:
            basic = self._basic(item.word)
            words = [tree.Word(word) for word in basic]
            sequence += words
            own: list[tree.Node] = list(words)
            other: list[tree.Node] = []
            if len(basic) > 1:
                own.append(tree.Word(item.word, weight=RANKING.compound))
            elif len(run) == 1 or len(item.word) > 1:
                other = self._rare(item.word, tell)
            # Synonyms of several words are scored once.
            strong = [node for node in item.alternatives if node not in told]
            weak = [node for node in item.weak if node not in told]
            told += strong + weak
            scoring += scores_of([*own, *other], strong, weak)
            required = (
                [tree.Word(item.word)] if len(item.word) <= _UNDIVIDED and len(basic) > 1 else words
            )
            for word in required:
                if len(word.text) > 1 or not word.text.isalpha() or len(run) == 1:
                    children.append(any_of([word, *other, *item.alternatives]))
            pieces = [tree.Word(piece) for piece in self.analyzer.subwords(item.word)]
            loose += [*words, *(piece for piece in pieces if piece not in words), *other]
            loose += item.alternatives
        if not children:
            children = [tree.Run(joined)]
        return Concept(
            tuple(children),
            tuple(scoring),
            any_of(loose),
            tuple(sequence),
            joined if len(run) > 1 else "",
        )

    def _basic(self, word: str) -> tuple[str, ...]:
        """The words that a long term is made of, where they cover it; else the term itself."""
        return cover(word, self.analyzer.subwords)

    def _rare(self, word: str, tell: bool) -> list[tree.Node]:
        """More ways to find a word that the index hardly has: its parts, or the bare run."""
        frequency = self.vocabulary.frequency(word)
        if frequency >= RARE:
            return []
        found: list[tree.Node] = [
            tree.Word(part) for part in self.analyzer.subwords(word) if len(part) * 2 >= len(word)
        ]
        if not frequency and len(word) > 1:
            if tell:
                self.parts.append(Part("run", word, (word,)))
            found.append(tree.Run(word))
        return found

    # -- everything else -------------------------------------------------------------------

    def _either(self, clause: Clause) -> None:
        nodes = [self._node(term) for term in clause.terms]
        known = tuple(node for node in nodes if node is not None)
        if not known:
            return
        texts = tuple(term.typed for term in clause.terms)
        self.parts.append(Part("either", " | ".join(texts), texts))
        node = tree.Any(known) if len(known) > 1 else known[0]
        if any(True for _ in tree.leaves(node)):
            self.concepts.append(Concept((node,), (node,), node))
        else:
            self.filters.append(node)

    def _single(self, term: Term) -> None:
        if term.field not in {"", "title"}:
            node = self._filter(term)
            if node is not None:
                self.filters.append(tree.Not(node) if term.negated else node)
                return
            term = replace(term, field="")
            if _is_plain(term):
                self._side_by_side([term.text])
                return
        if term.negated:
            node = self._node(term)
            if node is not None:
                self.filters.append(tree.Not(node))
                self.parts.append(Part("exclude", term.typed, (term.text,)))
            return
        runs = self._runs(term.text)
        if not runs:
            self.parts.append(Part("ignored", term.text))
            return
        node = self._shaped(term, runs)
        if term.field == "title":
            self.titles.append((term.text, node, self._loosely(runs)))
            self.parts.append(Part("field", term.typed, (term.text,)))
        elif term.shape == "run":
            self.phrases.append(Phrase(term.text, node, self._loosely(runs)))
            self.parts.append(Part("phrase", term.text, tuple("".join(run) for run in runs)))
        elif term.shape != "words":
            self.concepts.append(Concept((node,), (node,), node))
            self.parts.append(Part(term.shape, term.text, (term.text,)))

    def _node(self, term: Term) -> tree.Node | None:
        """One term as a node that matches strictly."""
        if term.field not in {"", "title"}:
            node = self._filter(term)
            if node is not None:
                return node
            term = replace(term, field="")
        runs = self._runs(term.text)
        return self._shaped(term, runs) if runs else None

    def _shaped(self, term: Term, runs: Sequence[Sequence[str]]) -> tree.Node:
        fields = _TITLE if term.field == "title" else tree.DEFAULT_FIELDS
        if term.shape == "run":
            folded = self.analyzer.normalise(term.text)
            texts = [runs]
            if (other := cut_reading(folded)) != folded:
                texts.append(self._runs(other))
            pieces = dict.fromkeys(" ".join("".join(run) for run in text) for text in texts)
            return any_of([tree.Run(piece, fields) for piece in pieces])
        last = runs[-1][-1]
        before: list[tree.Node] = [tree.Word(word, fields) for run in runs for word in run]
        if term.shape == "prefix":
            if len(runs) == 1 and len(runs[0]) > 1 and "".join(runs[0]).isalpha():
                # Several words with a star behind: a run may end in the middle of a word.
                return tree.Run("".join(runs[0]), fields)
            return all_of([*before[:-1], tree.Prefix(last, fields)])
        if term.shape == "fuzzy":
            return all_of([*before[:-1], tree.Fuzzy(last, term.distance, fields)])
        if term.shape == "wildcard":
            pattern = "".join(self.analyzer.normalise(term.text).split())
            return tree.Wildcard(pattern, fields)
        return all_of(before)

    def _loosely(self, runs: Sequence[Sequence[str]]) -> Concept:
        """The words of a phrase or a title, for a search that has to be relaxed."""
        concepts = [self._concept([_Typed(word) for word in run], tell=False) for run in runs]
        if len(concepts) == 1:
            return concepts[0]
        return Concept(
            tuple(child for concept in concepts for child in concept.children),
            tuple(node for concept in concepts for node in concept.scoring),
            any_of([concept.loose for concept in concepts]),
            tuple(word for concept in concepts for word in concept.sequence),
        )

    def _filter(self, term: Term) -> tree.Node | None:
        """A facet's condition; None (with a note) where the value means nothing."""
        name, text = term.field, term.text.strip()
        if name == "year":
            span = parse_span(text)
            if span is None:
                self.notes.append(Note.of("bad_range", value=term.typed))
                return None
            self._tell_field(term, write_span(span))
            return tree.Range("year", *span)
        folded = self.analyzer.normalise(text)
        if name == "program":
            values = programs_named(folded)
        elif name == "source":
            values = sources_named(text, self.vocabulary.values("source"))
        else:
            values = provinces_named(folded)
        if not values:
            self.notes.append(Note.of("unknown_value", name=name, value=text))
            self.parts.append(Part("unparsed", term.typed, (text,)))
            return None
        self._tell_field(term, *values)
        return tree.FieldFilter(name, values)

    def _tell_field(self, term: Term, *values: str) -> None:
        kind: Kind = "exclude" if term.negated else "field"
        self.parts.append(Part(kind, term.typed, values))


# -- pieces ----------------------------------------------------------------------------------


def _is_plain(term: Term) -> bool:
    return term.shape == "words" and not term.field and not term.negated


def _unspaced(clauses: Iterable[Clause], parts: list[Part]) -> list[Clause]:
    """Join single Han that were typed with spaces between them: 残 疾 人."""
    found: list[Clause] = []
    signs: list[Clause] = []

    def close() -> None:
        if len(signs) > 1:
            text = "".join(clause.terms[0].text for clause in signs)
            parts.append(Part("fold", " ".join(text), (text,)))
            found.append(Clause((Term(text),)))
        else:
            found.extend(signs)
        signs.clear()

    for clause in clauses:
        first = clause.terms[0]
        if len(clause.terms) == 1 and _is_plain(first) and _is_sign(first.text):
            signs.append(clause)
        else:
            close()
            found.append(clause)
    close()
    return found


def _is_sign(text: str) -> bool:
    return len(text) == 1 and text >= "\u3400" and text.isalpha()


def _single_signs(run: Sequence[_Typed]) -> bool:
    return all(len(item.word) == 1 and item.word >= "\u3400" for item in run)
