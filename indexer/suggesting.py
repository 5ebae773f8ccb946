"""The file of suggestions, made in a process of its own while the runs are merged.

with beside(engine, places) as suggestions:
    files = writer.write(runs)
files += suggestions.write(storage, folder)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from indexer import stages
from indexer.analysis.suggestions import FILE, MOST_TITLES, build_suggestions
from indexer.engines.base import load_engine
from indexer.storage import Storage
from indexer.worker import Died, Worker

Place = tuple[str, list[Path]]
"""An engine, and runs and folders of generations of it."""


@dataclass
class Suggestions:
    """Suggestions: the content of their file, once they are made."""

    data: bytes | None = None

    def write(self, storage: Storage, folder: Path) -> list[str]:
        """Write the file into a generation's folder; its name, or nothing where its process
        died (an index without suggestions answers every search). Raises OSError."""
        if self.data is None:
            return []
        with storage.create(folder / FILE) as file:
            file.write(self.data)
        return [FILE]


@contextmanager
def beside(engine: str, places: Sequence[Path]) -> Iterator[Suggestions]:
    """Make suggestions from runs and folders of generations during the block; they are there
    when it ends.

    The files must stay until the block ends.
    """
    suggestions = Suggestions()
    worker = Worker(_suggestions, stages.initialize, [])
    try:
        worker.send(0, (engine, list(places)))
        yield suggestions
        with suppress(Died):
            _, suggestions.data = worker.receive()
    finally:
        worker.end()


def _suggestions(place: Place) -> bytes:
    engine, places = place
    words, titles = load_engine(engine).vocabulary(places, MOST_TITLES)
    return build_suggestions(stages.analyzer(), words.items(), titles)
