"""The manifest of a generation: what it was made of and with, and the digest of every file.

`manifest.json` vouches for all other files of its folder, and for itself: its
bytes are one canonical form of its content, which includes a digest over the
rest, so that no single changed byte goes unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import IndexDamaged, IndexOutdated
from indexer.schema import SCHEMA_VERSION

MANIFEST_NAME = "manifest.json"
_CHUNK = 1 << 20
_REBUILD = "python -m indexer build SOURCE…"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file: `path` relative to the generation, `size` in bytes, hex SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is. `engine` names the engine that can read the files."""

    generation: str
    created: str
    command: str
    documents: int
    corpus_digest: str
    analyzer: Mapping[str, Any]
    files: tuple[FileEntry, ...]
    sources: tuple[str, ...] = ()
    engine: str = "whoosh"
    program: str = ""
    schema: int = SCHEMA_VERSION
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        return str(self.analyzer.get("fingerprint", ""))

    def to_bytes(self) -> bytes:
        """The one canonical form."""
        content = asdict(self)
        content["digest"] = _digest(content)
        return _canonical(content)

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> Manifest:
        """Read a manifest. Raises IndexDamaged where it is not byte for byte what was written,
        IndexOutdated where another schema version wrote it."""
        try:
            content = json.loads(data)
            digest = content.pop("digest")
            intact = (
                digest == _digest(content) and _canonical({**content, "digest": digest}) == data
            )
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            intact = False
        if not intact:
            raise IndexDamaged(
                f"索引清单已损坏：{where}。 The manifest is damaged.",
                "运行 python -m indexer check 查看详情，再用 python -m indexer rollback 或重建恢复。"
                " Run `indexer check`, then `indexer rollback` or rebuild.",
            )
        if content.get("schema") != SCHEMA_VERSION:
            raise IndexOutdated(
                f"索引的结构版本是 {content.get('schema')}，本程序需要 {SCHEMA_VERSION}。"
                " The index was written with another schema version.",
                f"请重建索引：{_REBUILD} Rebuild the index with that command.",
            )
        content["files"] = tuple(FileEntry(**entry) for entry in content["files"])
        content["sources"] = tuple(content["sources"])
        return cls(**content)


def _canonical(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode("utf-8", "surrogatepass")


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(content)).hexdigest()


def describe_file(folder: Path, path: str) -> FileEntry:
    """Size and SHA-256 of a file of a generation."""
    digest = hashlib.sha256()
    size = 0
    with (folder / path).open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return FileEntry(path, size, digest.hexdigest())


def describe_files(folder: Path, paths: Iterable[str]) -> tuple[FileEntry, ...]:
    """Entries for several files, hashed side by side (hashlib lets go of the interpreter)."""
    names = sorted(paths)
    with ThreadPoolExecutor(4) as pool:
        return tuple(pool.map(lambda name: describe_file(folder, name), names))


def list_files(folder: Path) -> set[str]:
    """All files below a generation's folder but the manifest."""
    return {
        found.relative_to(folder).as_posix()
        for found in folder.rglob("*")
        if not found.is_dir() and found.relative_to(folder).as_posix() != MANIFEST_NAME
    }


def find_damage(folder: Path, manifest: Manifest, *, content: bool = True) -> list[str]:
    """Sentences on every file that is not what the manifest says; empty for a sound generation.

    With `content` false only names and sizes are compared.
    """
    expected = {entry.path: entry for entry in manifest.files}
    present = list_files(folder)
    damage = [f"缺少文件 {name} (missing)" for name in sorted(expected.keys() - present)]
    damage += [
        f"多出文件 {name} (not in the manifest)" for name in sorted(present - expected.keys())
    ]
    common = []
    for name in sorted(expected.keys() & present):
        path = folder / name
        if path.is_symlink() or not path.is_file():
            damage.append(f"{name} 不是普通文件 (not a regular file)")
        elif path.stat().st_size != expected[name].size:
            damage.append(f"{name} 的大小不对 (wrong size)")
        else:
            common.append(name)
    if content:
        try:
            found = describe_files(folder, common)
        except OSError as error:
            name = Path(error.filename or "").name
            return [*damage, f"无法读取 {name} (cannot be read: {error.strerror})"]
        damage += [
            f"{entry.path} 的内容与校验值不符 (wrong SHA-256)"
            for entry in found
            if entry != expected[entry.path]
        ]
    return damage


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation's folder. Raises IndexDamaged, IndexOutdated."""
    # Relative to the index folder: where that lies is nobody's business on a health page.
    where = f"{folder.name}/{MANIFEST_NAME}"
    try:
        data = (folder / MANIFEST_NAME).read_bytes()
    except OSError as error:
        raise IndexDamaged(
            f"读不到索引清单 {where}：{error.strerror}。 The manifest cannot be read.",
            "运行 python -m indexer check 查看详情。 Run `indexer check`.",
        ) from error
    manifest = Manifest.from_bytes(data, where)
    if manifest.generation != folder.name:
        raise IndexDamaged(
            f"索引清单属于另一代：{where}。 The manifest belongs to another generation.",
            "运行 python -m indexer check 查看详情。 Run `indexer check`.",
        )
    return manifest
