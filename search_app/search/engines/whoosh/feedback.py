"""Lifts documents that are about the matter: those like the best hits (Rocchio's feedback).

Every document has a short vector of its most telling words (`indexer.analysis.keywords`).
The heaviest words of the best hits say what the matter is; candidates with many of them are
about it, those that only mention the words of the query are not.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.keywords import HASHES
from search_app.search.engines.whoosh.index import ArrayIndex
from search_app.search.engines.whoosh.matches import Docs
from search_app.search.engines.whoosh.top import best
from search_app.search.ranking import Ranking

_CHUNK = 1 << 14
_FIRST = np.ones(1, dtype=bool)
Values = NDArray[np.float64]


class Feedback:
    """Likeness to the best hits, for the candidates of one search at a time."""

    def __init__(self, index: ArrayIndex, ranking: Ranking) -> None:
        self._index, self._ranking = index, ranking
        self._local = threading.local()

    def likeness(self, docs: Docs, scores: Values) -> Values:
        """0 to 1 for each candidate; documents ascend."""
        if not self._ranking.feedback or len(docs) < 2:
            return np.zeros(len(docs))
        best = (-scores).argsort(kind="stable")[: self._ranking.feedback_documents]
        highest = scores[best]
        if highest[0] <= 0:
            return np.zeros(len(docs))
        hashes, kept = self._index.keywords(docs)
        weights = kept.astype(np.float32)
        words = hashes[best].ravel().astype(np.intp)
        share = (highest / highest[0]).astype(np.float32)
        table = self._table()
        np.add.at(table, words, (weights[best] * share[:, None]).ravel())
        # Of all words of the best, only the heaviest say what the matter is.
        words.sort()
        words = words[np.concatenate((_FIRST, words[1:] != words[:-1]))]
        if len(words) > self._ranking.feedback_words:
            light = table.take(words).argpartition(-self._ranking.feedback_words)
            table[words[light[: -self._ranking.feedback_words]]] = 0
        likeness: Values = np.einsum("ij,ij->i", table.take(hashes), weights).astype(np.float64)
        table[words] = 0
        top = float(likeness.max())
        return likeness / top if top else likeness

    def _table(self) -> NDArray[np.float32]:
        """A weight for every hash, all 0: one for each thread, to be left as it was found."""
        table: NDArray[np.float32] | None = getattr(self._local, "table", None)
        if table is None:
            table = self._local.table = np.zeros(HASHES, np.float32)
        return table

    def nearest(self, doc: int, count: int) -> list[tuple[int, float]]:
        """Other documents by the likeness of their vectors (cosine over the kept words)."""
        own_hashes, own_weights = self._index.keywords(np.array([doc]))
        table = np.zeros(HASHES, np.float32)
        table[own_hashes[0]] = own_weights[0]
        found: list[NDArray[np.float32]] = []
        for segment, _ in self._index.segments():
            for start in range(0, segment.documents, _CHUNK):
                hashes, weights = (part[start : start + _CHUNK] for part in segment.keywords)
                values = weights.astype(np.float32)
                length = np.sqrt(np.einsum("ij,ij->i", values, values))
                likeness = np.einsum("ij,ij->i", table[hashes], values)
                found.append(likeness / np.maximum(length, 1))
        likeness = np.concatenate(found)
        likeness /= max(float(np.sqrt((table * table).sum())), 1.0)
        likeness[doc] = 0
        if self._index.live is not None:
            likeness[~self._index.live] = 0
        places = best(likeness, count)
        return [(int(place), float(likeness[place])) for place in places if likeness[place] > 0]
