"""Words as numbers: up to four characters, of 16 bits each, side by side in one 64-bit key.

Nearly all words of Chinese text fit (99 of 100 tokens). Their keys are equal where the words
are and sort as the words do, so that finding, sorting and merging them are array operations.
The few words that do not fit ("long" ones: more characters, or characters from U+D800 on)
have the key 0 and are looked after as strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import code_points, to_text
from indexer.engines.whoosh.narrow import bounds, ramps

LANES = 4
FIRST_BITS = 12
"""A new table of keys has room for two to the power of this."""
# Surrogates and all behind them are no characters of a key.
_LIMIT = 0xD800
_MASKS = np.array([0, 0xFFFF << 48, 0xFFFFFFFF << 32, 0xFFFFFFFFFFFF << 16, (1 << 64) - 1, 0],
                  np.uint64)  # fmt: skip

Keys = NDArray[np.uint64]


class Spelled(NamedTuple):
    """Words as code points side by side, and how many each word has."""

    codes: NDArray[np.uint32]
    sizes: NDArray[np.int64]

    def take(self, places: NDArray[np.int64]) -> list[str]:
        """Some of the words as strings."""
        sizes = self.sizes[places]
        starts = (np.cumsum(self.sizes) - self.sizes)[places]
        return cut(to_text(self.codes[ramps(starts, sizes)]), sizes)


def spelled(words: Sequence[str]) -> Spelled:
    """Strings as code points."""
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    return Spelled(code_points("".join(words)), sizes)


def cut(text: str, sizes: NDArray[Any]) -> list[str]:
    """The words of which a text is made."""
    return [text[a:b] for a, b in pairwise(bounds(sizes).tolist())]


def pack(words: Spelled) -> Keys:
    """The key of each word; 0 for long ones."""
    codes, sizes = words
    if not len(codes):
        return np.zeros(len(sizes), np.uint64)
    lanes = np.zeros(len(codes) + LANES - 1, ">u2")
    lanes[: len(codes)] = codes
    # The four characters from each place on, as one number.
    ahead = np.ndarray((len(codes),), ">u8", lanes, strides=(2,))
    ends = np.cumsum(sizes)
    starts = np.minimum(ends - sizes, len(codes) - 1)  # an empty word may stand at the end
    keys: Keys = ahead[starts].astype(np.uint64)
    keys &= _MASKS[np.minimum(sizes, LANES + 1)]
    # 0 is no character of a key either, as keys are filled up with it.
    odd = np.flatnonzero((codes >= _LIMIT) | (codes == 0))
    if len(odd):
        keys[np.searchsorted(ends, odd, "right")] = 0
    return keys


def distinct(keys: Keys) -> Keys:
    """Distinct keys in order. Sorting takes a tenth of the time of `np.unique`'s hashing."""
    keys = np.sort(keys)
    first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    kept: Keys = keys[first]
    return kept


def unpack(keys: Keys) -> tuple[str, NDArray[np.int64]]:
    """The words of keys as one text, and the number of characters of each."""
    lanes = keys.astype(">u8").view(">u2")
    sizes = np.count_nonzero(lanes.reshape(-1, LANES), axis=1)
    return lanes[lanes != 0].tobytes().decode("utf-16-be"), sizes


def leading(words: Sequence[str]) -> Keys:
    """Keys of how long words begin. A long word sorts by it among the keys of short words, behind
    the one that is equal; those of one beginning sort as strings."""
    keys = pack(spelled([word[:LANES] for word in words]))
    for place in np.flatnonzero(keys == 0).tolist():
        key = 0
        for lane, sign in enumerate(words[place][:LANES]):
            key |= min(ord(sign), _LIMIT) << 16 * (LANES - 1 - lane)
            if ord(sign) >= _LIMIT:
                break
        keys[place] = key
    return keys


class KeyTable:
    """Keys with their numbers: a table with open addressing that is asked for many at once."""

    def __init__(self) -> None:
        self._bits = FIRST_BITS
        self._filled = 0
        self._clear()

    def _clear(self) -> None:
        self._keys = np.zeros(1 << self._bits, np.uint64)
        self._numbers = np.zeros(1 << self._bits, np.uint32)

    def _slots(self, keys: Keys) -> NDArray[np.int64]:
        # Multiplicative hashing (Knuth 6.4) by 2^64 over the golden ratio.
        mixed = (keys ^ (keys >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
        slots: NDArray[np.int64] = (mixed >> np.uint64(64 - self._bits)).astype(np.int64)
        return slots

    def find(self, keys: Keys) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The number of each key, and the places of the keys that have none yet. Of the key 0
        the number means nothing."""
        slots = self._slots(keys)
        here = self._keys[slots]
        numbers = self._numbers[slots]
        left = np.flatnonzero(here != keys)
        unknown = [np.empty(0, np.int64)]
        slots, here = slots[left], here[left]
        while len(left):
            empty = here == 0
            unknown.append(left[empty])
            left, slots = left[~empty], (slots[~empty] + 1) & (len(self._keys) - 1)
            here = self._keys[slots]
            same = here == keys[left]
            numbers[left[same]] = self._numbers[slots[same]]
            left, slots, here = left[~same], slots[~same], here[~same]
        return numbers, np.concatenate(unknown)

    def add(self, keys: Keys, first: int) -> None:
        """Number distinct new keys from `first` on."""
        self._filled += len(keys)
        numbers = np.arange(first, first + len(keys), dtype=np.uint32)
        if 3 * self._filled > len(self._keys):
            taken = self._keys != 0
            keys = np.concatenate([self._keys[taken], keys])
            numbers = np.concatenate([self._numbers[taken], numbers])
            self._bits = max(self._bits, int(6 * self._filled).bit_length())
            self._clear()
        slots = self._slots(keys)
        while len(keys):
            free = self._keys[slots] == 0
            self._keys[slots[free]] = keys[free]
            # Of several keys for one slot the last has got it.
            put = self._keys[slots] == keys
            self._numbers[slots[put]] = numbers[put]
            keys, numbers, slots = keys[~put], numbers[~put], slots[~put] + 1
            slots &= len(self._keys) - 1
