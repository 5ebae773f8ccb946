"""Whoosh's codec interface over array segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.codec import base


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What the table of contents keeps of a segment."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._documents = 0
        self._deleted: set[int] = set()

    def codec(self) -> Any:
        return ArrayCodec()

    def set_doc_count(self, doccount: int) -> None:
        self._documents = doccount

    def doc_count_all(self) -> int:
        return self._documents

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self._deleted))

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads and writes array segments for Whoosh."""
