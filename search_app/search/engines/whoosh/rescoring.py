"""Looks at the best candidates again, as `search_app.search.ranking` writes it down: words close
together and in order, in the title, in the lead; and likeness to what the best ones are about.

Every word of the query is one sorted array of keys over all fields, so that all pairs of
neighbours in all candidates are found by one sort and one difference.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.narrow import ramps
from indexer.schema import TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.feedback import Feedback
from search_app.search.engines.whoosh.index import FIELD_BITS, ArrayIndex
from search_app.search.engines.whoosh.marking import groups
from search_app.search.engines.whoosh.matches import Docs, Mask
from search_app.search.engines.whoosh.spots import LOW, SHIFT, Keys
from search_app.search.ranking import Ranking

Values: TypeAlias = NDArray[np.float64]
Group: TypeAlias = tuple[tree.Leaf, ...]

_GROUP_BITS = 5
_MOST_GROUPS = 1 << _GROUP_BITS
_TEXT = next(n for n, field in enumerate(TEXT_FIELDS) if field.name == "text")
_WINDOW = 16
"""Pairs further apart than this many tokens add nothing worth the work."""


class Features(NamedTuple):
    """Of each candidate: what the formula of `ranking` calls n, t and l."""

    near: Values
    title: Values
    lead: Values


def words_in_order(node: tree.Node | None) -> list[Group]:
    """The first words of a query in their order: as typed where the tree says so, else its
    groups. As many as a key has room for."""
    return _in_order(node)[:_MOST_GROUPS]


def _in_order(node: tree.Node | None) -> list[Group]:
    if isinstance(node, tree.Most) and node.sequence:
        return [(leaf,) for leaf in node.sequence]
    if isinstance(node, tree.All):
        return [group for child in node.children for group in _in_order(child)]
    return groups(node)


class Rescorer:
    """Gives the best `depth` candidates of a search their final scores."""

    def __init__(self, index: ArrayIndex, ranking: Ranking) -> None:
        self._index, self.ranking = index, ranking
        self.feedback = Feedback(index, ranking)
        self.depth = ranking.rescored
        self._closeness = _closeness(ranking.unordered)

    def __call__(
        self, node: tree.Node | None, docs: Docs, base: NDArray[np.float32], full: Mask | None
    ) -> Values:
        """Final scores of candidates (in document order). `full` says which of them have all
        words that are wanted side by side; None where there is no such choice."""
        ranking = self.ranking
        scores: Values = base.astype(np.float64)
        wanted = words_in_order(node)
        if not wanted or not len(docs):
            return scores
        if ranking.near or ranking.title_cover or ranking.lead_cover:
            scores *= self.factor(self.features(wanted, docs))
        best = float(scores.max())
        lifted = scores
        if ranking.feedback:
            lifted = scores + best * ranking.feedback * self.feedback.likeness(docs, scores)
        if ranking.all_words and full is not None:
            lifted = lifted + best * ranking.all_words * full
        return lifted

    def factor(self, features: Features) -> Values:
        """What nearness, title and lead multiply a score by."""
        ranking = self.ranking
        factor = 1.0 + ranking.title_cover * features.title**2
        factor += ranking.lead_cover * features.lead
        if features.near is not _NONE:
            factor += ranking.near * features.near / (features.near + 1)
        return factor

    # -- places ---------------------------------------------------------------------------

    def features(self, wanted: list[Group], docs: Docs) -> Features:
        """Features of documents, which ascend."""
        size, words = len(docs), len(wanted)
        keys, cells = self._occurrences(wanted, docs)
        place = keys & LOW
        first = _TEXT << FIELD_BITS
        title = place < first
        lead = (place >= first) & (place < first + self.ranking.lead_tokens)
        shares = []
        for inside in (title, lead):
            has = np.zeros(words * size, dtype=bool)
            has[cells[inside]] = True
            shares.append(has.reshape(words, size).sum(axis=0) / words)
        near = _NONE
        if words > 1 and self.ranking.near:
            near = self._near((keys << _GROUP_BITS) + cells // size, docs)
        return Features(near, *shares)

    def _occurrences(self, wanted: list[Group], docs: Docs) -> tuple[Keys, Keys]:
        """Where the words stand in documents: keys (word by word, ascending), and for each the
        cell of its word and document in a table with a row per word, a column per document."""
        size = len(docs)
        low = docs.astype(np.int64) << SHIFT
        edges = np.concatenate((low, low + (1 << SHIFT)))
        keys, counts = [], []
        for leaves in wanted:
            found = self._index.group(leaves, docs).keys
            bounds = found.searchsorted(edges)
            first = bounds[:size]
            own = bounds[size:] - first
            keys.append(found.take(ramps(first, own)))
            counts.append(own)
        cells = np.arange(len(wanted) * size).repeat(np.concatenate(counts))
        return np.concatenate(keys), cells

    def _near(self, marked: Keys, docs: Docs) -> Values:
        """n of the formula: a sum over neighbouring occurrences of different words. `marked`
        are keys with the number of the word behind."""
        marked.sort()
        group = marked & (_MOST_GROUPS - 1)
        keys = marked >> _GROUP_BITS
        gap = keys[1:] - keys[:-1]
        first, second = group[:-1], group[1:]
        pair = ((gap < _WINDOW) & (first != second)).nonzero()[0]
        turned = first.take(pair) > second.take(pair)
        value = self._closeness.take(gap.take(pair) + turned * _WINDOW)
        row = docs.searchsorted(keys.take(pair) >> SHIFT)
        return np.bincount(row, weights=value, minlength=len(docs)).astype(np.float64, copy=False)


def _closeness(unordered: float) -> Values:
    """What a pair adds by its distance in tokens; behind that, of pairs in another order."""
    # Two words inside one token are as close as neighbours.
    value = 1.0 / np.maximum(np.arange(_WINDOW), 1).astype(np.float64) ** 2
    return np.concatenate((value, value * unordered))


_NONE: Values = np.zeros(0)
