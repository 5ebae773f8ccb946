"""Names that honest news has: what stands on several honest pages was not put on one of them.

data/names.npz has hashes of the names that repeat on clean pages as a brand would, and stand on
two of 24,000 or more (no name can be read from them). `tests/quality/repair_training.py` makes it.
"""

from __future__ import annotations

import functools
import io
from array import array
from bisect import bisect_left
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

LONGEST = 12
"""Signs of a name that is looked for."""
BITS = 32
"""Bits of a hash: among 66,000 names one of 65,000 new ones passes for known."""
_BASE = np.uint64(0x9E3779B97F4A7C15)
_WORD = (1 << 64) - 1

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]


def hashes(codes: Codes, size: int) -> Hashes:
    """The hash of each run of so many signs [n - size + 1]."""
    found = np.zeros(max(0, len(codes) - size + 1), dtype=np.uint64)
    for at in range(size):
        found = (found ^ codes[at : at + len(found)]) * _BASE
        found ^= found >> np.uint64(29)
    found >>= np.uint64(64 - BITS)
    return found


def hash_of(name: str) -> int:
    """The same of one name, which is faster."""
    found = 0
    for sign in name:
        found = (found ^ ord(sign)) * int(_BASE) & _WORD
        found ^= found >> 29
    return found >> 64 - BITS


@functools.lru_cache(maxsize=1 << 14)
def is_honest(name: str) -> bool:
    """Whether honest news has a folded name."""
    if len(name) > LONGEST:
        return False
    own, table = hash_of(name), known()
    place = bisect_left(table, own)
    return place < len(table) and table[place] == own


@functools.cache
def known() -> array[int]:
    """The same as an array that is fast to look into."""
    return array("I", shipped().tobytes())


@functools.cache
def shipped() -> NDArray[np.uint32]:
    """The hashes that are shipped, ascending."""
    data = files("indexer.repair").joinpath("data/names.npz").read_bytes()
    with np.load(io.BytesIO(data)) as arrays:
        return np.cumsum(arrays["gaps"], dtype=np.uint32)


def stored(known: NDArray[np.uint32]) -> bytes:
    """The content of data/names.npz: the gaps between the hashes take fewer bits."""
    content = io.BytesIO()
    np.savez_compressed(content, gaps=np.diff(known, prepend=np.uint32(0)))
    return content.getvalue()
