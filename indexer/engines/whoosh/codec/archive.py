"""A generation's segment as Whoosh sees it.

Text fields and their sub-words come from their postings. Facets, ids and dates have no
postings of their own: their columns say which documents have a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.fields import NUMERIC
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Positions
from whoosh.system import pack_uint

from indexer.engines.whoosh.codec.documents import SegmentDocuments
from indexer.engines.whoosh.codec.matcher import TermPostings
from indexer.engines.whoosh.codec.terms import Terms
from indexer.engines.whoosh.columns import FacetColumn
from indexer.engines.whoosh.lexicon import Lexicon, encode
from indexer.engines.whoosh.segment import (
    SHADOW,
    SUFFIX,
    FieldReader,
    PostingsReader,
    SegmentReader,
)

STORED = ("title", "date", "url", "source", "author")
"""What Whoosh finds among a document's stored fields, beside id and text."""

YEAR = NUMERIC(int, 32, shift_step=0, sortable=True)


def find_segment(storage: Any, segment: Any) -> SegmentReader | None:
    """The segment's arrays where it belongs to a generation on disk."""
    if not isinstance(storage, FileStorage):
        return None
    path = Path(storage.folder) / segment.make_filename(SUFFIX)
    return SegmentReader(path) if path.exists() else None


class FieldTerms:
    """Terms with postings in arrays; with positions where the reader has them."""

    def __init__(self, reader: PostingsReader, lengths: NDArray[Any]) -> None:
        self._reader = reader
        self._lengths = lengths

    @property
    def lexicon(self) -> Lexicon:
        return self._reader.terms

    def frequency(self, term: int) -> int:
        return self._reader.frequency(term)

    def postings(self, term: int, format_: Any) -> TermPostings:
        docs, freqs = self._reader.postings(term)
        positions: Callable[[int], list[int]] | None = None
        if isinstance(self._reader, FieldReader):
            reader = self._reader
            found: list[tuple[NDArray[np.int64], NDArray[Any]]] = []

            def positions(place: int) -> list[int]:
                # Read when first asked for: most queries never do.
                if not found:
                    found.append(reader.positions(term))
                edges, values = found[0]
                of_doc: list[int] = values[edges[place] : edges[place + 1]].tolist()
                return of_doc

        def value(place: int) -> bytes:
            if positions is not None and isinstance(format_, Positions):
                return bytes(format_.encode(positions(place)))
            return bytes(pack_uint(int(freqs[place])))

        return TermPostings(docs, freqs, self._lengths[docs], value, positions)


class ColumnTerms:
    """Terms of a column: each value is a term of the documents that have it."""

    def __init__(
        self, values: Sequence[bytes], docs: Callable[[int], NDArray[Any]], *, counted: bool
    ) -> None:
        """`docs(i)` gives the documents of `values[i]`; `counted` formats hold a frequency."""
        self._order = sorted(range(len(values)), key=values.__getitem__)
        self._lexicon = Lexicon.of([values[index] for index in self._order])
        self._docs = docs
        self._value = bytes(pack_uint(1)) if counted else b""

    @property
    def lexicon(self) -> Lexicon:
        return self._lexicon

    def frequency(self, term: int) -> int:
        return len(self._docs(self._order[term]))

    def postings(self, term: int, format_: Any) -> TermPostings:
        return TermPostings(self._docs(self._order[term]), None, None, lambda place: self._value)


def archive_terms(segment: SegmentReader) -> Mapping[str, Terms]:
    """The terms of every indexed field of the schema."""
    fields: dict[str, Terms] = {}
    for name, reader in segment.fields.items():
        fields[name] = FieldTerms(reader, reader.lengths)
        fields[name + SHADOW] = FieldTerms(segment.subwords[name], reader.lengths)
    for name, column in segment.facets.items():
        values = [
            bytes(YEAR.to_bytes(int(label))) if column.field.kind == "number" else encode(label)
            for label in column.labels
        ]
        fields[name] = ColumnTerms(
            values,
            partial(_docs_with, column),
            counted=column.field.multi,
        )
    fields["id"] = ColumnTerms(
        list(segment.ids), lambda doc: np.array([doc], np.int64), counted=False
    )
    return fields


def _docs_with(column: FacetColumn, index: int) -> NDArray[Any]:
    return column.docs_with(column.labels[index])


class ArchiveDocuments(SegmentDocuments):
    """Documents of a generation: facets are their columns."""

    def __init__(self, segment: Any, arrays: SegmentReader) -> None:
        super().__init__(segment)
        self._arrays = arrays

    def lengths(self, fieldname: str) -> NDArray[Any] | None:
        field = self._arrays.fields.get(fieldname.removesuffix(SHADOW))
        return None if field is None else field.lengths

    # -- columns -------------------------------------------------------------------------

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self._arrays.facets

    def list_columns(self) -> list[str]:
        return list(self._arrays.facets)

    def column_reader(self, fieldname: str, column: Any) -> ArrayColumnReader:
        facet = self._arrays.facets[fieldname]
        default = column.default_value()
        if facet.field.kind == "number":
            field = YEAR
            values = [field.to_column_value(int(label)) for label in facet.labels]
        else:
            values = [encode(label) for label in facet.labels]
        ords = facet.ords
        if facet.offsets is not None:
            # Whoosh's columns hold one value; a document's first stands for all.
            has = np.diff(facet.offsets) > 0
            first = facet.offsets[:-1].astype(np.int64)
            ords = np.zeros(len(has), np.int64)
            ords[has] = facet.ords[first[has]]
        return ArrayColumnReader([default, *values], ords)

    # -- stored fields -------------------------------------------------------------------

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        content = self._arrays.metadata(docnum)
        stored = {name: content[name] for name in STORED if name in content}
        return {"id": content["id"], "text": self._arrays.text(docnum), **stored}


class ArrayColumnReader(columns.ColumnReader):  # type: ignore[misc]
    """A Whoosh column over ordinals: document i has `values[ords[i]]`."""

    def __init__(self, values: Sequence[Any], ords: NDArray[Any]) -> None:
        self._values = values
        self._ords = ords
        self._reverse = False

    def __len__(self) -> int:
        return len(self._ords)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[self._ords[docnum]]

    def sort_key(self, docnum: int) -> Any:
        return -self[docnum] if self._reverse else self[docnum]

    def set_reverse(self) -> None:
        self._reverse = True

    @cached_property
    def _loaded(self) -> list[Any]:
        return [self._values[ordinal] for ordinal in self._ords.tolist()]

    def load(self) -> list[Any]:
        return self._loaded

    def __iter__(self) -> Iterator[Any]:
        return iter(self._loaded)
