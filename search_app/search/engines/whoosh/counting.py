"""Facet columns as tables of small numbers: filters as masks, counts in one pass.

Every facet's values are numbered one after the other in one common range, and so are the
sets of values that documents with several of them have. A document is then one row with one
number per facet, and one `take` and one `bincount` count all facets; what was counted for a
set then goes to each of its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns import FacetColumn
from indexer.engines.whoosh.narrow import bounds, ramps
from search_app.search.engines.base import NONE, Choice

Docs = NDArray[np.intp]
Mask = NDArray[np.bool_]

_KEPT_MASKS = 256


@dataclass(eq=False)
class Column:
    """One facet of all documents: `codes[starts[d]:starts[d + 1]]` index `values`."""

    name: str
    values: tuple[str, ...]
    starts: NDArray[np.int64]
    codes: NDArray[np.int32]
    _masks: dict[Choice, Mask] = field(default_factory=dict, repr=False)

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {value: code for code, value in enumerate(self.values)}

    @cached_property
    def docs(self) -> NDArray[np.int32]:
        """The document of each code."""
        counts = np.diff(self.starts)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """The values as numbers, NaN where they are none (for ranges)."""
        return np.array([float(v) if _is_number(v) else np.nan for v in self.values])

    def mask(self, choice: Choice) -> Mask:
        """Which documents pass a choice. The array is shared: do not write to it."""
        found = self._masks.get(choice)
        if found is None:
            found = self._mask(choice)
            if len(self._masks) >= _KEPT_MASKS:
                self._masks.clear()
            self._masks[choice] = found
        return found

    def _mask(self, choice: Choice) -> Mask:
        if choice.values or choice.ranges:
            wanted = self._having(choice.values)
            for low, high in choice.ranges:
                inside = np.ones(len(self.values), dtype=bool)
                if low is not None:
                    inside &= self.numbers >= low
                if high is not None:
                    inside &= self.numbers <= high
                wanted |= self._of_codes(inside & ~np.isnan(self.numbers))
        else:
            wanted = np.ones(len(self.starts) - 1, dtype=bool)
        if choice.excluded:
            wanted &= ~self._having(choice.excluded)
        return wanted

    def _having(self, values: Sequence[str]) -> Mask:
        chosen = np.zeros(len(self.values), dtype=bool)
        for value in values:
            code = self.index.get(value)
            if code is not None:
                chosen[code] = True
        mask = self._of_codes(chosen)
        if NONE in values:
            mask |= self.starts[1:] == self.starts[:-1]
        return mask

    def _of_codes(self, chosen: Mask) -> Mask:
        mask = np.zeros(len(self.starts) - 1, dtype=bool)
        mask[self.docs[chosen[self.codes]]] = True
        return mask


def merged_column(name: str, parts: Sequence[FacetColumn]) -> Column:
    """The column over several segments, documents in their order."""
    names = sorted({value for part in parts for value in part.labels})
    code = {value: number for number, value in enumerate(names)}
    lengths, codes = [], []
    for part in parts:
        table = np.array([-1, *(code[value] for value in part.labels)], dtype=np.int32)
        flat = table[part.ords]
        if part.offsets is None:
            lengths.append((flat >= 0).astype(np.int64))
            flat = flat[flat >= 0]
        else:
            lengths.append(np.diff(part.offsets.astype(np.int64)))
        codes.append(flat)
    starts = np.concatenate([[0], *lengths]).cumsum()
    return Column(name, tuple(names), starts, np.concatenate(codes))


class Counter:
    """Counts several facets together over any set of documents."""

    def __init__(self, columns: Sequence[Column], live: Docs) -> None:
        self.columns = tuple(columns)
        self._live = live
        # Each facet takes one number per value and one for "no value".
        names = [name for column in self.columns for name in (*column.values, NONE)]
        self._names = np.array(names, dtype=object)
        self._offsets = [0]
        self._sets = _Sets(len(names))
        cells = []
        for column in self.columns:
            cells.append(self._sets.numbered(column, self._offsets[-1]))
            self._offsets.append(self._offsets[-1] + len(column.values) + 1)
        self._sets.finish()
        kind = np.uint16 if self._sets.numbers <= 1 << 16 else np.int32
        self._table = np.stack(cells, axis=1).astype(kind)
        self._total: NDArray[np.intp] | None = None

    @property
    def total(self) -> NDArray[np.intp]:
        """The counts over all documents."""
        if self._total is None:
            self._total = self._count(self._live)
        return self._total

    def count(self, docs: Docs) -> NDArray[np.intp]:
        """Counts of every value of every column over `docs` (sorted, each once)."""
        if 2 * len(docs) <= len(self._live):
            return self._count(docs)
        # Counting what is left out is less work than counting what is in.
        out = np.zeros(len(self._table), dtype=bool)
        out[self._live] = True
        out[docs] = False
        return self.total - self._count(out.nonzero()[0])

    def named(self, counts: NDArray[np.intp]) -> dict[str, dict[str, int]]:
        """Counts as column → value → count, those above zero."""
        found = counts.nonzero()[0]
        edges = found.searchsorted(self._offsets).tolist()
        names, values = self._names[found].tolist(), counts[found].tolist()
        return {
            column.name: dict(zip(names[a:b], values[a:b], strict=True))
            for column, a, b in zip(self.columns, edges, edges[1:], strict=False)
        }

    def _count(self, docs: Docs) -> NDArray[np.intp]:
        cells = self._table.take(docs, axis=0).ravel()
        return self._sets.count(cells)


class _Sets:
    """Sets of several values of one facet, numbered behind the single values.

    The same few combinations come again and again, so that a document needs one number per
    facet; what was counted for a set is spread over its values afterwards.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._known: dict[bytes, int] = {}

    @property
    def numbers(self) -> int:
        """Of all values and sets together."""
        return self._width + len(self._known)

    def numbered(self, column: Column, offset: int) -> NDArray[np.intp]:
        """One number for each document; those of the values begin at `offset`, and the one
        behind them is for documents without a value."""
        starts = column.starts
        lengths = np.diff(starts)
        numbers = np.full(len(lengths), offset + len(column.values))
        values = column.codes + np.int32(offset)
        single = np.flatnonzero(lengths == 1)
        numbers[single] = values[starts[single]]
        several = np.flatnonzero(lengths > 1)
        edges = zip(starts[several].tolist(), starts[several + 1].tolist(), strict=True)
        number = self._known.setdefault
        # The length of the table before a set is put in is the number that it gets.
        numbers[several] = [
            self._width + number(values[a:b].tobytes(), len(self._known)) for a, b in edges
        ]
        return numbers

    def finish(self) -> None:
        """Ready for `count`: call once, after the last column."""
        self._members = np.frombuffer(b"".join(self._known), dtype=np.int32)
        sizes = [len(key) // self._members.itemsize for key in self._known]
        self._starts = bounds(np.array(sizes, dtype=np.int64))
        # The same by value: the sets that each value is in, one value after another.
        order = self._members.argsort(kind="stable")
        self._owners = np.arange(len(sizes)).repeat(sizes)[order]
        self._values, self._firsts = np.unique(self._members[order], return_index=True)

    def count(self, cells: NDArray[np.integer]) -> NDArray[np.intp]:
        """How often each value stands in some numbers of values and sets."""
        if len(cells) > len(self._known):
            counts = np.bincount(cells, minlength=self.numbers)
            result, sets = counts[: self._width], counts[self._width :]
            if len(sets):
                result[self._values] += np.add.reduceat(sets.take(self._owners), self._firsts)
            return result
        # With few numbers it is less work to put the members in the place of sets.
        result = np.bincount(cells[cells < self._width], minlength=self._width)
        found = cells[cells >= self._width].astype(np.intp) - self._width
        if len(found):
            starts = self._starts[found]
            members = self._members[ramps(starts, self._starts[found + 1] - starts)]
            result += np.bincount(members, minlength=self._width)
        return result


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def cross_counts(
    rows: Column, columns: Column, docs: Docs, size: int
) -> dict[tuple[str, str], int]:
    """How many of `docs` have each pair of a value of one column and a value of another."""
    mask = np.zeros(size, dtype=bool)
    mask[docs] = True
    entries = np.flatnonzero(mask[rows.docs])
    owners = rows.docs[entries]
    starts, ends = columns.starts[owners], columns.starts[owners + 1]
    repeats = ends - starts
    first = np.repeat(rows.codes[entries].astype(np.int64), repeats)
    second = columns.codes[ramps(starts, repeats)]
    width = max(len(columns.values), 1)
    pairs, counts = np.unique(first * width + second, return_counts=True)
    return {
        (rows.values[pair // width], columns.values[pair % width]): count
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True)
    }
