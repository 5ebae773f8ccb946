"""The sorted terms of a field (or values of a facet): one run of UTF-8 bytes and offsets into it.

UTF-8 sorts as its characters do, so a prefix is a range of term ids. Which terms
contain, begin or end with a piece of text is answered by a table of character places
that is made when first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import code_points
from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.narrow import bounds

_STRIDE = 16


class Places(NamedTuple):
    """Where a piece of text occurs in terms: term ids (ascending, a term may come twice),
    and whether the term begins or ends there."""

    terms: NDArray[np.int64]
    begins: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    leads: NDArray[np.int64]
    """Characters of the term before the piece."""
    lengths: NDArray[np.int64]
    """Characters of the whole term."""


class Lexicon(Sequence[bytes]):
    """Terms by id, in byte order. Strings may hold lone surrogates (they are kept as typed)."""

    def __init__(self, blob: NDArray[np.uint8], offsets: NDArray[Any]) -> None:
        self._blob = memoryview(blob)  # type: ignore[arg-type]
        self.offsets = offsets

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Lexicon:
        return cls(arrays[f"{name}.blob"], arrays[f"{name}.offsets"])

    @classmethod
    def of(cls, terms: Iterable[bytes]) -> Lexicon:
        """Of terms that are sorted already."""
        terms = list(terms)
        sizes = np.fromiter(map(len, terms), np.int64, len(terms))
        return cls(np.frombuffer(b"".join(terms), np.uint8), bounds(sizes).astype(np.uint32))

    @property
    def blob(self) -> NDArray[np.uint8]:
        """The bytes of all terms, one after another."""
        return np.frombuffer(self._blob, np.uint8)

    def write(self, out: ArrayFileWriter, name: str) -> None:
        out.add(f"{name}.blob", self.blob)
        out.add(f"{name}.offsets", self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, term_id: Any) -> Any:
        if isinstance(term_id, slice):
            return self.slice(*term_id.indices(len(self))[:2])
        start, end = self.offsets[term_id : term_id + 2].tolist()
        return bytes(self._blob[start:end])

    def text(self, term_id: int) -> str:
        """A term as a string."""
        return decode(self[term_id])

    def slice(self, start: int, end: int) -> list[bytes]:
        """Terms [start, end)."""
        edges = self.offsets[start : end + 1].tolist()
        if not edges:
            return []
        first = edges[0]
        data = bytes(self._blob[first : edges[-1]])
        return [data[a - first : b - first] for a, b in pairwise(edges)]

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self), 4096):
            yield from self.slice(start, min(start + 4096, len(self)))

    @cached_property
    def _landmarks(self) -> list[bytes]:
        """Every `_STRIDE`-th term: a search among them leaves a handful of terms to look at."""
        data = self._blob.tobytes()
        edges = self.offsets
        starts, ends = edges[:-1:_STRIDE].tolist(), edges[1::_STRIDE].tolist()
        return [data[a:b] for a, b in zip(starts, ends, strict=True)]

    def lower_bound(self, term: bytes) -> int:
        """Number of terms that sort before `term`."""
        block = bisect_left(self._landmarks, term) - 1
        if block < 0:
            return 0
        first = block * _STRIDE
        return first + bisect_left(self.slice(first, min(first + _STRIDE, len(self))), term)

    def find(self, term: str | bytes) -> int:
        """The id of a term, or -1."""
        key = encode(term)
        place = self.lower_bound(key)
        return place if place < len(self) and self[place] == key else -1

    def prefixed(self, prefix: str | bytes) -> tuple[int, int]:
        """Ids [start, end) of the terms that begin with `prefix`."""
        key = encode(prefix)
        start = self.lower_bound(key)
        # The bytes 0xFF never occur in UTF-8, so they sort behind every continuation.
        return start, self.lower_bound(key + b"\xff") if key else len(self)

    # -- pieces of terms -----------------------------------------------------------------

    @cached_property
    def _characters(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Code points of all terms, each followed by -1, and where each term starts."""
        points = code_points(self._blob.tobytes().decode("utf-8", "surrogatepass"))
        # Characters before each byte offset: bytes that are no continuation bytes.
        starts = bounds((self.blob & 0xC0) != 0x80)[self.offsets]
        lengths = np.diff(starts)
        starts = starts + np.arange(len(starts))
        whole = np.full(len(points) + len(lengths) + 1, -1, np.int32)
        whole[np.arange(len(points)) + np.repeat(np.arange(len(lengths)), lengths)] = points
        return whole, starts

    @cached_property
    def characters(self) -> NDArray[np.int64]:
        """Length of every term in characters."""
        return np.diff(self._characters[1]) - 1

    @cached_property
    def _by_character(self) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
        """Distinct code points, bounds, and the places of each in `_characters`."""
        points, _ = self._characters
        order = np.argsort(points, kind="stable").astype(np.int32)
        distinct, first = np.unique(points[order], return_index=True)
        return distinct, np.append(first, len(order)), order

    def places(self, piece: str) -> Places:
        """Where `piece` (not empty) stands inside terms, whole terms included."""
        points, starts = self._characters
        distinct, first, order = self._by_character
        wanted = [ord(character) for character in piece]
        slot = int(np.searchsorted(distinct, wanted[0]))
        if slot == len(distinct) or distinct[slot] != wanted[0]:
            found = np.empty(0, np.int64)
        else:
            found = order[first[slot] : first[slot + 1]].astype(np.int64)
        for step, point in enumerate(wanted[1:], 1):
            # A term's end mark stops a match from running into the next term.
            found = found[points[found + step] == point]
        terms = np.searchsorted(starts, found, "right") - 1
        begins = found == starts[terms]
        ends = points[found + len(wanted)] == -1
        return Places(terms, begins, ends, found - starts[terms], self.characters[terms])


def encode(term: str | bytes) -> bytes:
    """Term bytes of a string."""
    return term if isinstance(term, bytes) else term.encode("utf-8", "surrogatepass")


def decode(term: bytes) -> str:
    """The string of term bytes."""
    return term.decode("utf-8", "surrogatepass")


def encode_all(terms: Sequence[str]) -> list[bytes]:
    """`encode` of many strings."""
    try:
        return list(map(str.encode, terms))
    except UnicodeEncodeError:
        return list(map(encode, terms))
