"""What was read of documents last, kept decoded.

The same documents come again: on the next page, with another facet, for the next question about
the matter. Nothing is kept of questions here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by document number, made when they are first asked for; those made first go when
    all take more than `capacity` bytes. Safe between threads."""

    def __init__(
        self, make: Callable[[int], Value], size: Callable[[Value], int], capacity: int
    ) -> None:
        self._make, self._bytes, self._capacity = make, size, capacity
        self._kept: dict[int, Value] = {}
        self._size = 0
        self._lock = threading.Lock()

    def __getitem__(self, doc: int) -> Value:
        """Raises what `make` raises."""
        found = self._kept.get(doc)
        if found is None:
            found = self._make(doc)
            self._keep(doc, found)
        return found

    def _keep(self, doc: int, value: Value) -> None:
        with self._lock:
            if doc not in self._kept:
                self._kept[doc] = value
                self._size += self._bytes(value)
            while self._size > self._capacity:
                self._size -= self._bytes(self._kept.pop(next(iter(self._kept))))
