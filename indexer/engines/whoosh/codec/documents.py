"""What Whoosh asks of the documents of a segment, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base


class SegmentDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """The common half of Whoosh's `PerDocumentReader`: deletions, which are those of the table
    of contents, and lengths, which come as one array per field."""

    def __init__(self, segment: Any) -> None:
        self._segment = segment

    def lengths(self, fieldname: str) -> NDArray[Any] | None:
        """Tokens per document of a field, None where it has none."""
        raise NotImplementedError

    def supports_columns(self) -> bool:
        return True

    # -- numbers and deletions -----------------------------------------------------------

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        deleted: Iterator[int] = self._segment.deleted_docs()
        return deleted

    # -- lengths -------------------------------------------------------------------------

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self.lengths(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None else int(lengths.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.max())
