"""Whole numbers kept in as few bytes as nearly all of them need.

A narrow array holds the low bits of every value, and beside it the few values that do
not fit, with their places (the "exceptions" of patched coding, Zukowski et al. 2006,
without the bit packing: a slice stays one numpy view).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.engines.whoosh.arrayfile import ArrayFileWriter, Region


def smallest(limit: int) -> np.dtype[Any]:
    """The smallest unsigned type that holds `limit`."""
    return np.min_scalar_type(max(limit, 0))


def ramps(starts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """start, start + 1, … (count numbers) for each pair, one after another."""
    counts = counts.astype(np.int64)
    ends = counts.cumsum()
    result: NDArray[np.int64] = (starts.astype(np.int64) - ends + counts).repeat(counts)
    result += np.arange(len(result))
    return result


def bounds(counts: NDArray[Any]) -> NDArray[np.int64]:
    """0 and the running sums: where each of consecutive pieces begins and ends."""
    result = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=result[1:])
    return result


class Narrow:
    """Reads a narrow array. Slices are views of the low part where no exception lies in them."""

    __slots__ = ("_at", "_low", "_values")

    def __init__(
        self, low: NDArray[Any], at: NDArray[np.uint64], values: NDArray[np.uint32]
    ) -> None:
        self._low, self._at, self._values = low, at, values

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Narrow:
        return cls(arrays[name], arrays[f"{name}.at"], arrays[f"{name}.over"])

    def __len__(self) -> int:
        return len(self._low)

    def slice(self, start: int, end: int) -> NDArray[Any]:
        """Values [start, end): unsigned, of the narrow type or uint32. Do not write to them,
        and mind that sums of narrow types overflow."""
        part = self._low[start:end]
        if len(self._at):
            # Of one type with the array, or numpy converts all of it for every search.
            first, last = self._at.searchsorted(np.array((start, end), np.uint64))
            if first < last:
                part = part.astype(np.uint32)
                part[self._at[first:last].astype(np.int64) - start] = self._values[first:last]
        return part

    def take(self, indices: NDArray[Any]) -> NDArray[Any]:
        """Values at any indices (a copy)."""
        part: NDArray[Any] = self._low.take(indices)
        if len(self._at) and len(indices):
            at = self._at.searchsorted(indices.astype(np.uint64))
            at[at == len(self._at)] = 0
            over = np.flatnonzero(self._at[at] == indices)
            if len(over):
                part = part.astype(np.uint32)
                part[over] = self._values[at[over]]
        return part


class NarrowWriter:
    """Writes a narrow array of known length in pieces, in any order of pieces."""

    def __init__(self, out: ArrayFileWriter, name: str, dtype: DTypeLike, length: int) -> None:
        self._out, self._name = out, name
        self._limit = int(np.iinfo(np.dtype(dtype)).max)
        self._low: Region = out.reserve(name, dtype, length)
        self._dtype = np.dtype(dtype)
        self._at: list[NDArray[np.uint64]] = []
        self._values: list[NDArray[np.uint32]] = []

    def write(self, start: int, values: NDArray[Any]) -> None:
        if values.dtype.itemsize > self._dtype.itemsize:
            over = np.flatnonzero(values > self._limit)
            if len(over):
                self._at.append((over + start).astype(np.uint64))
                self._values.append(values[over].astype(np.uint32))
            values = values.astype(self._dtype)
        self._low.write(start, values)

    def finish(self) -> None:
        """Write the exceptions; call once, after the last piece."""
        at = np.concatenate([np.empty(0, np.uint64), *self._at])
        values = np.concatenate([np.empty(0, np.uint32), *self._values])
        order = np.argsort(at, kind="stable")
        self._out.add(f"{self._name}.at", at[order])
        self._out.add(f"{self._name}.over", values[order])


def add_narrow(out: ArrayFileWriter, name: str, dtype: DTypeLike, values: NDArray[Any]) -> None:
    """Write a whole narrow array."""
    writer = NarrowWriter(out, name, dtype, len(values))
    writer.write(0, values)
    writer.finish()
