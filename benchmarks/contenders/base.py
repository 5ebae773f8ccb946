"""What is measured of each contender, and the segmentation that they share.

All get the same words in the same order; only the index and the engine differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from multiprocessing import get_context
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
    facets: dict[str, dict[str, int]] | None = None
    snippets: list[str] | None = None


class Contender(Protocol):
    name: str

    def build(self, documents: Iterable[Document], folder: Path, workers: int) -> None: ...

    def open(self, folder: Path) -> Any:
        """Ready the index for `ask`."""

    def ask(
        self, question: Question, facets: Sequence[str] = (), snippets: bool = False
    ) -> Answer: ...

    def count(self, word: str) -> int: ...


@cache
def analyzer() -> Analyzer:
    return load_analyzer()


def batches(documents: Iterable[Document], size: int = BATCH) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, size)):
        yield batch


def _segment(batch: list[Document]) -> list[tuple[Document, str, str]]:
    texts = [text for document in batch for text in (document.title, document.text)]
    streams = analyzer().batch(texts)
    words = streams.words
    bounds = streams.bounds.tolist()
    joined = [" ".join(words[a:b]) for a, b in pairwise(bounds)]
    return [(d, joined[2 * i], joined[2 * i + 1]) for i, d in enumerate(batch)]


def segmented(documents: Iterable[Document], workers: int) -> Iterator[tuple[Document, str, str]]:
    """Documents with title and text as words between spaces, segmented in `workers` processes."""
    analyzer()
    with get_context("fork").Pool(workers) as pool:
        for part in pool.imap(_segment, batches(documents)):
            yield from part
