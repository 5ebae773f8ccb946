"""Sets of matching documents with scores, and how they combine.

Text nodes give `Matches`: sorted document numbers with positive scores. Conditions give
masks: one bool per document. Common words also keep a dense row of scores, so that adding and
looking up are single array operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Docs = NDArray[np.intp]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]

_DENSE = 48
"""A row is kept dense when at least one document in this many matches."""


LEAST = np.float32(1e-6)
"""The score of a document that matches by conditions alone: it only says "matches"."""


class Matches:
    """Documents (sorted, each once) and their scores (above zero)."""

    __slots__ = ("_dense", "docs", "full", "scores", "size")

    def __init__(
        self,
        docs: Docs,
        scores: Scores,
        size: int,
        dense: Scores | None = None,
        full: Mask | None = None,
    ) -> None:
        self.docs = docs
        self.scores = scores
        self.size = size
        """Number of documents of the index, the length of a dense row."""
        self.full = full
        """Of each document whether it has all words of a `Most`; None where there is none."""
        self._dense = dense

    def __len__(self) -> int:
        return len(self.docs)

    @property
    def nbytes(self) -> int:
        dense = self.size if len(self.docs) * _DENSE >= self.size else 0
        return 12 * len(self.docs) + 4 * dense + 200

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
        full = None if self.full is None else self.full[keep]
        return Matches(self.docs[keep], self.scores[keep], self.size, full=full)


def nothing(size: int) -> Matches:
    return Matches(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32), size)


def not_zero(row: NDArray[Any]) -> Docs:
    """Where a row of numbers is not 0."""
    # Numpy finds truth values several times faster than numbers.
    docs: Docs = (row != 0).nonzero()[0]
    return docs


def _of_row(row: Scores) -> Matches:
    docs = not_zero(row)
    return Matches(docs, row.take(docs), len(row), row)


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
    full = None
    for part in parts:
        if part.full is not None:
            full = part.full[part.docs.searchsorted(docs)]
    return Matches(docs, scores, first.size, full=full)


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


def most(
    parts: Sequence[Matches],
    minimum: int,
    scoring: Sequence[Matches] | None = None,
    weights: Sequence[float] = (),
) -> Matches:
    """Documents in at least `minimum` parts, with the sum of their scores in `scoring` (None:
    in the parts themselves), and which of them are in all parts.

    Where there are `weights`, one per part, the parts that a document is in must also hold
    half of all weight.
    """
    size = parts[0].size
    minimum = max(1, min(minimum, len(parts)))
    if minimum == len(parts):
        found = intersection(parts)
        docs = found.docs
        full = np.ones(len(docs), dtype=bool) if len(parts) > 1 else None
        if scoring is None:
            return Matches(docs, found.scores, size, full=full)
    else:
        count = np.zeros(size, dtype=np.uint8)
        for part in parts:
            count[part.docs] += 1
        docs = np.flatnonzero(count >= minimum)
        if weights:
            weight = np.zeros(len(docs))
            for part, own in zip(parts, weights, strict=True):
                weight[part.at(docs) > 0] += own
            docs = docs[weight >= sum(weights) / 2]
        full = count[docs] == len(parts)
    scores = np.full(len(docs), LEAST, dtype=np.float32)
    for part in parts if scoring is None else scoring:
        scores += part.at(docs)
    return Matches(docs, scores, size, full=full)
