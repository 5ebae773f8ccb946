"""Evaluates query trees over the arrays: which documents match, and their BM25F scores.

Every node becomes `Matches` (text: documents with scores) or a mask (conditions). Text leaves
and groups of synonyms are kept in a bounded cache, since people ask for the same words again
with another facet or page.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from search_app.search import tree
from search_app.search.engines.base import Choice
from search_app.search.engines.whoosh.matches import (
    LEAST,
    Docs,
    Mask,
    Matches,
    Scores,
    intersection,
    most,
    not_zero,
    nothing,
    union,
)

if TYPE_CHECKING:
    from search_app.search.engines.whoosh.counting import Column
    from search_app.search.ranking import Ranking

Found: TypeAlias = "tuple[str, Docs, NDArray[np.float32]]"
"""Occurrences of something in one text field: field, documents (each once), how often."""


class TextIndex(Protocol):
    """What the evaluator needs of the postings."""

    size: int
    documents: int
    live: Mask | None

    def lengths(self, field: str) -> NDArray[np.float32]: ...

    def average(self, field: str) -> float: ...

    def find(self, leaf: tree.Leaf) -> tuple[list[Found], bool]:
        """Occurrences of a leaf per field, deleted documents left out; whether it was cut."""
        ...

    def column(self, facet: str) -> Column | None: ...


class Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


Kept = TypeVar("Kept", bound=Sized)


class _Entry(Generic[Kept]):
    __slots__ = ("used", "value")

    def __init__(self, value: Kept, used: int) -> None:
        self.value, self.used = value, used


class Cache(Generic[Kept]):
    """A cache bounded in bytes, out of which the least recently used go; safe between threads.

    A hit only notes its time, since queries make keys that cost to hash.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity, self._size = capacity, 0
        self._kept: dict[Hashable, _Entry[Kept]] = {}
        self._time = count()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Kept | None:
        entry = self._kept.get(key)
        if entry is None:
            return None
        entry.used = next(self._time)
        return entry.value

    def put(self, key: Hashable, value: Kept) -> None:
        if value.nbytes > self._capacity // 2:
            return
        with self._lock:
            old = self._kept.get(key)
            self._kept[key] = _Entry(value, next(self._time))
            self._size += value.nbytes - (old.value.nbytes if old is not None else 0)
            if self._size > self._capacity:
                self._shrink()

    def _shrink(self) -> None:
        # A little more than needed, so that this is rare.
        by_age = sorted(self._kept.items(), key=lambda item: item[1].used)
        for key, entry in by_age:
            if 8 * self._size <= 7 * self._capacity:
                break
            del self._kept[key]
            self._size -= entry.value.nbytes


class _Clock(threading.local):
    """The time limit of the request that a thread is busy with."""

    deadline: float | None = None
    late = False

    def over(self) -> bool:
        over = self.deadline is not None and time.monotonic() > self.deadline
        self.late |= over
        return over


_MATCHES_KEPT = 48 << 20
"""Bytes of matches that are kept."""
_TELLING = 1_000
"""From so many documents on, how rare a word is says how much it tells."""


class Evaluator:
    """Evaluates trees under one table of weights."""

    def __init__(self, index: TextIndex, ranking: Ranking) -> None:
        self._index, self.ranking = index, ranking
        self._cache: Cache[Matches] = Cache(_MATCHES_KEPT)
        self._factors: dict[str, NDArray[np.float32]] = {}
        self._cut: set[tree.Leaf] = set()
        self._clock = _Clock()

    def __call__(
        self, node: tree.Node | None, deadline: float | None = None
    ) -> tuple[Matches, bool]:
        """The documents that a tree matches with their scores (a positive constant where
        nothing scores), and whether an expansion was cut, or words were left out because
        the deadline (on the clock of `time.monotonic`) had passed."""
        if node is None:
            node = tree.MatchAll()
        self._clock.deadline, self._clock.late = deadline, False
        try:
            found = self._matches(node)
        finally:
            self._clock.deadline = None
        cut = bool(self._cut) and any(leaf in self._cut for leaf in tree.leaves(node))
        return found, cut or self._clock.late

    def _matches(self, node: tree.Node) -> Matches:
        found = self._evaluate(node)
        return found if isinstance(found, Matches) else self._constant(found)

    def _evaluate(self, node: tree.Node) -> Matches | Mask:
        if isinstance(node, (tree.Word, tree.Run, tree.Prefix, tree.Wildcard, tree.Fuzzy)):
            return self.leaf(node)
        if isinstance(node, tree.All):
            return self._all(node.children)
        if isinstance(node, tree.Most):
            parts = [self._matches(child) for child in node.children]
            scoring = [self._matches(child) for child in node.scoring] if node.scoring else None
            if not parts:
                return nothing(self._index.size)
            weights: list[float] = []
            if 1 < node.minimum < len(parts) and self._index.documents >= _TELLING:
                weights = [self.idf(len(part)) for part in parts]
            return most(parts, node.minimum, scoring, weights)
        if isinstance(node, tree.Any):
            return self._any(node)
        if isinstance(node, tree.Not):
            live = self._index.live
            mask = np.ones(self._index.size, dtype=bool) if live is None else live.copy()
            child = self._evaluate(node.child)
            mask[child.docs if isinstance(child, Matches) else child] = False
            return mask
        return self._condition(node)

    def _condition(self, node: tree.Node) -> Mask:
        index = self._index
        live = np.ones(index.size, dtype=bool) if index.live is None else index.live
        if isinstance(node, tree.MatchAll):
            return live
        if isinstance(node, tree.FieldFilter):
            column, choice = index.column(node.facet), Choice(values=tuple(node.values))
        elif isinstance(node, tree.Range):
            column, choice = index.column(node.facet), Choice(ranges=((node.lo, node.hi),))
        else:
            raise TypeError(f"no query node: {node!r}")
        if column is None or not choice:
            return np.zeros(index.size, dtype=bool)
        mask = column.mask(choice)
        return mask if index.live is None else mask & live

    def _sides(self, children: Sequence[tree.Node]) -> tuple[list[Matches], list[Mask]]:
        scored: list[Matches] = []
        masks: list[Mask] = []
        for child in children:
            found = self._evaluate(child)
            if isinstance(found, Matches):
                scored.append(found)
            else:
                masks.append(found)
        return scored, masks

    def _all(self, children: Sequence[tree.Node]) -> Matches | Mask:
        scored, masks = self._sides(children)
        mask = None
        for other in masks:
            mask = other if mask is None else mask & other
        if not scored:
            return np.ones(self._index.size, dtype=bool) if mask is None else mask
        found = intersection(scored) if len(scored) > 1 else scored[0]
        return found if mask is None else found.where(mask[found.docs])

    def _any(self, node: tree.Any) -> Matches | Mask:
        key: Hashable = node
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        scored, masks = self._sides(node.children)
        if not masks:
            found = union(scored, node.combine) if scored else nothing(self._index.size)
            if not self._clock.late:
                self._cache.put(key, found)
            return found
        if not scored:
            either: Mask = np.logical_or.reduce(masks)
            return either
        return union([*scored, *map(self._constant, masks)], node.combine)

    def _constant(self, mask: Mask) -> Matches:
        docs = np.flatnonzero(mask)
        return Matches(docs, np.full(len(docs), LEAST, dtype=np.float32), self._index.size)

    # -- leaves ---------------------------------------------------------------------------

    def leaf(self, leaf: tree.Leaf) -> Matches:
        kept = self._cache.get(leaf)
        if kept is None:
            if self._clock.over():
                return nothing(self._index.size)
            found, cut = self._index.find(leaf)
            if cut:
                self._cut.add(leaf)
            docs, frequency = self._weighted(found)
            kept = Matches(docs, self._bm25f(frequency, leaf.weight), self._index.size)
            self._cache.put(leaf, kept)
        return kept

    def parts(
        self, node: tree.Node | None, doc: int
    ) -> Iterator[tuple[tree.Leaf, float, dict[str, float | int | str]]]:
        """The leaves that give a document its score, each with its share and what it is made of."""
        if isinstance(node, tree.Any) and node.combine == "max":
            best = max(
                (list(self.parts(child, doc)) for child in node.children),
                key=lambda found: sum(score for _, score, _ in found),
                default=[],
            )
            yield from best
        elif isinstance(node, tree.Most):
            for child in node.scoring or node.children:
                yield from self.parts(child, doc)
        elif isinstance(node, (tree.All, tree.Any)):
            for child in node.children:
                yield from self.parts(child, doc)
        elif isinstance(node, (tree.Word, tree.Run, tree.Prefix, tree.Wildcard, tree.Fuzzy)):
            matches = self.leaf(node)
            score = float(matches.at(np.array([doc]))[0])
            if score:
                detail: dict[str, float | int | str] = {
                    "weight": node.weight,
                    "idf": round(self.idf(len(matches)), 4),
                }
                for field, docs, frequencies in self._index.find(node)[0]:
                    at = int(docs.searchsorted(doc))
                    if at < len(docs) and docs[at] == doc:
                        detail[field] = int(detail.get(field, 0)) + int(frequencies[at])
                yield node, score, detail

    def factor(self, field: str) -> NDArray[np.float32]:
        """w / (1 - b + b · length / average) of one field for every document."""
        factor = self._factors.get(field)
        if factor is None:
            weight = self.ranking.fields[field]
            average = max(self._index.average(field), 1e-9)
            scale = (1 - weight.b) + weight.b / average * self._index.lengths(field)
            factor = np.float32(weight.weight) / np.maximum(scale, 1e-6, dtype=np.float32)
            self._factors[field] = factor
        return factor

    def _weighted(self, found: Sequence[Found]) -> tuple[Docs, Scores]:
        """Documents and their field-weighted frequencies tf~."""
        parts = [
            (docs, frequencies * self.factor(field)[docs]) for field, docs, frequencies in found
        ]
        if not parts:
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        if len(parts) == 1:
            return parts[0]
        total = sum(len(docs) for docs, _ in parts)
        if 16 * total < self._index.size or len(parts) > 64:
            docs = np.concatenate([docs for docs, _ in parts])
            values = np.concatenate([values for _, values in parts])
            order = docs.argsort(kind="stable")
            docs, values = docs[order], values[order]
            starts = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
            return docs[starts], np.add.reduceat(values, starts)
        row = np.zeros(self._index.size, dtype=np.float32)
        for docs, values in parts:
            row[docs] += values
        docs = not_zero(row)
        return docs, row.take(docs)

    def idf(self, matching: int) -> float:
        return float(np.log1p((self._index.documents - matching + 0.5) / (matching + 0.5)))

    def _bm25f(self, frequency: Scores, weight: float) -> Scores:
        k1 = self.ranking.k1
        top = np.float32(max(weight, 1e-6) * self.idf(len(frequency)) * (k1 + 1))
        scores: Scores = top * frequency / (frequency + np.float32(k1))
        return scores
