"""Which words stand in which contexts: counts, and how well each word fits a set of gaps.

For every word of the vocabulary the model counts the one to three characters before and
after its occurrences. How well a word w fits a gap with the left context l and the right
context r is log P(l|w)/P(l) + log P(r|w)/P(r), where the longer context is interpolated
with the shorter (Jelinek & Mercer 1980; the weight grows with what was seen, as in
Witten & Bell 1991). A gap that any word could
fill gives about 0 for all words, a slot that only one word fills gives that word 5 to 10.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from indexer.repair.keys import ORDERS, Context, Ints, Keys

STRENGTH_OF_WORD = 20.0
"""Occurrences that a word is short of being known: keeps rare words from fitting by chance."""
STRENGTH = 2.0
"""The same for a word in a context, when the context is made longer."""
MOST = 0.8
"""Most weight of the longer context: any word may stand in a place that is new to it."""
MISSED = 1.0
"""Expected occurrences at which half of that weight tells against a word never seen there."""
UNSEEN = 1e-6
"""P(context) of a context that was never seen."""
RARE = 0.004
"""Least share of a single sign as a context: a small model must not take a sign for rare
that it has seen little of."""
REPEATED = 0.7
"""Weight of the logarithm of how often a context repeats on one page."""
_CACHED = 20_000
_CACHED_SIGNS = 2_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ContextModel:
    """`words` [v] with their `totals` [v], of `total` occurrences of all words; `keys` [k] sorted, `firsts` [k+1] where each
    key's entries begin in `ids` [e] and `counts` [e]; `weights` [k] all occurrences of a key."""

    words: tuple[str, ...]
    totals: Floats
    keys: Keys
    firsts: Ints
    ids: NDArray[np.int32]
    counts: NDArray[np.float32]
    weights: Floats
    total: float

    @functools.cached_property
    def _firsts(self) -> dict[int, NDArray[np.float32]]:
        return {}

    @functools.cached_property
    def _longer(self) -> dict[Context, tuple[Ints, Floats]]:
        return {}

    def share(self, context: Context, order: int) -> float:
        """P(context) of so many characters, by all occurrences of all words."""
        place = self._place(context[min(order, ORDERS) - 1])
        return UNSEEN if place < 0 else float(self.weights[place] / self.total)

    def scores(self, contexts: Mapping[Context, int]) -> Floats:
        """Sum of log P(context|word)/P(context) for each word [v], over contexts and how
        often each stands there.

        A context that repeats counts little more than once: a page repeats its phrases.
        """
        nearest: dict[int, int] = {}
        ids, values = [], []
        for context, times in contexts.items():
            nearest[context[0]] = nearest.get(context[0], 0) + times
            some, gains = self.longer(context)
            ids.append(some)
            values.append((1.0 + REPEATED * math.log(times)) * gains)
        total = self.glance(nearest)
        if ids:
            total += np.bincount(np.concatenate(ids), np.concatenate(values), len(self.words))
        return total

    def glance(self, keys: Mapping[int, int]) -> Floats:
        """The same by the signs beside the gaps alone, given as keys and how often each is there."""
        total = np.zeros(len(self.words))
        for key, times in keys.items():
            total += (1.0 + REPEATED * math.log(times)) * self.nearest(key)
        return total

    def nearest(self, key: int) -> NDArray[np.float32]:
        """log P(sign|word)/P(sign) of the sign beside a gap, for each word [v]."""
        found = self._firsts.get(key)
        if found is None:
            if len(self._firsts) >= _CACHED_SIGNS:
                self._firsts.clear()
            place = self._place(key)
            found = np.zeros(len(self.words), dtype=np.float32)
            if place >= 0:
                ids, counts = self._entries_at(place)
                seen = np.zeros(len(self.words))
                seen[ids] = counts
                share = max(self.weights[place] / self.total, RARE)
                found = _gain(seen, self.totals, share, STRENGTH_OF_WORD).astype(np.float32)
            self._firsts[key] = found
        return found

    def longer(self, context: Context) -> tuple[Ints, Floats]:
        """What the two and three signs beside a gap add: numbers of words, and nats."""
        found = self._longer.get(context)
        if found is None:
            if len(self._longer) >= _CACHED:
                self._longer.clear()
            found = self._longer[context] = self._compute(context)
        return found

    def _compute(self, context: Context) -> tuple[Ints, Floats]:
        places = list(takewhile(lambda place: place >= 0, map(self._place, context)))
        if len(places) < 2:
            return np.empty(0, np.int64), np.empty(0)
        ids, before = self._entries_at(places[0])
        gains = np.zeros(len(ids))
        inside = np.arange(len(ids))
        for shorter, longer in pairwise(places):
            more, counts = self._entries_at(longer)
            at = np.minimum(np.searchsorted(ids[inside], more), len(inside) - 1)
            kept = ids[inside[at]] == more
            at, counts = at[kept], counts[kept]
            seen = np.zeros(len(inside))
            seen[at] = counts
            share = self.weights[longer] / self.weights[shorter]
            gains[inside] += _gain(seen, before, share, STRENGTH)
            inside, before = inside[at], counts
            if not len(inside):
                break
        return ids, gains

    def _entries_at(self, place: int) -> tuple[Ints, Floats]:
        span = slice(self.firsts[place], self.firsts[place + 1])
        return self.ids[span].astype(np.int64), self.counts[span].astype(np.float64)

    def _place(self, key: int) -> int:
        if not key:
            return -1
        place = int(np.searchsorted(self.keys, np.uint64(key)))
        return place if place < len(self.keys) and self.keys[place] == key else -1

    def __getstate__(self) -> dict[str, object]:
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}


def _gain(seen: Floats, before: Floats, share: float, strength: float) -> Floats:
    """log P(context|word)/P(context) where `seen` of a word's `before` occurrences stood in
    it and `share` of all words' did. What was never seen tells against a word only as far
    as it should have been."""
    expected = before * share
    weight = MOST * before / (before + strength)
    ratio = 1.0 - weight * expected / (expected + MISSED)
    there = np.flatnonzero(seen)
    held = weight[there]
    ratio[there] = 1.0 - held + held * seen[there] / np.maximum(expected[there], 1e-12)
    gain: Floats = np.log(ratio)
    return gain
