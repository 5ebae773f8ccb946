"""Looks at the best candidates again: words close together, in order, in the title, in the lead.

Every word of the query (with its synonyms) becomes one sorted array of keys over title and
text, so that all pairs of neighbours in all candidates are found by one sort and one difference.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.narrow import ramps
from indexer.schema import TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.base import TermScore
from search_app.search.engines.whoosh.evaluate import Evaluator, find_most
from search_app.search.engines.whoosh.feedback import Feedback
from search_app.search.engines.whoosh.index import FIELD_BITS, ArrayIndex
from search_app.search.engines.whoosh.matches import Docs, Matches, Scores
from search_app.search.engines.whoosh.marking import groups
from search_app.search.engines.whoosh.spots import LOW, SHIFT
from search_app.search.ranking import Ranking

_GROUP_BITS = 5
_MOST_GROUPS = 1 << _GROUP_BITS
_TEXT = next(n for n, field in enumerate(TEXT_FIELDS) if field.name == "text")
_WINDOW = 16
"""Pairs further apart than this many tokens add nothing worth the work."""


class Features(NamedTuple):
    """Of each candidate: what the formula of `ranking` calls n, t and l."""

    near: NDArray[np.float64]
    title: NDArray[np.float64]
    lead: NDArray[np.float64]


def words(node: tree.Node | None) -> list[tuple[tree.Leaf, ...]]:
    """The words of a query in their order: as typed where the tree says so, else its groups."""
    side_by_side = find_most(node)
    if side_by_side is None or not side_by_side.sequence:
        return groups(node)
    typed: list[tuple[tree.Leaf, ...]] = [(leaf,) for leaf in side_by_side.sequence]
    if isinstance(node, tree.All):
        others = tuple(child for child in node.children if child is not side_by_side)
        typed += groups(tree.All(others))
    return typed


class Rescorer:
    """Reorders the best `depth` candidates of a search."""

    def __init__(self, index: ArrayIndex, evaluator: Evaluator, ranking: Ranking) -> None:
        self._index, self._evaluator, self._ranking = index, evaluator, ranking
        self._feedback = Feedback(index, ranking)
        self.depth = ranking.rescored
        self._prior = index.number("prior").astype(np.float64) if ranking.prior else None

    def __call__(
        self, node: tree.Node | None, docs: Docs, scores: Scores, step: float
    ) -> tuple[Docs, Scores]:
        """The candidates (best first) in their new order with new scores.

        `step` is what each matching word adds for coordination (0: nothing); no document
        overtakes one with more of the words.
        """
        wanted = words(node)[:_MOST_GROUPS]
        if not wanted or not len(docs) or not self.depth:
            return docs, scores
        head = docs[: self.depth]
        factor = self._factor(wanted, head)
        values = scores[: self.depth].astype(np.float64)
        if step:
            floor = np.floor(values / step) * step
            values = floor + np.minimum((values - floor) * factor, step * 0.999)
        else:
            values *= factor
        order = np.argsort(-values, kind="stable")
        head, values = head[order], values[order]
        values += values[0] * self._lift(node, head, values)
        order = np.argsort(-values, kind="stable")
        if len(docs) > len(head):
            return (
                np.concatenate((head[order], docs[self.depth :])),
                np.concatenate((values[order].astype(np.float32), scores[self.depth :])),
            )
        return head[order], values[order].astype(np.float32)

    def _lift(
        self, node: tree.Node | None, docs: Docs, values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What documents gain that are about the matter, and that have all the words, in
        parts of the best score; documents are given best first."""
        ranking = self._ranking
        lift = ranking.feedback * self._feedback.likeness(docs, values)
        if ranking.all_words:
            lift += ranking.all_words * self._evaluator.complete(node, docs)
        return lift

    def _factor(self, wanted: list[tuple[tree.Leaf, ...]], docs: Docs) -> NDArray[np.float64]:
        ranking = self._ranking
        factor = np.ones(len(docs))
        if ranking.near or ranking.title_cover or ranking.lead_cover:
            features = self.features(wanted, docs)
            factor += ranking.near * features.near / (features.near + 1)
            factor += ranking.title_cover * features.title**2
            factor += ranking.lead_cover * features.lead
        if self._prior is not None:
            factor += ranking.prior * self._prior[docs]
        return factor

    def features(self, wanted: list[tuple[tree.Leaf, ...]], docs: Docs) -> Features:
        """Features of documents in any order."""
        order = docs.argsort()
        ascending = docs[order].astype(np.int64)
        low = ascending << SHIFT
        high = low + (np.int64(1) << SHIFT)
        parts = []
        for number, leaves in enumerate(wanted):
            keys = self._index.group(leaves).keys
            if not len(keys):
                continue
            first = keys.searchsorted(low)
            found = keys[ramps(first, keys.searchsorted(high) - first)]
            parts.append((found << _GROUP_BITS) | number)
        size, count = len(docs), len(wanted)
        if not parts:
            return Features(np.zeros(size), np.zeros(size), np.zeros(size))
        keys = np.concatenate(parts)
        keys.sort()
        group = keys & (_MOST_GROUPS - 1)
        keys >>= _GROUP_BITS
        row = ascending.searchsorted(keys >> SHIFT)
        back = np.empty(size, dtype=np.intp)
        back[order] = np.arange(size)

        near = np.zeros(size)
        if len(parts) > 1:
            gap = keys[1:] - keys[:-1]
            pair = np.flatnonzero((gap < _WINDOW) & (group[1:] != group[:-1]))
            # Two words inside one token are as close as neighbours.
            value = 1.0 / np.maximum(gap[pair], 1).astype(np.float64) ** 2
            value[group[pair] > group[pair + 1]] *= self._ranking.unordered
            near = np.bincount(row[pair], weights=value, minlength=size)
        cell = row * count + group
        place = keys & LOW
        # Fields lie one behind the other: the title's positions, then those of the text.
        in_title = place < _TEXT << FIELD_BITS
        place -= _TEXT << FIELD_BITS
        in_lead = (place >= 0) & (place < self._ranking.lead_tokens)
        title = _covered(cell[in_title], size, count)
        lead = _covered(cell[in_lead], size, count)
        return Features(near[back], title[back], lead[back])

    def explain(self, node: tree.Node | None, doc: int, found: Matches) -> list[TermScore]:
        """What each word and each rule adds to the score of one document."""
        docs = np.array([doc], dtype=np.intp)
        parts: list[TermScore] = []
        base = 0.0
        for leaf, score, detail in self._evaluator.parts(node, doc):
            if score:
                base += score
                parts.append(TermScore(leaf.text, score, detail))
        total = float(found.at(docs)[0])
        if found.step and total:
            matched = int(total // found.step)
            parts.append(TermScore("coordination", matched * found.step, {"words": matched}))
        wanted = words(node)[:_MOST_GROUPS]
        if wanted and base:
            near, title, lead = (float(column[0]) for column in self.features(wanted, docs))
            ranking = self._ranking
            for label, share, value in (
                ("near", ranking.near * near / (near + 1), near),
                ("title_cover", ranking.title_cover * title**2, title),
                ("lead_cover", ranking.lead_cover * lead, lead),
            ):
                if share:
                    parts.append(TermScore(label, base * share, {"value": round(value, 4)}))
            if self._prior is not None:
                value = float(self._prior[doc])
                parts.append(TermScore("prior", base * ranking.prior * value, {"value": value}))
        return parts


def _covered(cells: NDArray[np.int64], size: int, count: int) -> NDArray[np.float64]:
    """The share of the words that have a cell, per document."""
    seen = np.zeros(size * count)
    seen[cells] = 1.0
    return seen.reshape(size, count).sum(axis=1) / count
