"""One document's sketch: a sample of its character shingles that any two documents share.

A shingle is a run of `SHINGLE` word characters (Broder 1997, "On the resemblance and
containment of documents"). Of all shingle hashes those divisible by `SAMPLING` are kept
(Broder's "modulo sketch", later known as FracMinHash): unlike a fixed number of minima
this keeps both resemblance and containment estimable from the same small array.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import code_points
from indexer.document import Document
from indexer.duplicates.sources import source_rank

SHINGLE = 7
"""Word characters per shingle: long enough that set phrases of the genre are rare in it."""
SAMPLING = 8
"""One shingle in so many is kept: some 80 hashes (320 bytes) for a page of 650 characters."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_PLANE = 0x10000


@dataclass(frozen=True, eq=False)
class Signature:
    """What is kept of a document to find its reprints.

    `sketch`: sorted unique uint32 hashes [s]; `numbers`: the same of its numerals, which
    tell two issues of one template apart; `length`: word characters.
    """

    id: str
    sketch: NDArray[np.uint32]
    numbers: NDArray[np.uint32]
    digest: bytes
    length: int
    date: str = ""
    rank: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        # Arrays travel as bytes: half the pickling time of ndarray's own protocol.
        return _revive, (
            self.id, self.sketch.tobytes(), self.numbers.tobytes(), self.digest,
            self.length, self.date, self.rank,
        )  # fmt: skip


def _revive(id_: str, sketch: bytes, numbers: bytes, *rest: Any) -> Signature:
    return Signature(
        id_, np.frombuffer(sketch, np.uint32), np.frombuffer(numbers, np.uint32), *rest
    )


def signature(document: Document) -> Signature:
    """The sketch of a document's body; the title stays out, for reprints change it."""
    codes = _word_codes(document.text)
    return Signature(
        id=document.id,
        sketch=_sketch(codes),
        numbers=_numbers(codes),
        digest=blake2b(codes.tobytes(), digest_size=12).digest(),
        length=len(codes),
        date=document.date or "",
        rank=source_rank(document.source, document.url),
    )


@functools.cache
def _folding() -> NDArray[np.uint32]:
    """For every code of the basic plane its folded code, 0 where it is no word character."""
    table = np.zeros(_PLANE, dtype=np.uint32)
    for code in range(_PLANE):
        char = unicodedata.normalize("NFKC", chr(code)).lower()[:1]
        if char.isalnum():
            table[code] = ord(char)
    return table


def _word_codes(text: str) -> NDArray[np.uint32]:
    codes = code_points(text)
    wide = codes >= _PLANE
    folded = _folding()[np.where(wide, 0, codes)]
    if wide.any():
        folded = np.where(wide, codes, folded)
    kept: NDArray[np.uint32] = folded[folded != 0]
    return kept


def _scramble(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finisher of splitmix64, so that every bit depends on every character."""
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed


def _sketch(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    count = len(codes) - SHINGLE + 1
    if count <= 0:
        return np.empty(0, np.uint32)
    wide = codes.astype(np.uint64)
    hashes = wide[:count].copy()
    for shift in range(1, SHINGLE):
        hashes *= _BASE
        hashes += wide[shift : shift + count]
    hashes = _scramble(hashes)
    kept = hashes[(hashes & np.uint64(SAMPLING - 1)) == 0]
    return np.unique((kept >> np.uint64(32)).astype(np.uint32))


def _numbers(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Hashes of the runs of digits, each one of the document's numerals once."""
    digit = (codes >= 0x30) & (codes <= 0x39)
    if not digit.any():
        return np.empty(0, np.uint32)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], digit, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    values = np.zeros(len(starts), dtype=np.uint64)
    for shift in range(int((ends - starts).max())):
        inside = starts + shift < ends
        at = np.minimum(starts + shift, len(codes) - 1)
        values = np.where(inside, values * _BASE + codes[at], values)
    return np.unique((_scramble(values) >> np.uint64(32)).astype(np.uint32))
