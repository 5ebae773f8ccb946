"""Which words stand in which contexts: counts, and how well each word fits a set of gaps.

For every word of the vocabulary the model counts the one to three characters before and
after its occurrences. How well a word w fits a gap with the left context l and the right
context r is log P(l|w)/P(l) + log P(r|w)/P(r), where the longer context is interpolated
with the shorter (Jelinek & Mercer 1980; the weight falls with what was seen, as in
Witten & Bell 1991). A gap that any word could
fill gives about 0 for all words, a slot that only one word fills gives that word 5 to 10.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.repair.stream import Codes

ORDERS = 3
"""Longest context, in characters, on either side."""
STRENGTH_OF_WORD = 20.0
"""Occurrences that a word is short of being known: keeps rare words from fitting by chance."""
STRENGTH = 2.0
"""The same for a word in a context, when the context is made longer."""
FLOOR = 0.45
"""Weight of the shorter context: any word may stand in a place that is new to it."""
UNSEEN = 1e-6
"""P(context) of a context that was never seen."""
RARE = 0.004
"""Least share of a single sign as a context: a small model must not take a sign for rare
that it has seen little of."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_SIDE = (np.uint64(0x94D049BB133111EB), np.uint64(0xBF58476D1CE4E5B9))
_WORD_BITS = 18
_WORD_MASK = np.uint64((1 << _WORD_BITS) - 1)

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]


def context_keys(classes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[Keys]:
    """Keys of the contexts of spans: left of 1, 2, 3 characters, then right of 1, 2, 3.

    Each array is [spans]; 0 where the context runs over an unknown edge (class 0, or the
    end of the array).
    """
    result = []
    size = len(classes)
    wide = classes.astype(np.uint64)
    for side, step in ((0, -1), (1, 1)):
        keys = np.full(len(starts), _SIDE[side])
        known = np.ones(len(starts), dtype=bool)
        at = starts - 1 if step < 0 else ends.copy()
        for _ in range(ORDERS):
            inside = (at >= 0) & (at < size)
            codes = wide[np.where(inside, at, 0)]
            known &= inside & (codes != 0)
            keys = (keys ^ codes) * _BASE
            keys ^= keys >> np.uint64(29)
            # The low bits make room for the word's number.
            result.append(np.where(known, keys & ~_WORD_MASK, np.uint64(0)))
            at = at + step
    return result


@dataclass(frozen=True)
class ContextModel:
    """`words` [v] with their `totals` [v]; `keys` [k] sorted, `firsts` [k+1] where each
    key's entries begin in `ids` [e] and `counts` [e]; `weights` [k] all entries of a key."""

    words: tuple[str, ...]
    totals: Floats
    keys: Keys
    firsts: NDArray[np.int64]
    ids: NDArray[np.int32]
    counts: NDArray[np.float32]
    weights: Floats
    floor: float = FLOOR

    @property
    def total(self) -> float:
        """Occurrences of all words."""
        return float(self.totals.sum())

    @functools.cached_property
    def known(self) -> frozenset[str]:
        """The words as a set."""
        return frozenset(self.words)

    def share(self, context: Sequence[int], order: int) -> float:
        """P(context) of so many characters, by all occurrences of all words."""
        key = np.uint64(context[min(order, ORDERS) - 1])
        place = int(np.searchsorted(self.keys, key))
        if place < len(self.keys) and self.keys[place] == key:
            return float(self.weights[place] / self.total)
        return UNSEEN

    def ratios(self, context: Sequence[int]) -> Floats:
        """P(context|word) / P(context) for each word [v], from the keys of one side."""
        logs = np.zeros(len(self.words))
        self._add_side(logs, context)
        return np.exp(logs)

    def _add_side(self, scores: Floats, keys: Sequence[int]) -> None:
        before = self.totals
        weight = self.total
        rare, strength = RARE, STRENGTH_OF_WORD
        for key in keys:
            place = int(np.searchsorted(self.keys, np.uint64(key))) if key else len(self.keys)
            if place >= len(self.keys) or self.keys[place] != key:
                return
            expected = max(self.weights[place] / weight, rare)
            rare = 0.0
            here = np.zeros(len(self.words))
            span = slice(self.firsts[place], self.firsts[place + 1])
            here[self.ids[span]] = self.counts[span]
            seen = here / (before + strength)
            scores += np.log((1.0 - self.floor) * seen / expected + self.floor)
            strength = STRENGTH
            before, weight = here, self.weights[place]


def build(
    counted: Iterable[tuple[Codes, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]],
    words: Sequence[str],
    floor: float = FLOOR,
) -> ContextModel:
    """A model of `words` from pieces (classes, starts, ends, word numbers)."""
    pieces = []
    totals = np.zeros(len(words))
    for classes, starts, ends, ids in counted:
        totals += np.bincount(ids, minlength=len(words))
        for keys in context_keys(classes, starts, ends):
            kept = keys != 0
            pieces.append(keys[kept] | ids[kept].astype(np.uint64))
    joined = np.concatenate(pieces) if pieces else np.empty(0, np.uint64)
    entries, counts = np.unique(joined, return_counts=True)
    contexts = entries & ~_WORD_MASK
    keys, firsts = np.unique(contexts, return_index=True)
    sums = np.add.reduceat(counts, firsts) if len(firsts) else np.empty(0)
    return ContextModel(
        words=tuple(words),
        totals=totals,
        keys=keys,
        firsts=np.append(firsts, len(entries)).astype(np.int64),
        ids=(entries & _WORD_MASK).astype(np.int32),
        counts=counts.astype(np.float32),
        weights=sums.astype(np.float64),
        floor=floor,
    )
