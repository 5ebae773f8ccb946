"""What is measured of each contender, and the segmentation that they share.

All get the same words in the same order; only the index and the engine differ.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, Protocol

from indexer.analysis import Analyzer, load_analyzer
from indexer.document import Document

BATCH = 200


@dataclass(frozen=True)
class Question:
    """Words of one query. `every`: all are wanted, else any of them is enough."""

    words: tuple[str, ...]
    every: bool


@dataclass
class Answer:
    total: int
    ids: list[str]
    titles: list[str]
    facets: Mapping[str, Mapping[str, int]] | None = None
    snippets: list[str] | None = None


class Contender(Protocol):
    name: str

    def build(self, documents: Sequence[Document], folder: Path, workers: int) -> None: ...

    def open(self, folder: Path) -> Any:
        """Ready the index for `ask`."""

    def ask(
        self, question: Question, facets: Sequence[str] = (), snippets: bool = False
    ) -> Answer: ...

    def count(self, word: str) -> int: ...


@cache
def analyzer() -> Analyzer:
    return load_analyzer()


def ranges(documents: Sequence[Document], size: int = BATCH) -> list[slice]:
    """The places of consecutive documents, `size` at a time."""
    return [slice(first, first + size) for first in range(0, len(documents), size)]


_inherited: list[Sequence[Document]] = []


def take(place: slice) -> Sequence[Document]:
    """Documents of the collection that `workers_over` was called with, in one of its processes."""
    return _inherited[0][place]


def workers_over(documents: Sequence[Document], workers: int) -> Pool:
    """Processes that inherit the documents and the analyzer."""
    _inherited[:] = [documents]
    analyzer()
    # Segmenting leaves no garbage in cycles.
    return get_context("fork").Pool(workers, initializer=gc.disable)


def _segment(place: slice) -> list[tuple[str, str]]:
    texts = [text for document in take(place) for text in (document.title, document.text)]
    streams = analyzer().batch(texts)
    words = streams.words
    bounds = streams.bounds.tolist()
    joined = [" ".join(words[a:b]) for a, b in pairwise(bounds)]
    return list(zip(joined[::2], joined[1::2], strict=True))


def segmented(documents: Sequence[Document], workers: int) -> Iterator[tuple[Document, str, str]]:
    """Documents with title and text as words between spaces, segmented in `workers` processes.

    Only words travel between processes.
    """
    parts = ranges(documents)
    with workers_over(documents, workers) as pool:
        for place, part in zip(parts, pool.imap(_segment, parts), strict=True):
            for document, (title, text) in zip(documents[place], part, strict=True):
                yield document, title, text


def sync(folder: Path) -> None:
    """Make all files of a folder and their names durable."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
