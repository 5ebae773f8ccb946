"""The writing halves of the codec, for a stock Whoosh `IndexWriter` of any schema.

Whoosh hands over one posting at a time, so this is for small collections; archives go
through `indexer.engines.whoosh.writer`. What is written are the same arrays of postings,
with the weights and encoded values that Whoosh made beside them.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from whoosh.codec import base

from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.codec.written import COLUMN, DOCUMENTS, TERMS
from indexer.engines.whoosh.inversion import Postings, write_postings
from indexer.engines.whoosh.lexicon import Lexicon, encode
from indexer.engines.whoosh.narrow import bounds


def _create(storage: Any, segment: Any, extension: str) -> ArrayFileWriter:
    return ArrayFileWriter(segment.create_file(storage, extension))


class _Field:
    """The postings of one field, in term order."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        self.counts: list[int] = []
        self.docs: list[int] = []
        self.weights: list[float] = []
        self.values: list[bytes] = []
        self.lengths: list[int] = []


class ArrayFieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Implements Whoosh's `FieldWriter`."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._storage = storage
        self._segment = segment
        self._fields: dict[str, _Field] = {}
        self._field: _Field | None = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        self._field = self._fields.setdefault(fieldname, _Field())

    def start_term(self, text: bytes) -> None:
        field = self._current()
        field.terms.append(text)
        field.counts.append(0)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        field = self._current()
        field.counts[-1] += 1
        field.docs.append(docnum)
        field.weights.append(weight)
        field.values.append(vbytes)
        field.lengths.append(length or 0)

    def finish_term(self) -> None:
        """Nothing is left to do for a term."""

    def finish_field(self) -> None:
        self._field = None

    def _current(self) -> _Field:
        if self._field is None:
            raise ValueError("no field was started")
        return self._field

    def close(self) -> None:
        documents = 1 + max((max(f.docs, default=-1) for f in self._fields.values()), default=-1)
        with _create(self._storage, self._segment, TERMS) as out:
            out.attributes = {"documents": documents, "fields": list(self._fields)}
            for number, field in enumerate(self._fields.values()):
                name = f"field.{number}"
                Lexicon.of(field.terms).write(out, f"{name}.terms")
                edges = bounds(np.array(field.counts, np.int64))
                docs = np.array(field.docs, np.uint32)
                freqs = np.ones(len(docs), np.uint32)
                write_postings(out, name, Postings(edges, docs, freqs), documents)
                out.add(f"{name}.weights", np.array(field.weights, np.float32))
                Lexicon.of(field.values).write(out, f"{name}.values")
                if any(field.lengths):
                    out.add(f"{name}.posting_lengths", np.array(field.lengths, np.uint32))
        self.is_closed = True


class ArrayPerDocWriter(base.PerDocWriterWithColumns):  # type: ignore[misc]
    """Implements Whoosh's `PerDocumentWriter`."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__()
        self._storage = storage
        self._segment = segment
        self._columns: dict[str, Any] = {}
        self._lengths: dict[str, dict[int, int]] = {}
        self._vectors: dict[str, dict[int, Sequence[tuple[str, float, bytes]]]] = {}
        self._stored: list[dict[str, Any]] = []
        self.is_closed = False

    def _has_column(self, fieldname: str) -> bool:
        return fieldname in self._columns

    def _create_column(self, fieldname: str, column: Any) -> None:
        file = self._segment.create_file(self._storage, f".{fieldname}{COLUMN}")
        self._columns[fieldname] = (column.writer(file), file)

    def _get_column(self, fieldname: str) -> Any:
        return self._columns[fieldname][0]

    def start_doc(self, docnum: int) -> None:
        if docnum != len(self._stored):
            raise ValueError(f"document {docnum} came where {len(self._stored)} was expected")
        self._docnum = docnum
        self._stored.append({})

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int | None) -> None:
        if value is not None:
            self._stored[-1][fieldname] = value
        if length:
            self._lengths.setdefault(fieldname, {})[self._docnum] = length

    def add_vector_items(
        self, fieldname: str, fieldobj: Any, items: Iterable[tuple[str, float, bytes]]
    ) -> None:
        self._vectors.setdefault(fieldname, {})[self._docnum] = list(items)

    def cancel_doc(self) -> None:
        """Take back the document that was started."""
        self._stored.pop()
        for lengths in self._lengths.values():
            lengths.pop(self._docnum, None)
        for vectors in self._vectors.values():
            vectors.pop(self._docnum, None)

    def close(self) -> None:
        documents = len(self._stored)
        with _create(self._storage, self._segment, DOCUMENTS) as out:
            out.attributes = {"lengths": list(self._lengths), "vectors": list(self._vectors)}
            Lexicon.of([pickle.dumps(fields) for fields in self._stored]).write(out, "stored")
            for number, lengths in enumerate(self._lengths.values()):
                column = np.zeros(documents, np.uint32)
                column[list(lengths)] = list(lengths.values())
                out.add(f"length.{number}", column)
            for number, vectors in enumerate(self._vectors.values()):
                rows = [vectors.get(doc, ()) for doc in range(documents)]
                items = [item for row in rows for item in row]
                name = f"vector.{number}"
                out.add(f"{name}.bounds", bounds(np.array([len(row) for row in rows])))
                Lexicon.of([encode(text) for text, _, _ in items]).write(out, f"{name}.texts")
                Lexicon.of([value for _, _, value in items]).write(out, f"{name}.values")
                weights = np.array([weight for _, weight, _ in items], np.float32)
                out.add(f"{name}.weights", weights)
        for writer, file in self._columns.values():
            writer.finish(documents)
            file.close()
        self.is_closed = True
