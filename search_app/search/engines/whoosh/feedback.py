"""Lifts documents that are about the matter: those like the best hits (Rocchio's feedback).

Every document has a short vector of its most telling words (`indexer.analysis.keywords`).
The heaviest words of the best hits say what the matter is; candidates with many of them are
about it, those that only mention the words of the query are not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.keywords import HASHES, Hashes, Weights
from search_app.search.engines.whoosh.index import ArrayIndex
from search_app.search.engines.whoosh.matches import Docs
from search_app.search.engines.whoosh.top import best
from search_app.search.ranking import Ranking

_CHUNK = 1 << 14
Values = NDArray[np.float64]


class Feedback:
    """Likeness to the best hits, for the candidates of one search at a time."""

    def __init__(self, index: ArrayIndex, ranking: Ranking) -> None:
        self._index, self._ranking = index, ranking

    def vectors(self, docs: Docs) -> tuple[Hashes, Weights]:
        """The keyword vectors of documents, each of shape (docs, KEYWORDS)."""
        segments = list(self._index.segments())
        if len(segments) == 1:
            hashes, weights = segments[0][0].keywords
            return hashes[docs], weights[docs]
        width = segments[0][0].keywords[0].shape[1]
        all_hashes = np.zeros((len(docs), width), np.uint16)
        all_weights = np.zeros((len(docs), width), np.uint8)
        for segment, base in segments:
            here = np.flatnonzero((docs >= base) & (docs < base + segment.documents))
            if len(here):
                hashes, weights = segment.keywords
                all_hashes[here] = hashes[docs[here] - base]
                all_weights[here] = weights[docs[here] - base]
        return all_hashes, all_weights

    def likeness(self, docs: Docs, scores: Values) -> Values:
        """0 to 1 for each candidate; they are given best first."""
        if not self._ranking.feedback or len(docs) < 2 or scores[0] <= 0:
            return np.zeros(len(docs))
        hashes, weights = self.vectors(docs)
        return self.compare(hashes, weights, self.subject(hashes, weights, scores))

    def subject(
        self, hashes: Hashes, weights: Weights, scores: Values
    ) -> tuple[Hashes, NDArray[np.float32]]:
        """The words of the matter with their weights, from the vectors of the best hits."""
        best, words = self._ranking.feedback_documents, self._ranking.feedback_words
        share = (scores[:best] / scores[0]).astype(np.float32)
        total = (weights[:best] * share[:, None]).ravel()
        found, place = np.unique(hashes[:best].ravel(), return_inverse=True)
        weight = np.bincount(place, total).astype(np.float32)
        if len(found) > words:
            heaviest = np.argpartition(weight, len(found) - words)[-words:]
            found, weight = found[heaviest], weight[heaviest]
        return found, weight

    @staticmethod
    def compare(
        hashes: Hashes, weights: Weights, subject: tuple[Hashes, NDArray[np.float32]]
    ) -> Values:
        """How much of the subject each vector holds; the most of all is 1."""
        table = np.zeros(HASHES, np.float32)
        table[subject[0]] = subject[1]
        likeness = np.einsum("ij,ij->i", table[hashes], weights.astype(np.float32))
        top = float(likeness.max(initial=0.0))
        return likeness.astype(np.float64) / top if top else likeness.astype(np.float64)

    def nearest(self, doc: int, count: int) -> list[tuple[int, float]]:
        """Other documents by the likeness of their vectors (cosine over the kept words)."""
        own_hashes, own_weights = self.vectors(np.array([doc]))
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
        return [
            (int(place), float(likeness[place])) for place in places if likeness[place] > 0
        ]
