"""Sets of matching documents with scores, and how they combine.

Text nodes give `Matches`: sorted document numbers with positive scores. Conditions give
masks: one bool per document. Common words also keep a dense row of scores, so that adding and
looking up are single array operations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Docs = NDArray[np.intp]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]

_DENSE = 48
"""A row is kept dense when at least one document in this many matches."""


class Matches:
    """Documents (sorted, each once) and their scores (above zero)."""

    __slots__ = ("_dense", "_top", "docs", "scores", "size", "step")

    def __init__(
        self,
        docs: Docs,
        scores: Scores,
        size: int,
        dense: Scores | None = None,
        step: float = 0.0,
    ) -> None:
        self.docs = docs
        self.scores = scores
        self.size = size
        """Number of documents of the index, the length of a dense row."""
        self.step = step
        """What each matching word added for coordination: more than all other scores together."""
        self._dense = dense
        self._top: float | None = None

    def __len__(self) -> int:
        return len(self.docs)

    @property
    def nbytes(self) -> int:
        dense = self.size if len(self.docs) * _DENSE >= self.size else 0
        return 12 * len(self.docs) + 4 * dense + 200

    @property
    def top(self) -> float:
        """The highest score."""
        if self._top is None:
            self._top = float(self.scores.max()) if len(self.scores) else 0.0
        return self._top

    @property
    def dense(self) -> Scores | None:
        """Scores of all documents (0: no match), or None where that would be a waste."""
        if self._dense is None and len(self.docs) * _DENSE >= self.size:
            row = np.zeros(self.size, dtype=np.float32)
            row[self.docs] = self.scores
            self._dense = row
        return self._dense

    def at(self, docs: Docs) -> Scores:
        """Scores of the given documents, 0 where they do not match."""
        dense = self.dense
        if dense is not None:
            return dense[docs]
        if not len(self.docs) or not len(docs):
            return np.zeros(len(docs), dtype=np.float32)
        places = self.docs.searchsorted(docs)
        places[places == len(self.docs)] = 0
        return np.where(self.docs[places] == docs, self.scores[places], np.float32(0))

    def where(self, keep: Mask) -> Matches:
        """Those for which `keep` (one bool per match) is set."""
        return Matches(self.docs[keep], self.scores[keep], self.size, step=self.step)


def nothing(size: int) -> Matches:
    return Matches(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32), size)


def _of_row(row: Scores) -> Matches:
    docs = np.flatnonzero(row)
    return Matches(docs, row[docs], len(row), row)


def intersection(parts: Sequence[Matches]) -> Matches:
    """Documents in all parts, scores added."""
    first, *others = sorted(parts, key=len)
    docs, scores = first.docs, first.scores
    for other in others:
        if not len(docs):
            break
        more = other.at(docs)
        keep = more > 0
        docs, scores = docs[keep], scores[keep] + more[keep]
    return Matches(docs, scores, first.size, step=max(part.step for part in parts))


def union(parts: Sequence[Matches], combine: str = "sum") -> Matches:
    """Documents in any part; scores added, or the best one where `combine` is "max"."""
    size = parts[0].size
    parts = [part for part in parts if len(part)]
    if not parts:
        return nothing(size)
    if len(parts) == 1:
        return parts[0]
    if sum(map(len, parts)) * _DENSE < size:
        return _sparse_union(parts, combine)
    row = np.zeros(size, dtype=np.float32)
    for part in parts:
        dense = part.dense
        if combine == "max":
            if dense is not None:
                np.maximum(row, dense, out=row)
            else:
                row[part.docs] = np.maximum(row[part.docs], part.scores)
        elif dense is not None:
            row += dense
        else:
            row[part.docs] += part.scores
    return _of_row(row)


def _sparse_union(parts: Sequence[Matches], combine: str) -> Matches:
    docs = np.concatenate([part.docs for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    order = docs.argsort(kind="stable")
    docs, scores = docs[order], scores[order]
    starts = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
    join = np.maximum if combine == "max" else np.add
    return Matches(docs[starts], join.reduceat(scores, starts), parts[0].size)


def most(parts: Sequence[Matches], minimum: int, scoring: Sequence[Matches] = ()) -> Matches:
    """Documents in at least `minimum` parts. Scores are those of `scoring` where it is given,
    else of the parts, added."""
    size = parts[0].size
    minimum = max(1, min(minimum, len(parts)))
    if minimum == 1:
        found = union(parts)
    elif minimum == len(parts):
        found = intersection(parts)
    else:
        count = np.zeros(size, dtype=np.uint8)
        for part in parts:
            count[part.docs] += 1
        docs = np.flatnonzero(count >= minimum)
        found = Matches(docs, sum_at(docs, parts), size)
    if not scoring or (len(parts) == len(scoring) == 1 and parts[0] is scoring[0]):
        return found
    return Matches(found.docs, sum_at(found.docs, scoring), size)


def sum_at(docs: Docs, parts: Sequence[Matches]) -> Scores:
    """The scores of the given documents in all parts, added; never 0."""
    scores = np.full(len(docs), 1e-6, dtype=np.float32)
    for part in parts:
        scores += part.at(docs)
    return scores
