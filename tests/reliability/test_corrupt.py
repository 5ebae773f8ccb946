"""Whatever changes in an index folder, `check` finds it and reading goes on with what is sound.

python -m pytest -m soak tests/reliability/test_corrupt.py     # every byte of every file
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.query import Regex

from indexer import pipeline
from indexer.errors import IndexProblem
from indexer.generations import CURRENT, LOCK, IndexFolder
from search_app.search.opening import open_generation

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def index(archive: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    options = pipeline.Options(without=frozenset({"repair"}))
    pipeline.build([archive], folder, options)
    pipeline.build([archive], folder, options)
    return folder


def files(index: Path) -> Iterator[Path]:
    return (path for path in sorted(index.rglob("*")) if path.is_file() and path.name != LOCK)


def damaged(index: Path) -> bool:
    return any(found for found in IndexFolder(index).check().values())


def flip_bytes(index: Path, step: int) -> int:
    flips = 0
    for path in files(index):
        data = path.read_bytes()
        assert data, path
        # The head and the tail of every file, and of the middle every `step`-th byte.
        places = {*range(min(64, len(data))), *range(max(len(data) - 64, 0), len(data))}
        places |= set(range(0, len(data), step))
        with path.open("r+b", buffering=0) as file:
            for place in sorted(places):
                file.seek(place)
                file.write(bytes([data[place] ^ (1 << place % 8)]))
                assert damaged(index), f"{path.name}, byte {place}"
                flips += 1
                file.seek(place)
                file.write(data[place : place + 1])
    assert not damaged(index)
    return flips


def test_flipped_bytes_are_found(index: Path) -> None:
    assert flip_bytes(index, step=37) > 1000


@pytest.mark.soak
def test_a_flipped_bit_in_every_byte_of_every_file_is_found(index: Path) -> None:
    flip_bytes(index, step=1)


def test_cut_emptied_deleted_and_swapped_files_are_found(index: Path) -> None:
    how = random.Random(3)
    known = list(files(index))
    for path in known:
        data = path.read_bytes()
        for length in {0, 1, len(data) - 1, how.randrange(len(data))}:
            path.write_bytes(data[:length])
            assert damaged(index), f"{path.name} cut to {length}"
        path.write_bytes(data + b"\0")
        assert damaged(index), f"{path.name} with a byte more"
        path.unlink()
        assert damaged(index), f"{path.name} deleted"
        path.write_bytes(data)
    for one in known:
        for other in known:
            first, second = one.read_bytes(), other.read_bytes()
            if first == second:
                continue
            one.write_bytes(second)
            other.write_bytes(first)
            assert damaged(index), f"{one.name} and {other.name} swapped"
            one.write_bytes(first)
            other.write_bytes(second)
    assert not damaged(index)


def test_reading_goes_on_with_the_newest_sound_generation(index: Path) -> None:
    folder = IndexFolder(index)
    old, new = folder.names()
    for path in files(index / "generations" / new):
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
        generation = folder.open_current()
        assert generation.name == old
        assert generation.problems
        path.write_bytes(data)
    assert folder.open_current().name == new
    (index / CURRENT).write_bytes(b"garbage")
    assert folder.open_current().name == new


def test_nothing_sound_is_an_error_and_never_a_new_index(index: Path) -> None:
    folder = IndexFolder(index)
    for name in folder.names():
        shutil.rmtree(index / "generations" / name)
        (index / "generations" / name).mkdir()
    before = sorted(path.name for path in index.rglob("*"))
    with pytest.raises(IndexProblem):
        folder.open_current()
    assert sorted(path.name for path in index.rglob("*")) == before


class Bomb:
    """A pickle that leaves a file behind when it is loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self.mark),))


def test_a_planted_pickle_is_never_loaded(index: Path, tmp_path: Path) -> None:
    folder = IndexFolder(index)
    old, new = folder.names()
    mark = tmp_path / "loaded"
    (toc,) = (index / "generations" / new).glob("*.toc")
    bomb = pickle.dumps(Bomb(mark))
    size = toc.stat().st_size
    # A pickle ends where it says so: what follows only makes the size right.
    toc.write_bytes(bomb + bytes(size - len(bomb)))
    assert toc.stat().st_size == size
    opened = open_generation(index)
    assert opened.name == old
    # A query of Whoosh's own makes it open the table of contents.
    assert opened.engine.search_whoosh(Regex("text", "残.*"))  # type: ignore[attr-defined]
    assert not mark.exists()
