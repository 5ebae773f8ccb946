"""The file of suggestions, made in a process of its own while the runs are merged.

with beside(engine, places) as suggestions:
    files = writer.write(runs)
files += suggestions.write(storage, folder)
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from indexer import stages
from indexer.analysis.suggestions import FILE, MOST_TITLES, build_suggestions
from indexer.engines.base import load_engine
from indexer.storage import Storage


class Suggestions:
    """Suggestions under way."""

    def __init__(self, future: Future[bytes]) -> None:
        self._future = future

    def write(self, storage: Storage, folder: Path) -> list[str]:
        """Write the file into a generation's folder; its name, or nothing where its process
        died (an index without suggestions answers every search). Raises OSError."""
        try:
            data = self._future.result()
        except BrokenProcessPool:
            return []
        with storage.create(folder / FILE) as file:
            file.write(data)
        return [FILE]


@contextmanager
def beside(engine: str, places: Sequence[Path]) -> Iterator[Suggestions]:
    """Make suggestions from runs and folders of generations during the block.

    The files must stay until the block ends.
    """
    # fork: the dictionaries that the caller has loaded are shared.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context, initializer=stages.initialize) as pool:
        yield Suggestions(pool.submit(_suggestions, engine, list(places)))


def _suggestions(engine: str, places: list[Path]) -> bytes:
    words, titles = load_engine(engine).vocabulary(places, MOST_TITLES)
    return build_suggestions(stages.analyzer(), words.items(), titles)
