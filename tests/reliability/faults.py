"""Disks that fail, fill up, stop, or forget what was not synced.

`FailingStorage` lets the Nth operation fail, once or from then on (a full disk, a
bad one). `ForgetfulStorage` stops at the Nth operation as a power cut does, and then
`lose` leaves on disk what such a cut may leave: files that were not synced are lost,
halved, zeroed or flipped, and changes of names that were not synced are undone, in any
combination.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from indexer.storage import Storage


class PowerCut(BaseException):
    """The machine stopped here; nothing after it happens."""


class _File:
    """A file whose every write is an operation of the storage."""

    def __init__(self, file: BinaryIO, step: Callable[[str], None]) -> None:
        self._file, self._step = file, step

    def write(self, data: Any) -> int:
        self._step("write")
        return self._file.write(data)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class CountingStorage(Storage):
    """Counts operations and calls `step` before each."""

    def __init__(self) -> None:
        self.operations = 0

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def step(self, what: str) -> None:
        self.operations += 1

    def create(self, path: Path) -> BinaryIO:
        self.step("create")
        return _File(super().create(path), self.step)  # type: ignore[return-value]

    def sync(self, path: Path) -> None:
        self.step("sync")
        super().sync(path)

    def make_folder(self, path: Path) -> None:
        self.step("make_folder")
        super().make_folder(path)

    def rename(self, source: Path, target: Path) -> None:
        self.step("rename")
        super().rename(source, target)

    def link(self, source: Path, target: Path) -> None:
        self.step("link")
        super().link(source, target)

    def remove(self, path: Path) -> None:
        self.step("remove")
        super().remove(path)

    def remove_tree(self, path: Path) -> None:
        self.step("remove_tree")
        super().remove_tree(path)


class FailingStorage(CountingStorage):
    """Operation number `at` fails with `error`; with `onwards` all later ones too."""

    def __init__(self, at: int, *, onwards: bool, error: int = errno.ENOSPC) -> None:
        super().__init__()
        self.at, self.onwards, self.error = at, onwards, error

    def step(self, what: str) -> None:
        super().step(what)
        if self.operations == self.at or (self.onwards and self.operations > self.at):
            raise OSError(self.error, os.strerror(self.error))

    @property
    def reached(self) -> bool:
        return self.operations >= self.at


Undo = Callable[[Path], None]
"""Takes one change of a name back in the folder given (which may have moved since)."""


class ForgetfulStorage(CountingStorage):
    """Stops at operation `at`; `lose` then damages what was not durable."""

    def __init__(self, at: int, graveyard: Path) -> None:
        super().__init__()
        self.at = at
        self.stopped = False
        self._graveyard = graveyard
        graveyard.mkdir(parents=True, exist_ok=True)
        self._unsynced: set[Path] = set()
        self._names: list[tuple[Path, Undo]] = []
        """Changes of names that are not durable yet, oldest first."""
        self._buried = 0

    def step(self, what: str) -> None:
        super().step(what)
        if self.stopped or self.operations >= self.at:
            self.stopped = True
            raise PowerCut(what)

    def _bury(self, path: Path) -> Path:
        self._buried += 1
        return self._graveyard / str(self._buried)

    def create(self, path: Path) -> BinaryIO:
        file = super().create(path)
        self._unsynced.add(path)
        self._names.append((path.parent, lambda f: (f / path.name).unlink(missing_ok=True)))
        return file

    def make_folder(self, path: Path) -> None:
        new = [place for place in (*reversed(path.parents), path) if not place.exists()]
        super().make_folder(path)
        for place in new:

            def undo(folder: Path, name: str = place.name) -> None:
                shutil.rmtree(folder / name)

            self._names.append((place.parent, undo))

    def sync(self, path: Path) -> None:
        super().sync(path)
        self._unsynced.discard(path)
        if path.is_dir():
            self._names = [(folder, undo) for folder, undo in self._names if folder != path]

    def rename(self, source: Path, target: Path) -> None:
        old = self._bury(target)
        had = target.exists()
        self.step("rename")
        if had:
            shutil.copyfile(target, old)
        source.replace(target)
        moved = {path for path in self._unsynced if path == source or source in path.parents}
        self._unsynced -= moved
        self._unsynced |= {target / path.relative_to(source) for path in moved}
        # What is not durable in a folder that moves is not durable where it has moved to.
        self._names = [(_moved(folder, source, target), undo) for folder, undo in self._names]

        def undo(folder: Path) -> None:
            if (folder / target.name).exists():
                (folder / target.name).replace(source)
            if had:
                shutil.copyfile(old, folder / target.name)

        self._names.append((target.parent, undo))

    def remove(self, path: Path) -> None:
        old = self._bury(path)
        had = path.exists()
        self.step("remove")
        if had:
            shutil.copyfile(path, old)
            path.unlink()
            self._names.append((path.parent, lambda f: void(shutil.copyfile(old, f / path.name))))

    def remove_tree(self, path: Path) -> None:
        old = self._bury(path)
        had = path.is_dir()
        self.step("remove_tree")
        if had:
            shutil.copytree(path, old)
            Storage.remove_tree(self, path)
            self._names.append(
                (
                    path.parent,
                    lambda f: void(shutil.copytree(old, f / path.name, dirs_exist_ok=True)),
                )
            )

    def lose(self, how: random.Random) -> None:
        """Leave on disk what a power cut at this moment may have left."""
        for path in sorted(self._unsynced):
            if path.is_file():
                _damage(path, how)
        # Names reach the disk in order within a folder, each folder on its own.
        folders = {folder for folder, _ in self._names}
        for folder in sorted(folders):
            changes = [undo for place, undo in self._names if place == folder]
            kept = how.randint(0, len(changes))
            for undo in reversed(changes[kept:]):
                try:
                    undo(folder)
                except (FileNotFoundError, NotADirectoryError):
                    # The folder itself was undone already.
                    continue


def _moved(path: Path, source: Path, target: Path) -> Path:
    """Where a path is after `source` became `target`."""
    inside = path == source or source in path.parents
    return target / path.relative_to(source) if inside else path


def void(_value: object) -> None:
    """Drop a value where a function must return nothing."""


def _damage(path: Path, how: random.Random) -> None:
    data = bytearray(path.read_bytes())
    kind = how.choice(["kept", "lost", "halved", "zeroed", "flipped"])
    if kind == "lost":
        data.clear()
    elif kind == "halved":
        del data[len(data) // 2 :]
    elif kind == "zeroed":
        data[:] = bytes(len(data))
    elif kind == "flipped" and data:
        data[how.randrange(len(data))] ^= 1 << how.randrange(8)
    path.write_bytes(data)
