"""The index folder: which generations it holds, which one is current, and who may write.

index/
  CURRENT                 the name of the generation in use, replaced in one step
  LOCK                    held (flock) by the one writer; a dead process cannot hold it
  generations/<name>/     finished generations, never changed again
  generations/.building-… one that is being written; remains are cleared by the next build
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from indexer import config
from indexer.errors import (
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    IndexProblem,
    IndexUnsafe,
    UsageError,
)
from indexer.manifest import MANIFEST_NAME, Manifest, find_damage, list_files, read_manifest
from indexer.storage import Storage, disk_errors

CURRENT, LOCK, GENERATIONS = "CURRENT", "LOCK", "generations"
BUILDING = ".building-"
KEEP = 2
TRUST_VARIABLE = "XIEZUO_TRUST_INDEX"

_TIME = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_BUILD_HINT = (
    "请先建立索引：python -m indexer build SOURCE… Build an index first with that command."
)

# Open lock files. A forked worker must not keep the lock of a writer that has died.
_locks: set[int] = set()


def _drop_locks() -> None:
    for fd in _locks:
        os.close(fd)
    _locks.clear()


os.register_at_fork(after_in_child=_drop_locks)


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation that was found sound. `problems` says in sentences why it is not the
    one that CURRENT names, or is empty."""

    path: Path
    manifest: Manifest
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name


def new_name(after: str = "") -> str:
    """A name that is never used twice and sorts by time, behind `after` in any case: two
    builds of one second, or a clock that was set back, keep their order."""
    moment = datetime.now(timezone.utc)
    if after:
        last = datetime.strptime(after.split("-", maxsplit=1)[0], _TIME).replace(
            tzinfo=timezone.utc
        )
        moment = max(moment, last + timedelta(seconds=1))
    return f"{moment:{_TIME}}-{secrets.token_hex(4)}"


class IndexFolder:
    """Everything that reads or changes an index folder as a whole."""

    def __init__(self, path: Path | str, storage: Storage | None = None) -> None:
        self.path = Path(path)
        self.storage = storage or Storage()
        self.generations_path = self.path / GENERATIONS

    # -- reading -------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Finished generations, oldest first."""
        try:
            found = [entry.name for entry in self.generations_path.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(name for name in found if _NAME.fullmatch(name))

    def require(self) -> None:
        """Raises IndexMissing where there is no generation, IndexDamaged where one is lost."""
        if not self.names():
            self.current_name()

    def current_name(self) -> str:
        """What CURRENT says. Raises IndexMissing, IndexDamaged."""
        try:
            data = (self.path / CURRENT).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            if self.names():
                raise IndexDamaged(
                    f"{CURRENT} 不见了。 The file CURRENT is gone.",
                    "运行 python -m indexer rollback 选用一代，或重建索引。"
                    " Run `indexer rollback`, or rebuild.",
                ) from error
            raise IndexMissing(
                f"{self.path} 中没有索引。 There is no index in this folder.", _BUILD_HINT
            ) from error
        text = data.decode("ascii", "replace")
        name = text[:-1]
        if not text.endswith("\n") or not _NAME.fullmatch(name) or name not in self.names():
            raise IndexDamaged(
                f"{CURRENT} 已损坏。 The file CURRENT is damaged.",
                "运行 python -m indexer rollback 选用一代，或重建索引。"
                " Run `indexer rollback`, or rebuild.",
            )
        return name

    def open(self, name: str, *, content: bool = True) -> Generation:
        """One generation, verified. Raises IndexDamaged, IndexOutdated."""
        path = self.generations_path / name
        manifest = read_manifest(path)
        damage = find_damage(path, manifest, content=content)
        if damage:
            raise IndexDamaged(
                f"索引 {name} 已损坏：{'；'.join(damage[:5])}。 The generation is damaged.",
                "运行 python -m indexer rollback 退回上一代，或重建索引。"
                " Run `indexer rollback`, or rebuild.",
            )
        return Generation(path, manifest)

    def open_current(self, *, fallback: bool = True, content: bool = True) -> Generation:
        """The generation to serve: the current one or, where that is damaged, the newest sound one.

        Raises IndexMissing, IndexUnsafe, IndexOutdated, IndexDamaged (nothing sound is left).
        """
        self.check_safe()
        first: IndexProblem
        current = ""
        for _attempt in range(3):
            try:
                current = self.current_name()
                return self.open(current, content=content)
            except (IndexDamaged, IndexOutdated) as error:
                first = error
                # A build may have replaced it between the two steps: look again.
                if not current or self._still(current):
                    break
        if not fallback:
            raise first
        for name in reversed(self.names()):
            if name == current:
                continue
            try:
                sound = self.open(name, content=content)
            except IndexProblem:
                continue
            return Generation(sound.path, sound.manifest, (first.message,))
        raise first

    def _still(self, name: str) -> bool:
        try:
            return self.current_name() == name
        except IndexProblem:
            return True

    def check_safe(self) -> None:
        """Refuse a folder that others could have written. Raises IndexUnsafe."""
        if config.SETTINGS.value(TRUST_VARIABLE) == "1":
            return
        for path in (self.path, self.generations_path):
            try:
                status = path.stat()
            except OSError:
                continue
            foreign = status.st_uid not in (os.geteuid(), 0)
            if foreign or status.st_mode & stat.S_IWOTH:
                why = (
                    "属于其他用户 (owned by another user)"
                    if foreign
                    else "任何人可写 (world-writable)"
                )
                raise IndexUnsafe(
                    f"不打开索引目录 {path}：它{why}。 The index folder is not trusted.",
                    f"修正所有者和权限（chmod o-w）；确知可信时设 {TRUST_VARIABLE}=1。"
                    f" Mend owner and mode, or set {TRUST_VARIABLE}=1 if you trust it.",
                )

    def check(self) -> dict[str, list[str]]:
        """Every finding of `indexer check`, by generation ("CURRENT" for the folder itself)."""
        findings: dict[str, list[str]] = {}
        try:
            self.current_name()
        except IndexDamaged as error:
            findings[CURRENT] = [error.message]
        for name in self.names():
            path = self.generations_path / name
            try:
                findings[name] = find_damage(path, read_manifest(path))
            except IndexProblem as error:
                findings[name] = [error.message]
        known = {CURRENT, LOCK, GENERATIONS, "README.md"}
        strange = sorted(e.name for e in self.path.iterdir() if e.name not in known)
        inside = (
            sorted(e.name for e in self.generations_path.iterdir() if not _NAME.fullmatch(e.name))
            if self.generations_path.is_dir()
            else []
        )
        for name in [*strange, *(f"{GENERATIONS}/{name}" for name in inside)]:
            findings.setdefault("remains", []).append(
                f"{name} 不属于任何一代，下次建立索引时清除 (left over, the next build clears it)"
                if BUILDING in name or name == f".{CURRENT}.new"
                else f"{name} 不是索引的文件 (not a file of the index)"
            )
        return findings

    # -- writing -------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer. Raises IndexLocked, IndexUnwritable, UsageError."""
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(
                f"{self.path} 不是目录。 The index path is not a folder.",
                "用 --index 指定一个目录。 Name a folder with --index.",
            )
        with disk_errors(self.path):
            if not self.generations_path.is_dir():
                self.storage.make_folder(self.generations_path)
                self.storage.sync_folder(self.path)
                self.storage.sync_folder(self.path.parent)
            fd = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        _locks.add(fd)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexLocked(
                    f"另一个进程正在写入 {self.path}。 Another process is writing to this index.",
                    "等它结束后再试。 Try again when it has finished.",
                ) from error
            self.check_safe()
            yield
        finally:
            _locks.discard(fd)
            os.close(fd)

    def begin(self) -> Path:
        """Clear what dead builds left and give a new folder to build in."""
        with disk_errors(self.path):
            self.clear()
            folder = self.generations_path / f"{BUILDING}{new_name(max(self.names(), default=''))}"
            self.storage.make_folder(folder)
        return folder

    def abandon(self, building: Path) -> None:
        """Take away a build that failed; never raises."""
        with suppress(OSError, IndexProblem):
            if self.current_name() == building.name:
                return  # the disk fails so hard that the pointer could not be taken back
        with suppress(OSError):  # the next build clears it
            self.storage.remove_tree(building)

    def name_of(self, building: Path) -> str:
        return building.name.removeprefix(BUILDING)

    def publish(self, building: Path, manifest: Manifest) -> Generation:
        """Make a finished build durable and current. Raises IndexUnwritable, IndexDamaged.

        The caller has written all files; their digests stand in the manifest. They are
        read back before anything points at them.
        """
        target = self.generations_path / manifest.generation
        with disk_errors(self.path):
            for name in sorted(list_files(building)):
                self.storage.sync(building / name)
            self.storage.write_file(building / MANIFEST_NAME, manifest.to_bytes())
            for folder in sorted(
                (e for e in building.rglob("*") if e.is_dir()), key=lambda e: -len(e.parts)
            ):
                self.storage.sync_folder(folder)
            self.storage.sync_folder(building)
            damage = find_damage(building, manifest)
            if damage:
                raise IndexDamaged(
                    f"写入后校验失败：{'；'.join(damage[:5])}。 What was written does not read back.",
                    "检查磁盘后重试；原有索引未受影响。 Check the disk and try again.",
                )
            try:
                self.storage.rename(building, target)
                self.storage.sync_folder(self.generations_path)
                self._point_at(manifest.generation)
            except OSError:
                self.abandon(target)
                raise
        # The generation is in use: what cannot be cleared now the next build clears.
        with suppress(OSError):
            self._clean_up()
        return Generation(target, manifest)

    def rollback(self, to: str | None = None) -> Generation:
        """Make an older generation current: the one named, or the newest before the current one.

        Raises UsageError for a name that does not exist, IndexMissing where there is none,
        IndexDamaged where the one asked for is not sound.
        """
        self.require()
        names = self.names()
        try:
            current = self.current_name()
        except IndexDamaged:
            current = ""
        if to is not None and to not in names:
            raise UsageError(
                f"没有 {to} 这一代。 There is no such generation.",
                "运行 python -m indexer generations 查看。 See `indexer generations`.",
            )
        older = [n for n in names if not current or n < current]
        if to is None and not older:
            raise IndexMissing(
                "没有更早的一代可退回。 There is no older generation to go back to.",
                "运行 python -m indexer generations 查看。 See `indexer generations`.",
            )
        candidates = [to] if to is not None else list(reversed(older))
        generation = None
        for name in candidates:
            try:
                generation = self.open(name)
                break
            except IndexProblem as error:
                problem = error
        if generation is None:
            raise problem
        with disk_errors(self.path):
            self._point_at(generation.name)
        return generation

    def _point_at(self, name: str) -> None:
        """Replace CURRENT; where the disk fails at the very end, go back to what it said."""
        pointer = self.path / CURRENT
        before = pointer.read_bytes() if pointer.exists() else None
        try:
            self.storage.replace_file(pointer, f"{name}\n".encode("ascii"))
        except OSError:
            with suppress(OSError):
                if before is None:
                    self.storage.remove(pointer)
                elif pointer.read_bytes() != before:
                    self.storage.replace_file(pointer, before)
            raise

    def clear(self) -> None:
        """Remove what builds that were killed left behind."""
        for entry in self.generations_path.iterdir():
            if entry.name.startswith(BUILDING):
                self.storage.remove_tree(entry)
        self.storage.remove(self.path / f".{CURRENT}.new")
        self._clean_up()

    def _clean_up(self) -> None:
        """Keep the current generation and the newest older one; also drop what was finished
        but never made current."""
        try:
            current = self.current_name()
        except (IndexDamaged, IndexMissing):
            # Without knowing what is in use nothing is thrown away.
            return
        older = [name for name in self.names() if name < current]
        keep = {current, *older[-(KEEP - 1) :]}
        for name in self.names():
            if name not in keep:
                self.storage.remove_tree(self.generations_path / name)
