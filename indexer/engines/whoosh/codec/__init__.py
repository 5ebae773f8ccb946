"""Whoosh's codec interface over array segments.

So every Whoosh query, collector and facet works over a generation, and a stock
`IndexWriter(codec=ArrayCodec())` writes postings as the same arrays. Whoosh asks a codec
for a segment's terms (`terms.py`, `matcher.py`) and for its documents (`documents.py`);
`archive.py` gives both for the segments of a generation, `written.py` and `writing.py` for
those that Whoosh itself writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.codec import base

from indexer.engines.whoosh.codec.archive import ArchiveDocuments, archive_terms, find_segment
from indexer.engines.whoosh.codec.terms import ArrayTermsReader
from indexer.engines.whoosh.codec.writing import ArrayFieldWriter, ArrayPerDocWriter
from indexer.engines.whoosh.codec.written import WrittenDocuments, written_terms


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What the table of contents keeps of a segment. It is pickled: keep its attributes."""

    def __init__(
        self,
        indexname: str,
        segid: str | None = None,
        documents: int = 0,
        deleted: Iterable[int] = (),
    ) -> None:
        super().__init__(indexname)
        if segid is not None:
            self.segid = segid
        self._documents = documents
        self._deleted = frozenset(deleted)

    def codec(self) -> ArrayCodec:
        return ArrayCodec()

    def should_assemble(self) -> bool:
        # A file that is to be mapped must stay a file of its own.
        return False

    def set_doc_count(self, doccount: int) -> None:
        self._documents = doccount

    def doc_count_all(self) -> int:
        return self._documents

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self._deleted))

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        self._deleted = self._deleted | {docnum} if delete else self._deleted - {docnum}

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads segments of a generation, and reads and writes those of a stock `IndexWriter`."""

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTermsReader:
        archive = find_segment(storage, segment)
        terms = written_terms(storage, segment) if archive is None else archive_terms(archive)
        return ArrayTermsReader(terms)

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> Any:
        archive = find_segment(storage, segment)
        if archive is None:
            return WrittenDocuments(storage, segment)
        return ArchiveDocuments(segment, archive)

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> ArrayPerDocWriter:
        return ArrayPerDocWriter(storage, segment)

    def field_writer(self, storage: Any, segment: ArraySegment) -> ArrayFieldWriter:
        return ArrayFieldWriter(storage, segment)
