"""The texts of documents, those read last kept decoded."""

from __future__ import annotations

import sys
import threading

from indexer.engines.whoosh.segment import Generation

_KEPT = 4 << 20
"""Bytes of decoded texts that are kept: some thousand pages, since the same documents come
again on the next page, with another facet, and for the next question about a matter."""


class Texts:
    """Bodies by document number. Safe between threads."""

    def __init__(self, generation: Generation, capacity: int = _KEPT) -> None:
        self._generation, self._capacity = generation, capacity
        self._kept: dict[int, str] = {}
        self._size = 0
        self._lock = threading.Lock()

    def __getitem__(self, doc: int) -> str:
        """Raises KeyError."""
        text = self._kept.get(doc)
        if text is None:
            segment, local = self._generation.locate(doc)
            text = segment.text(local)
            self._keep(doc, text)
        return text

    def _keep(self, doc: int, text: str) -> None:
        size = sys.getsizeof(text)
        if size > self._capacity // 8:
            return
        with self._lock:
            if doc in self._kept:
                return
            self._kept[doc] = text
            self._size += size
            while self._size > self._capacity:
                # The one that has been here longest.
                self._size -= sys.getsizeof(self._kept.pop(next(iter(self._kept))))
