"""Contexts as keys: the one to three characters on a side of a gap, hashed."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.repair.stream import Codes

ORDERS = 3
"""Longest context, in characters, on either side."""
WORD_BITS = 18
"""Low bits of a key that make room for a word's number."""
KEY_BITS = 32
"""Bits of a key above those: among a million contexts one of 4,000 new ones passes for known."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_SIDE = (np.uint64(0x94D049BB133111EB), np.uint64(0xBF58476D1CE4E5B9))
_KEY_MASK = np.uint64(((1 << KEY_BITS) - 1) << WORD_BITS)

Keys = NDArray[np.uint64]
Ints = NDArray[np.int64]
Context = tuple[int, ...]
"""Keys of one side of a gap, of 1, 2, 3 characters; 0 where unknown."""


def context_keys(classes: Codes, starts: Ints, ends: Ints, orders: int = ORDERS) -> list[Keys]:
    """Keys of the contexts of spans: left of 1, 2, 3 characters (or as many as `orders`), then right.

    Each array is [spans]; 0 where the context runs over an unknown edge (class 0, or the
    end of the array).
    """
    # Both sides at once: [side, span].
    at = np.stack([starts - 1, ends])
    step = np.array([[-1], [1]])
    keys = np.broadcast_to(np.array(_SIDE)[:, None], at.shape)
    known = np.ones(at.shape, dtype=bool)
    last = len(classes) - 1
    found = []
    for _ in range(orders):
        codes = classes[np.clip(at, 0, last)].astype(np.uint64)
        known &= (at >= 0) & (at <= last) & (codes != 0)
        keys = (keys ^ codes) * _BASE
        keys ^= keys >> np.uint64(29)
        found.append(np.where(known, keys & _KEY_MASK, np.uint64(0)))
        at = at + step
    return [keys[side] for side in (0, 1) for keys in found]


def signs_beside(classes: Codes, starts: Sequence[int], size: int) -> Counter[int]:
    """The contexts of one character of spans of a size, as `context_keys` gives them, and how
    often each is there; fast for few spans."""
    found: Counter[int] = Counter()
    last = len(classes)
    for side, places in ((0, [s - 1 for s in starts]), (1, [s + size for s in starts])):
        known = [place for place in places if 0 <= place < last]
        found.update(_sign_key(side, code) for code in classes[known].tolist() if code)
    return found


@functools.cache
def _sign_key(side: int, code: int) -> int:
    gap = np.array([1 - side])  # behind the only character, or before it
    return int(context_keys(np.array([code], np.uint32), gap, gap, 1)[side][0])
