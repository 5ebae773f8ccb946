"""Small generations for the tests of the reading engine, split into segments at will."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path

from indexer.analysis import Analyzer, field_batches, load_analyzer
from indexer.document import Document
from indexer.engines.base import Run, load_engine
from indexer.storage import Storage
from search_app.search.engines.whoosh.engine import WhooshEngine

ENGINE = load_engine("whoosh")


@cache
def analyzer() -> Analyzer:
    return load_analyzer()


def open_archive(
    folder: Path, *parts: Sequence[Document], remove: Collection[str] = ()
) -> WhooshEngine:
    """An engine over the documents; each further part is one update, the last one removes."""
    current = folder / "0"
    current.mkdir()
    ENGINE.writer(Storage(), current).write([_run(folder, 0, parts[0] if parts else ())])
    for number, rows in enumerate(parts[1:], 1):
        after = folder / str(number)
        after.mkdir()
        ENGINE.writer(Storage(), after).update(current, [_run(folder, number, rows)])
        current = after
    if remove:
        after = folder / "removed"
        after.mkdir()
        ENGINE.writer(Storage(), after).update(current, [], remove=remove)
        current = after
    return WhooshEngine(current)


def _run(folder: Path, number: int, rows: Sequence[Document]) -> Run:
    builder = ENGINE.run_builder(Storage(), analyzer().subwords)
    builder.add(rows, field_batches(analyzer(), rows))
    return builder.write_run(folder / f"run{number}")


def ids(engine: WhooshEngine, docs: Iterable[int]) -> list[str]:
    return [engine.id(int(doc)) for doc in docs]
