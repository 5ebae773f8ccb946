"""Facet columns as tables of small numbers: filters as masks, counts in one pass.

Every facet's values are numbered one after the other in one common range, so the values of
all counted facets of a document lie side by side in one row of a table, and one
`take` and one `bincount` count them all. Rows have a fixed width; the few documents
with more values than that keep the rest in an overflow list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns import FacetColumn
from indexer.engines.whoosh.narrow import ramps
from search_app.search.engines.base import NONE, Choice

Docs = NDArray[np.intp]
Mask = NDArray[np.bool_]

_WIDEST = 6
"""Values per document and facet that a row holds; more go to the overflow list."""

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
        documents = len(columns[0].starts) - 1
        self._offsets = [0]
        self._names: list[str] = []
        parts: list[NDArray[np.int32]] = []
        spilled: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []
        for column in self.columns:
            part, rest = _rows(column, self._offsets[-1])
            parts.append(part)
            spilled.append(rest)
            # Each facet takes one number per value and one for "no value".
            self._names += [*column.values, NONE]
            self._offsets.append(len(self._names))
        # One number more fills the empty cells.
        self._empty = len(self._names)
        width = sum(part.shape[1] for part in parts)
        kind = np.int16 if self._empty < 1 << 15 else np.int32
        self._table = np.full((documents, width), self._empty, dtype=kind)
        at = 0
        for part in parts:
            cells = self._table[:, at : at + part.shape[1]]
            np.copyto(cells, part, where=part >= 0, casting="same_kind")
            at += part.shape[1]
        self._spills = _Spilled(spilled, documents)
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
        return self.total - self._count(np.flatnonzero(out))

    def named(self, counts: NDArray[np.intp]) -> dict[str, dict[str, int]]:
        """Counts as column → value → count, those above zero."""
        found = counts[: self._empty].nonzero()[0]
        edges = found.searchsorted(self._offsets).tolist()
        values = counts[found].tolist()
        names = [self._names[number] for number in found.tolist()]
        return {
            column.name: dict(zip(names[a:b], values[a:b], strict=True))
            for column, a, b in zip(self.columns, edges, edges[1:], strict=False)
        }

    def _count(self, docs: Docs) -> NDArray[np.intp]:
        cells = self._table.take(docs, axis=0).ravel()
        counts = np.bincount(cells, minlength=self._empty + 1)
        more = self._spills.codes(docs)
        if more is not None:
            counts += np.bincount(more, minlength=self._empty + 1)
        return counts


class _Spilled:
    """The numbers of the few documents that have more values than a row of the table."""

    def __init__(
        self, parts: Sequence[tuple[NDArray[np.int32], NDArray[np.int32]]], documents: int
    ) -> None:
        docs = np.concatenate([docs for docs, _ in parts])
        order = docs.argsort(kind="stable")
        self._codes = np.concatenate([codes for _, codes in parts])[order]
        docs = docs[order]
        self._has = np.zeros(documents, dtype=bool)
        self._has[docs] = True
        self._docs = np.flatnonzero(self._has)
        self._starts = np.append(docs.searchsorted(self._docs), len(docs))

    def codes(self, docs: Docs) -> NDArray[np.int32] | None:
        """The numbers of some documents, one after another; None where there are none."""
        having = docs[self._has[docs]]
        if not len(having):
            return None
        at = self._docs.searchsorted(having)
        starts = self._starts[at]
        return self._codes[ramps(starts, self._starts[at + 1] - starts)]


def _rows(
    column: Column, offset: int
) -> tuple[NDArray[np.int32], tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """A column as rows of fixed width (−1: empty cell), and (documents, numbers) of the rest."""
    starts = column.starts
    lengths = np.diff(starts)
    width = max(1, min(int(lengths.max(initial=0)), _WIDEST))
    rows = np.full((len(lengths), width), -1, dtype=np.int32)
    docs = column.docs
    place = np.arange(len(docs), dtype=np.int64) - starts[docs]
    fits = place < width
    rows[docs[fits], place[fits]] = column.codes[fits] + offset
    rows[lengths == 0, 0] = offset + len(column.values)
    spilled = ~fits
    return rows, (docs[spilled], (column.codes[spilled] + offset).astype(np.int32))


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
