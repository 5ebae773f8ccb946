"""The reading side of the embedded engine: answers an `EngineQuery` over mapped arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from sys import getsizeof
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import caption_text
from indexer.document import Document, Family, Program, Province
from indexer.engines.whoosh.segment import Generation
from indexer.engines.whoosh.stored import from_json
from search_app.search import tree
from search_app.search.engines.base import (
    Choice,
    EngineQuery,
    EngineResult,
    Hit,
    TermScore,
)
from search_app.search.engines.whoosh import marking, vocabulary
from search_app.search.engines.whoosh.counting import Counter, cross_counts
from search_app.search.engines.whoosh.evaluate import Evaluator
from search_app.search.engines.whoosh.explaining import explain
from search_app.search.engines.whoosh.feedback import Feedback
from search_app.search.engines.whoosh.freshness import freshness
from search_app.search.engines.whoosh.index import ArrayIndex
from search_app.search.engines.whoosh.matches import Docs, Mask, Matches, Scores
from search_app.search.engines.whoosh.recent import Recent
from search_app.search.engines.whoosh.rescoring import Rescorer
from search_app.search.engines.whoosh.top import best, distinct, first_of_each, strongest
from search_app.search.ranking import RANKING, Ranking
from search_app.search.snippets import Body, highlight, merged, shown

_SHOWN = 1e-5
_BY_SCORE = frozenset(("relevance", "recent"))
_HEAD = ("id", "path", "title", "url", "date", "time", "year", "source", "author", "language")
_RANKINGS_KEPT = 4
_COUNTERS_KEPT = 8
_BODIES_KEPT = 4 << 20
"""Bytes of decoded texts that are kept: some thousand pages."""
_HEADS_KEPT = 2 << 20
_HEAD_SIZE = 1 << 10
"""About as many bytes take the title, address, source and facets of a document."""


def _size_of_body(body: Body) -> int:
    # A number of the list takes 8 bytes in it and 28 of its own.
    return getsizeof(body.text) + 36 * len(body.ends)


def _strength(found: Matches, rescorer: Rescorer) -> Scores:
    """What candidates are chosen by: documents with all words before those with most."""
    if found.full is None or not rescorer.ranking.all_words or not len(found):
        return found.scores
    strength: Scores = found.scores + found.full * found.scores.max()
    return strength


class WhooshEngine:
    """An open generation. Read only and safe to share between threads."""

    def __init__(self, folder: Path, fingerprint: str = "") -> None:
        self.fingerprint = fingerprint
        self._generation = Generation(folder)
        self.index = ArrayIndex(self._generation)
        self._bodies = Recent(self._body, _size_of_body, _BODIES_KEPT)
        self._heads = Recent(self._head, lambda head: _HEAD_SIZE, _HEADS_KEPT)
        self._evaluators: dict[int, tuple[Ranking, Evaluator, Rescorer]] = {}
        self._counters: dict[tuple[str, ...], Counter] = {}
        self._values: dict[str, Mapping[str, int]] = {}

    def __len__(self) -> int:
        return self.index.documents

    def close(self) -> None:
        """Nothing to do: the maps go when the last array does."""

    # -- searching ------------------------------------------------------------------------

    def search(self, request: EngineQuery) -> EngineResult:
        evaluator, rescorer = self._ranked_by(request.ranking or RANKING)
        matches, cut = evaluator(request.tree, request.deadline)
        return self._answer(request, matches, rescorer, cut)

    def search_whoosh(self, query: Any, request: EngineQuery | None = None) -> EngineResult:
        """The answer to a tree of `whoosh.query` in place of the request's own tree. Scores are
        those of Whoosh with `queries.LuceneBM25`; nothing is rescored."""
        request = replace(request or EngineQuery(), tree=None)
        _, rescorer = self._ranked_by(request.ranking or RANKING)
        return self._answer(request, self._whoosh(query), rescorer, False)

    def _answer(
        self, request: EngineQuery, matches: Matches, rescorer: Rescorer, cut: bool
    ) -> EngineResult:
        found, facets = self._narrowed(request, matches)
        if request.sort == "recent":
            found = self._lifted(found, rescorer.ranking)
        total = total_results = len(found)
        if request.fold and self._families is not None:
            total_results = distinct(self._families[found.docs], len(self._family_sizes))
        docs, scores = self._page(request, found, rescorer, total_results < total)
        return EngineResult(total, total_results, docs, scores, facets, cut)

    @cached_property
    def _whoosh(self) -> Any:
        # Whoosh is only loaded when its queries are used.
        from search_app.search.engines.whoosh.queries import WhooshQueries

        return WhooshQueries(self.index)

    def _ranked_by(self, ranking: Ranking) -> tuple[Evaluator, Rescorer]:
        kept = self._evaluators.get(id(ranking))
        if kept is None:
            evaluator = Evaluator(self.index, ranking)
            kept = (ranking, evaluator, Rescorer(self.index, ranking))
            if len(self._evaluators) >= _RANKINGS_KEPT:
                self._evaluators.clear()
            self._evaluators[id(ranking)] = kept
        return kept[1:]

    def _masks(self, request: EngineQuery) -> dict[str, Mask]:
        return {
            name: mask
            for name, choice in request.filters.items()
            if choice and (mask := self._mask(name, choice)) is not None
        }

    def _mask(self, facet: str, choice: Choice) -> Mask | None:
        column = self.index.column(facet)
        return None if column is None else column.mask(choice)

    def _between(self, dates: tuple[str | None, str | None]) -> Mask:
        first, last = (None if date is None else date.replace("-", "") for date in dates)
        days = self._days
        mask = days > 0
        if first:
            mask &= days >= int(first.ljust(8, "0")[:8])
        if last:
            # A bound without a day takes in the whole month or year.
            mask &= days <= int(last.ljust(8, "9")[:8])
        return mask

    def _narrowed(
        self, request: EngineQuery, matches: Matches
    ) -> tuple[Matches, dict[str, dict[str, int]]]:
        """What remains after all filters, and facet counts each without its own filter."""
        if request.dates:
            matches = matches.where(self._between(request.dates)[matches.docs])
        masks = self._masks(request)
        found = matches
        if masks:
            passes = [mask[matches.docs] for mask in masks.values()]
            found = matches.where(np.logical_and.reduce(passes) if len(passes) > 1 else passes[0])
        facets: dict[str, dict[str, int]] = {}
        names = tuple(name for name in request.facets if self.index.column(name) is not None)
        if names:
            counter = self._counter(names)
            facets = counter.named(counter.count(found.docs))
            for name in names:
                if name in masks:
                    single = self._counter((name,))
                    own = self._without(matches.docs, masks, name)
                    facets[name] = single.named(single.count(own))[name]
                choice = request.filters.get(name)
                if choice:
                    for value in (*choice.values, *choice.excluded):
                        facets[name].setdefault(value, 0)
        return found, facets

    def _without(self, docs: Docs, masks: Mapping[str, Mask], name: str) -> Docs:
        for other, mask in masks.items():
            if other != name:
                docs = docs[mask[docs]]
        return docs

    def _counter(self, names: tuple[str, ...]) -> Counter:
        counter = self._counters.get(names)
        if counter is None:
            columns = [column for name in names if (column := self.index.column(name))]
            counter = Counter(columns, self.index.live_docs)
            if len(self._counters) >= _COUNTERS_KEPT and len(names) > 1:
                self._counters.clear()
            self._counters[names] = counter
        return counter

    def _page(
        self, request: EngineQuery, found: Matches, rescorer: Rescorer, folds: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The documents of the page asked for, with their scores."""
        needed = request.offset + request.limit
        k = needed + (needed // 4 + 8 if folds else 0)
        while True:
            if request.sort in _BY_SCORE:
                docs, scores = self._ranked(request.tree, found, rescorer, k)
            else:
                places = best(self._age(request.sort)[found.docs], k)
                docs, scores = found.docs[places], found.scores[places]
            enough = len(docs) == len(found)
            if folds and self._families is not None:
                kept = first_of_each(self._families[docs])
                docs, scores = docs[kept], scores[kept]
            if enough or len(docs) >= needed:
                break
            k *= 2
        page = slice(request.offset, needed)
        scores = scores[page].astype(np.float32)
        # Conditions alone give a constant that only says "matches".
        scores[scores < _SHOWN] = 0
        return docs[page].astype(np.int64), scores

    def _ranked(
        self, node: tree.Node | None, found: Matches, rescorer: Rescorer, k: int
    ) -> tuple[Docs, NDArray[np.floating]]:
        """The best `k` documents or a few more, best first: those rescored, then the others."""
        strength = _strength(found, rescorer)
        docs, scores, full = self._candidates(found, strength, rescorer)
        final = rescorer(node, docs, scores, full)
        order = np.argsort(-final, kind="stable")
        docs, final = docs[order], final[order]
        if k <= len(docs) or len(docs) == len(found):
            return docs, final
        places = best(strength, k)[rescorer.depth :]
        # Scores never rise down the list: who sorts by them gets the same order.
        tail = np.minimum(strength[places], final[-1] if len(final) else np.inf)
        return np.concatenate((docs, found.docs[places])), np.concatenate((final, tail))

    @staticmethod
    def _candidates(
        found: Matches, strength: Scores, rescorer: Rescorer
    ) -> tuple[Docs, Scores, Mask | None]:
        """What is rescored: the strongest, in document order."""
        if len(found) <= rescorer.depth:
            return found.docs, found.scores, found.full
        places = strongest(strength, rescorer.depth)
        full = None if found.full is None else found.full[places]
        return found.docs[places], found.scores[places], full

    def _lifted(self, found: Matches, ranking: Ranking) -> Matches:
        """The same documents with their scores lifted for later dates."""
        scores = found.scores * (1 + self._lift(found.docs, ranking))
        return Matches(found.docs, scores, found.size, full=found.full)

    def _lift(self, docs: Docs, ranking: Ranking) -> Scores:
        return freshness(self._days[docs], int(self._days.max(initial=0)), ranking)

    def _age(self, sort: str) -> NDArray[np.float32]:
        ranks = self._date_ranks
        if sort == "newest":
            return ranks
        return np.where(ranks > 0, ranks.max(initial=0) + 1 - ranks, 0).astype(np.float32)

    # -- columns --------------------------------------------------------------------------

    @cached_property
    def _days(self) -> NDArray[np.int32]:
        return self.index.number("date").astype(np.int32)

    @cached_property
    def _date_ranks(self) -> NDArray[np.float32]:
        """Ranks of the dates from 1 (oldest), 0 where there is none: exact as floats."""
        distinct_days, ranks = np.unique(self._days, return_inverse=True)
        shift = 0 if len(distinct_days) and distinct_days[0] == 0 else 1
        return (ranks + shift).astype(np.float32)

    @cached_property
    def _families(self) -> NDArray[np.int32] | None:
        """The family number of each document (-1: none), None where nobody has one."""
        column = self.index.column("family")
        if column is None or not column.values:
            return None
        numbers = np.full(self.index.size, -1, dtype=np.int32)
        numbers[column.docs] = column.codes
        return numbers

    @cached_property
    def _family_sizes(self) -> NDArray[np.intp]:
        if self._families is None:
            return np.zeros(0, dtype=np.intp)
        members = self._families[self.index.live_docs]
        column = self.index.column("family")
        assert column is not None
        return np.bincount(members[members >= 0], minlength=len(column.values))

    def values(self, facet: str) -> Mapping[str, int]:
        """All values of a facet with their counts over the whole index."""
        found = self._values.get(facet)
        if found is None:
            if self.index.column(facet) is None:
                return {}
            counter = self._counter((facet,))
            self._values[facet] = found = counter.named(counter.total)[facet]
        return found

    def table(self, request: EngineQuery, rows: str, columns: str) -> Mapping[tuple[str, str], int]:
        """Documents of a search per pair of values of two facets; zeros are left out."""
        first, second = self.index.column(rows), self.index.column(columns)
        if first is None or second is None:
            return {}
        evaluator, _ = self._ranked_by(request.ranking or RANKING)
        found, _ = self._narrowed(replace(request, facets=()), evaluator(request.tree)[0])
        return cross_counts(first, second, found.docs, self.index.size)

    # -- documents ------------------------------------------------------------------------

    def number(self, document_id: str) -> int:
        """The document number of an id. Raises KeyError."""
        doc = self._generation.find(document_id)
        if doc < 0:
            raise KeyError(document_id)
        return doc

    def document(self, key: int | str) -> Document:
        """The stored document by number or by id, whole. Raises KeyError."""
        return self._read(self.number(key) if isinstance(key, str) else key)

    def documents(self, docs: Sequence[int]) -> list[Document]:
        return [self._read(int(doc)) for doc in docs]

    def heads(self, docs: Sequence[int]) -> list[Document]:
        """Documents as a list of hits shows them, at less cost: without text, evidence,
        places, pairs, repairs and what else only the page of a document shows."""
        return [self._heads[int(doc)] for doc in docs]

    def _head(self, doc: int) -> Document:
        segment, local = self._generation.locate(doc)
        content = segment.metadata(local)
        return Document(
            family=self._family(doc),
            provinces=tuple(
                [Province(name, tuple(roles)) for name, roles, _ in content.get("provinces", ())]
            ),
            programs=tuple([Program(key, score) for key, score, _ in content.get("programs", ())]),
            flags=tuple(content.get("flags", ())),
            **{name: content[name] for name in _HEAD if name in content},
        )

    def _read(self, doc: int) -> Document:
        segment, local = self._generation.locate(doc)
        document = from_json(segment.record(local, "meta"), segment.text(local))
        family = self._family(doc)
        return document if family is None else document.replace(family=family)

    def _body(self, doc: int) -> Body:
        segment, local = self._generation.locate(doc)
        return Body.of(segment.text(local))

    def _family(self, doc: int) -> Family | None:
        if self._families is None or (number := int(self._families[doc])) < 0:
            return None
        column = self.index.column("family")
        assert column is not None
        return Family(column.values[number], int(self._family_sizes[number]))

    def family(self, family_id: str) -> list[int]:
        """Numbers of the members of a family."""
        mask = self._mask("family", Choice(values=(family_id,)))
        if mask is None:
            return []
        live = self.index.live
        found: list[int] = np.flatnonzero(mask if live is None else mask & live).tolist()
        return found

    def id(self, doc: int) -> str:
        """The id of a document number. Raises KeyError."""
        segment, local = self._generation.locate(doc)
        return segment.id(local)

    def ids(self) -> Iterator[str]:
        for _, segment, local in self._generation.live_documents():
            yield segment.id(local)

    # -- passages and marks ---------------------------------------------------------------

    def snippets(
        self,
        docs: Sequence[int],
        node: tree.Node | None,
        *,
        count: int = 2,
        length: int = 120,
        titles: Sequence[str] | None = None,
    ) -> list[Hit]:
        """Title and best passages of each document with the tree's words marked. `titles`,
        where the caller has them (`heads`), save reading them once more."""
        numbers = [int(doc) for doc in docs]
        found = marking.places(self.index, numbers, node, ("text", "title"))
        if titles is None:
            titles = [head.title for head in self.heads(numbers)]
        return [
            Hit(highlight(title, found.spans(len(numbers) + row, title)), passages)
            for row, (title, passages) in enumerate(
                zip(titles, self._passages(numbers, found, count, length), strict=True)
            )
        ]

    def passages(
        self, docs: Sequence[int], node: tree.Node | None, *, count: int = 2, length: int = 120
    ) -> list[tuple[str, ...]]:
        """The best passages of each document alone, without titles."""
        numbers = [int(doc) for doc in docs]
        return self._passages(numbers, marking.places(self.index, numbers, node), count, length)

    def _passages(
        self, docs: Sequence[int], found: marking.Places, count: int, length: int
    ) -> list[tuple[str, ...]]:
        result = []
        for row, (doc, windows) in enumerate(zip(docs, found.windows(length, count), strict=True)):
            body = self._bodies[doc]
            spans = partial(found.spans, row, body.text)
            result.append(tuple(shown(body, windows, spans, length)))
        return result

    def marks(self, doc: int, node: tree.Node | None) -> dict[str, list[tuple[int, int]]]:
        """All places of the tree's words per field, sorted and merged, as written."""
        document = self.document(doc)
        texts = {
            "title": document.title,
            "text": document.text,
            "caption": caption_text(document),
        }
        found = marking.places(self.index, [doc], node, tuple(texts))
        return {
            name: merged(found.spans(line, text)) for line, (name, text) in enumerate(texts.items())
        }

    # -- words ----------------------------------------------------------------------------

    def terms(self, prefix: str = "", field: str = "text") -> Iterator[tuple[str, int]]:
        return vocabulary.terms(self._generation, prefix, field)

    def frequency(self, term: str, field: str | None = None) -> int:
        """Documents with the word, whole or inside another (in any field where None)."""
        fields = tree.DEFAULT_FIELDS if field is None else (field,)
        evaluator, _ = self._ranked_by(RANKING)
        return len(evaluator.leaf(tree.Word(term, fields)))

    def vector(self, doc: int) -> Mapping[str, int]:
        """The words of a document's title and text with their numbers."""
        segment, local = self._generation.locate(doc)
        return vocabulary.vector(segment, local)

    def similar(self, doc: int, limit: int) -> list[tuple[int, float]]:
        """Other documents about the same matter, the most alike first, with their likeness."""
        return Feedback(self.index, RANKING).nearest(doc, limit)

    def explain(self, doc: int, request: EngineQuery) -> list[TermScore]:
        """The parts of a document's score under a request."""
        evaluator, rescorer = self._ranked_by(request.ranking or RANKING)
        found, _ = self._narrowed(replace(request, facets=()), evaluator(request.tree)[0])
        lift = 0.0
        if request.sort == "recent":
            lift = float(self._lift(np.array([doc]), rescorer.ranking)[0])
            found = self._lifted(found, rescorer.ranking)
        candidates = self._candidates(found, _strength(found, rescorer), rescorer)
        return list(explain(evaluator, rescorer, request.tree, doc, candidates, lift))
