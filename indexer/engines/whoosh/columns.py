"""Columns: one value or several per document, as numbers made for counting.

A facet column holds ordinals into its sorted values, from 1; 0 is "no value". So
`np.bincount(column.ords[docs])` counts values and the documents without one at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.lexicon import Lexicon, decode, encode
from indexer.engines.whoosh.narrow import bounds, smallest
from indexer.schema import FacetField

FacetValues = Callable[[Document], Sequence[str]]


def _above(code: str, path: Sequence[str]) -> tuple[str, ...]:
    """A county's code implies its city's; provinces have a facet of their own."""
    return (code[:4] + "00", code) if len(path) > 2 and len(code) == 6 else (code,)


def _places(role: str | None) -> FacetValues:
    def values(document: Document) -> Sequence[str]:
        return [
            code
            for place in document.places
            if place.level != "province" and (role is None or role in place.roles)
            for code in _above(place.code, place.path)
        ]

    return values


def _provinces(role: str | None) -> FacetValues:
    def values(document: Document) -> Sequence[str]:
        return [p.name for p in document.provinces if role is None or role in p.roles]

    return values


def _one(value: object) -> tuple[str, ...]:
    return () if value is None or value == "" else (str(value),)


FACET_VALUES: Mapping[str, FacetValues] = {
    "province": _provinces(None),
    "donor": _provinces("donor"),
    "recipient": _provinces("recipient"),
    "place": _places(None),
    "donor_place": _places("donor"),
    "recipient_place": _places("recipient"),
    "pair": lambda d: [
        f"{pair.donor[0]}>{pair.recipient[0]}" for pair in d.pairs if pair.donor and pair.recipient
    ],
    "year": lambda d: _one(d.year),
    "program": lambda d: [program.id for program in d.programs],
    "source": lambda d: _one(d.source),
    "flags": lambda d: d.flags,
    "family": lambda d: _one(d.family and d.family.id),
}
"""How each facet of the schema is read off a document."""


def day_number(date: str | None) -> int:
    """YYYYMMDD of an ISO 8601 date (unknown parts 00), 0 for none: sorts by time."""
    digits = (date or "").replace("-", "")[:8]
    return int(digits.ljust(8, "0")) if digits.isdecimal() and len(digits) >= 4 else 0


NUMBERS: Mapping[str, Callable[[Document], int]] = {"date": lambda d: day_number(d.date)}
"""How each numeric column (int32) is read off a document."""


class FacetColumn:
    """The values of one facet.

    `values`   sorted distinct values; ordinal k stands for `values[k - 1]`
    `ords`     single: one ordinal per document; multi: all ordinals, document by document
    `offsets`  multi: bounds of each document's part of `ords` (documents + 1); else None
    """

    def __init__(
        self, field: FacetField, values: Lexicon, ords: NDArray[Any], offsets: NDArray[Any] | None
    ) -> None:
        self.field, self.values, self.ords, self.offsets = field, values, ords, offsets

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], field: FacetField) -> FacetColumn:
        name = f"facet.{field.name}"
        offsets = arrays[f"{name}.bounds"] if field.multi else None
        return cls(field, Lexicon.read(arrays, name), arrays[f"{name}.ords"], offsets)

    def write(self, out: ArrayFileWriter) -> None:
        name = f"facet.{self.field.name}"
        self.values.write(out, name)
        out.add(f"{name}.ords", self.ords.astype(smallest(len(self.values))))
        if self.offsets is not None:
            out.add(f"{name}.bounds", self.offsets.astype(np.uint32))

    @cached_property
    def docs(self) -> NDArray[Any]:
        """The document of each of `ords` (for a single column: 0, 1, 2 …)."""
        if self.offsets is None:
            return np.arange(len(self.ords), dtype=np.int32)
        counts = np.diff(self.offsets)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def labels(self) -> list[str]:
        """The values as strings: ordinal k is `labels[k - 1]`."""
        return list(map(decode, self.values))

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """For a column of numbers: the number of each ordinal, at 0 the smallest integer."""
        none = np.iinfo(np.int64).min
        return np.array([none, *(int(label) for label in self.labels)], np.int64)

    def of(self, doc: int) -> list[str]:
        """The values of one document."""
        if self.offsets is None:
            ords = self.ords[doc : doc + 1]
        else:
            start, end = self.offsets[doc : doc + 2].tolist()
            ords = self.ords[start:end]
        return [self.labels[ordinal - 1] for ordinal in ords.tolist() if ordinal]

    def docs_with(self, value: str) -> NDArray[np.int64]:
        """Documents that have a value, ascending; "" asks for those without any."""
        if value:
            ordinal = self.values.find(value) + 1
            return self.docs[np.flatnonzero(self.ords == ordinal)] if ordinal else _NONE
        if self.offsets is None:
            return np.flatnonzero(self.ords == 0)
        return np.flatnonzero(np.diff(self.offsets) == 0)


_NONE = np.empty(0, np.int64)
_EMPTY: list[bytes] = []


def build_column(field: FacetField, values: Sequence[Sequence[str]]) -> FacetColumn:
    """A column from each document's values; doubled values count once."""
    # Most columns are empty for most documents.
    rows = [[encode(v) for v in dict.fromkeys(row)] if row else _EMPTY for row in values]
    lexicon = Lexicon.of(sorted({value for row in rows if row for value in row}))
    number = {value: ordinal for ordinal, value in enumerate(lexicon, 1)}
    kind = smallest(len(lexicon))
    if not field.multi:
        ords = np.array([number[row[0]] if row else 0 for row in rows], kind)
        return FacetColumn(field, lexicon, ords, None)
    flat = np.array([number[value] for row in rows if row for value in row], kind)
    counts = np.fromiter(map(len, rows), np.int64, len(rows))
    return FacetColumn(field, lexicon, flat, bounds(counts))


def merge_columns(
    field: FacetField, parts: Sequence[tuple[FacetColumn, NDArray[np.int64]]]
) -> FacetColumn:
    """The column of the documents kept (ascending numbers) of several columns, in their order."""
    names: set[bytes] = set()
    kept: list[tuple[NDArray[Any], NDArray[np.int64], list[bytes]]] = []
    for column, keep in parts:
        if column.offsets is None:
            ords, counts = column.ords[keep], np.ones(len(keep), np.int64)
        else:
            mask = np.zeros(len(column.offsets) - 1, bool)
            mask[keep] = True
            ords, counts = column.ords[mask[column.docs]], np.diff(column.offsets)[keep]
        values = list(column.values)
        names.update(values[ordinal - 1] for ordinal in np.unique(ords).tolist() if ordinal)
        kept.append((ords, counts.astype(np.int64), values))
    lexicon = Lexicon.of(sorted(names))
    number = {value: ordinal for ordinal, value in enumerate(lexicon, 1)}
    new = []
    for ords, _, values in kept:
        table = np.array([0, *(number.get(value, 0) for value in values)], np.int64)
        new.append(table[ords])
    flat = np.concatenate([np.empty(0, np.int64), *new]).astype(smallest(len(lexicon)))
    counts = np.concatenate([np.empty(0, np.int64), *(counts for _, counts, _ in kept)])
    return FacetColumn(field, lexicon, flat, bounds(counts) if field.multi else None)
