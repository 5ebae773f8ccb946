"""Whether runs of characters are dictionary words, for all windows of a text at once.

A Bloom filter (2 MB, 0.2% false positives) over jieba's dictionary: the
screening of every document needs no exact answer, and no second copy of the dictionary.
"""

from __future__ import annotations

import functools
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import HAN, code_points, tables

_BITS = 24
_BASE = np.uint64(0x9E3779B97F4A7C15)
LENGTHS = (2, 3, 4, 5)
"""Words longer than this are covered by their parts."""

Codes = NDArray[np.uint32]


def _windows(codes: Codes, length: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Two bit numbers for each window of so many characters: [n - length + 1]."""
    count = len(codes) - length + 1
    wide = codes.astype(np.uint64)
    hashes = wide[:count].copy()
    for shift in range(1, length):
        hashes *= _BASE
        hashes += wide[shift : shift + count]
    hashes ^= hashes >> np.uint64(31)
    hashes *= _BASE
    return hashes >> np.uint64(64 - _BITS), (hashes >> np.uint64(8)) & np.uint64((1 << _BITS) - 1)


@functools.cache
def _filter() -> NDArray[np.uint8]:
    bits = np.zeros(1 << (_BITS - 3), dtype=np.uint8)
    # Only the word of each line counts: everything that is not Han ends a run.
    codes = code_points(files("jieba").joinpath("dict.txt").read_text(encoding="utf-8"))
    codes = tables().fold[codes]
    han = tables().kind[codes] == HAN
    edges = np.flatnonzero(np.diff(np.concatenate(([False], han, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    for length in LENGTHS:
        places = starts[ends - starts == length]
        for numbers in _windows(codes, length):
            chosen = numbers[places]
            np.bitwise_or.at(bits, chosen >> np.uint64(3), _bit(chosen))
    return bits


def _bit(numbers: NDArray[np.uint64]) -> NDArray[np.uint8]:
    bit: NDArray[np.uint8] = np.left_shift(np.uint8(1), (numbers & np.uint64(7)).astype(np.uint8))
    return bit


def covered(codes: Codes) -> NDArray[np.bool_]:
    """Which characters (folded) lie inside some dictionary word of two and more: [n]."""
    bits = _filter()
    result = np.zeros(len(codes), dtype=bool)
    for length in LENGTHS:
        if len(codes) < length:
            break
        first, second = _windows(codes, length)
        hits = (bits[first >> np.uint64(3)] & _bit(first)) != 0
        hits &= (bits[second >> np.uint64(3)] & _bit(second)) != 0
        for shift in range(length):
            result[shift : shift + len(hits)] |= hits
    return result


def is_word(text: str) -> bool:
    """Whether a folded run of two to five Han is a dictionary word."""
    if len(text) not in LENGTHS:
        return False
    bits = _filter()
    return all(
        bool(bits[number >> np.uint64(3)] & _bit(number))
        for number in _windows(code_points(text), len(text))
    )
