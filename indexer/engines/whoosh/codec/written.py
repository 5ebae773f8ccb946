"""Read the segments that a stock Whoosh writer made with this codec, of any schema.

`NAME.terms` holds per field a lexicon, postings and encoded values, `NAME.documents`
lengths, stored fields and vectors, `NAME.FIELD.column` the columns in Whoosh's own form.
Stored fields are pickles, as with Whoosh's own codec: trust is decided where the
index is opened.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage

from indexer.engines.whoosh.arrayfile import ArrayFile
from indexer.engines.whoosh.codec.documents import SegmentDocuments
from indexer.engines.whoosh.codec.matcher import ArrayMatcher, TermPostings
from indexer.engines.whoosh.codec.terms import Terms
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.segment import PostingsReader

TERMS, DOCUMENTS, COLUMN = ".terms", ".documents", ".column"


def open_arrays(storage: Any, segment: Any, extension: str) -> ArrayFile:
    """An array file out of any of Whoosh's storages; mapped where it is a folder."""
    name = segment.make_filename(extension)
    if isinstance(storage, FileStorage):
        return ArrayFile(Path(storage.folder) / name)
    file = storage.open_file(name)
    try:
        return ArrayFile.of_bytes(bytes(file.read()), name)
    finally:
        file.close()


class WrittenTerms:
    """Terms of one field with the values that its format encoded."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], name: str, documents: int) -> None:
        self._reader = PostingsReader(arrays, name, documents)
        self._weights = arrays[f"{name}.weights"]
        self._values = Lexicon.read(arrays, f"{name}.values")
        self._lengths = arrays.get(f"{name}.posting_lengths")

    @property
    def lexicon(self) -> Lexicon:
        return self._reader.terms

    def frequency(self, term: int) -> int:
        return self._reader.frequency(term)

    def postings(self, term: int, format_: Any) -> TermPostings:
        start, end = self._reader.bounds[term : term + 2].tolist()
        lengths = None if self._lengths is None else self._lengths[start:end]
        return TermPostings(
            self._reader.docs(term),
            self._weights[start:end],
            lengths,
            lambda place: self._values[start + place],
        )


def written_terms(storage: Any, segment: Any) -> Mapping[str, Terms]:
    arrays = open_arrays(storage, segment, TERMS)
    documents = int(arrays.attributes["documents"])
    return {
        field: WrittenTerms(arrays, f"field.{number}", documents)
        for number, field in enumerate(arrays.attributes["fields"])
    }


class WrittenDocuments(SegmentDocuments):
    """Documents as Whoosh hands them over, with columns and vectors of any schema."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(segment)
        self._storage = storage
        self._arrays = open_arrays(storage, segment, DOCUMENTS)
        self._column_files: dict[str, Any] = {}
        self._stored = Lexicon.read(self._arrays, "stored")
        attributes = self._arrays.attributes
        self._length_of = {name: f"length.{n}" for n, name in enumerate(attributes["lengths"])}
        self._vector_of = {name: f"vector.{n}" for n, name in enumerate(attributes["vectors"])}

    def lengths(self, fieldname: str) -> NDArray[Any] | None:
        name = self._length_of.get(fieldname)
        return None if name is None else self._arrays[name]

    # -- columns -------------------------------------------------------------------------

    def _column_file(self, fieldname: str) -> str:
        return str(self._segment.make_filename(f".{fieldname}{COLUMN}"))

    def has_column(self, fieldname: str) -> bool:
        return bool(self._storage.file_exists(self._column_file(fieldname)))

    def column_reader(self, fieldname: str, column: Any) -> Any:
        name = self._column_file(fieldname)
        length = self._storage.file_length(name)
        if name not in self._column_files:
            self._column_files[name] = self._storage.open_file(name)
        return column.reader(self._column_files[name], 0, length, self.doc_count_all())

    def close(self) -> None:
        for file in self._column_files.values():
            file.close()
        self._column_files.clear()

    # -- vectors and stored fields -------------------------------------------------------

    def _vector_range(self, docnum: int, fieldname: str) -> tuple[int, int]:
        name = self._vector_of.get(fieldname)
        if name is None:
            return 0, 0
        start, end = self._arrays[f"{name}.bounds"][docnum : docnum + 2].tolist()
        return start, end

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        start, end = self._vector_range(docnum, fieldname)
        return end > start

    def vector(self, docnum: int, fieldname: str, format_: Any) -> VectorMatcher:
        start, end = self._vector_range(docnum, fieldname)
        if start == end:
            raise KeyError(f"Field {fieldname!r} has no vector in document {docnum}")
        name = self._vector_of[fieldname]
        texts = Lexicon.read(self._arrays, f"{name}.texts").slice(start, end)
        values = Lexicon.read(self._arrays, f"{name}.values")
        postings = TermPostings(
            np.arange(end - start),
            self._arrays[f"{name}.weights"][start:end],
            None,
            lambda place: values[start + place],
        )
        return VectorMatcher(postings, format_, [text.decode("utf-8") for text in texts])

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        stored: dict[str, Any] = pickle.loads(self._stored[docnum])  # noqa: S301 - see above
        return stored


class VectorMatcher(ArrayMatcher):
    """The terms of one document: its ids are texts."""

    def __init__(
        self, postings: TermPostings, format_: Any, texts: list[str], place: int = 0
    ) -> None:
        super().__init__(postings, format_, place=place)
        self._texts = texts

    def copy(self) -> VectorMatcher:
        return VectorMatcher(self._postings, self.format, self._texts, self._place)

    def id(self) -> Any:
        return self._texts[self._place]

    def all_ids(self) -> Iterator[Any]:
        return iter(self._texts[self._place :])

    def skip_to(self, id: Any) -> None:  # noqa: A002 - Whoosh's name
        while self.is_active() and self.id() < id:
            self.next()
