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
STRENGTH = 3.0
"""Weight of the shorter context in the smoothing, in occurrences."""
FLOOR = 0.15
"""Least weight of the shorter context: a word may always stand in a place new to it."""

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

    @property
    def total(self) -> float:
        """Occurrences of all words."""
        return float(self.totals.sum())

    @functools.cached_property
    def known(self) -> frozenset[str]:
        """The words as a set."""
        return frozenset(self.words)

    def fits(self, classes: Codes, starts: Sequence[int], ends: Sequence[int]) -> Floats:
        """How well each word fits each gap: [gaps, v], in nats over an unknown word."""
        begin, stop = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
        keys = context_keys(classes, begin, stop)
        scores = np.zeros((len(begin), len(self.words)))
        for gap in range(len(begin)):
            for side in (0, ORDERS):
                self._add_side(scores[gap], [keys[side + k][gap] for k in range(ORDERS)])
        return scores

    def _add_side(self, scores: Floats, keys: Sequence[np.uint64]) -> None:
        before = self.totals
        weight = self.total
        for key in keys:
            place = int(np.searchsorted(self.keys, key)) if key else len(self.keys)
            if place >= len(self.keys) or self.keys[place] != key:
                return
            expected = self.weights[place] / weight
            here = np.zeros(len(self.words))
            span = slice(self.firsts[place], self.firsts[place + 1])
            here[self.ids[span]] = self.counts[span]
            rest = FLOOR + (1.0 - FLOOR) * STRENGTH / (before + STRENGTH)
            seen = np.divide(here, before, out=np.zeros_like(here), where=before > 0)
            scores += np.log((1.0 - rest) * seen / expected + rest)
            before, weight = here, self.weights[place]


def build(
    counted: Iterable[tuple[Codes, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]],
    words: Sequence[str],
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
    )
