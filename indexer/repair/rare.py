"""Which pairs of Han hardly ever stand side by side: names are made of them.

One bit for each pair (hashed, so a few rare pairs pass for common ones), set where the pair
stands in at least five of 12,000 pages of news, or in a frequent word of jieba's dictionary.
`tests/quality/repair_training.py` makes the table.
"""

from __future__ import annotations

import functools
import zlib
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

BITS = 24
_BASE = np.uint64(0x9E3779B97F4A7C15)
_WORD = (1 << 64) - 1

Codes = NDArray[np.uint32]


def numbers(left: Codes, right: Codes) -> NDArray[np.int64]:
    """The place of each pair of folded characters in the table [n]."""
    pairs = (left.astype(np.uint64) << np.uint64(21)) | right
    hashed: NDArray[np.uint64] = (pairs * _BASE) >> np.uint64(64 - BITS)
    return hashed.astype(np.int64)


@functools.cache
def _common() -> NDArray[np.uint8]:
    packed = zlib.decompress(files("indexer.repair").joinpath("data/pairs.bin").read_bytes())
    return np.frombuffer(packed, dtype=np.uint8)


def rare(left: Codes, right: Codes) -> NDArray[np.bool_]:
    """Which pairs of folded Han are rare [n]."""
    places = numbers(left, right)
    found: NDArray[np.bool_] = (_common()[places >> 3] >> (7 - (places & 7))) & 1 == 0
    return found


@functools.lru_cache(maxsize=1 << 16)
def is_rare(pair: str) -> bool:
    """The same for one pair, faster."""
    place = (((ord(pair[0]) << 21 | ord(pair[1])) * int(_BASE)) & _WORD) >> (64 - BITS)
    return not _common()[place >> 3] >> (7 - (place & 7)) & 1


def compile_pairs(left: Codes, right: Codes) -> bytes:
    """The content of data/pairs.bin for the pairs that are common."""
    table = np.zeros(1 << BITS, dtype=bool)
    table[numbers(left, right)] = True
    return zlib.compress(np.packbits(table).tobytes(), 9)
