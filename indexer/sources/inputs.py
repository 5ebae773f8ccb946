"""Walking sources: from the paths a person names to the files that hold pages.

Archives come from all over: old archives unpacked with GBK names, browser saves
with their folder of assets, links left by a synchroniser. The walk reads no page;
it only decides, and says why, what is left out.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.document import PageKind, Skipped
from indexer.errors import SourceNotFound
from indexer.sources.files import open_regular
from indexer.sources.names import shown
from indexer.sources.parts import line_parts

SUFFIXES: dict[str, PageKind] = {
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".mht": "html",
    ".mhtml": "html",
    ".txt": "text",
    ".md": "markdown",
    ".jsonl": "record",
    ".jsonl.gz": "record",
}

# Folders in which browsers put the images and scripts of a saved page.
_ASSET_ENDINGS = ("_files", ".files", "_archivos", "_fichiers", "-Dateien")
# What describes a folder is not one of its pages.
_FOLDER_NOTES = ("readme", "license", "licence")
_HEAD = 1 << 16
_SKIPPED_FOLDERS = ("__MACOSX",)


@dataclass(frozen=True, slots=True)
class InputRef:
    """One file below `root`, or a byte range of a `.jsonl` that begins at a line.

    `root` and `path` are file system names (they may hold surrogate escapes).
    `start` and `end` count the bytes of the lines, uncompressed; `first_line` is the
    number, from 1, of the line at `start`.
    """

    root: str
    path: str
    start: int = 0
    end: int | None = None
    first_line: int = 1

    @property
    def file(self) -> str:
        """The file to open."""
        return os.path.join(self.root, self.path)  # noqa: PTH118 - Path would cost and lose bytes


def kind_of(name: str) -> PageKind | None:
    """The kind of page that a file name promises, or None where it is no page."""
    lower = name.lower()
    if lower.endswith(".jsonl.gz"):
        return "record"
    return SUFFIXES.get(os.path.splitext(lower)[1])  # noqa: PTH122


def find_inputs(paths: Sequence[Path]) -> Iterator[InputRef | Skipped]:
    """Name every readable page file of the sources, in an order that never varies.

    A file is given once however often it is named. Raises `SourceNotFound` for a
    path that does not exist or cannot be entered, before anything is read.
    """
    for path in paths:
        _require(Path(path))
    return _find(paths)


def _require(path: Path) -> None:
    if not path.exists():
        raise SourceNotFound(
            f"来源不存在:{shown(str(path))} (source does not exist)",
            "请检查路径;可以是文件夹,也可以是单个网页或 .jsonl 文件。Check the path.",
        )
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise SourceNotFound(
            f"来源无法读取:{shown(str(path))} (source cannot be read)",
            "请检查读取权限。Check the permissions.",
        )


def _find(paths: Sequence[Path]) -> Iterator[InputRef | Skipped]:
    seen: set[str] = set()
    for path in paths:
        real = os.path.realpath(path)
        inside: Iterator[InputRef | Skipped]
        if os.path.isdir(real):  # noqa: PTH112
            inside = _walk(real)
        else:
            inside = _file(os.path.dirname(real), os.path.basename(real), named=True)  # noqa: PTH119, PTH120
        for found in inside:
            if isinstance(found, InputRef):
                key = f"{found.file}\0{found.start}"
                if key in seen:
                    continue
                seen.add(key)
            yield found


def _walk(root: str) -> Iterator[InputRef | Skipped]:
    """Depth first by name; a stack of our own, so that no depth of folders breaks it."""
    pending = [""]
    while pending:
        path = pending.pop()
        if path and not path.endswith("/"):
            yield from _file(root, path)
            continue
        try:
            with os.scandir(os.path.join(root, path)) as entries:  # noqa: PTH118
                listing = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Skipped(shown(path), f"文件夹无法读取 (cannot be read): {error.strerror}")
            continue
        names = {entry.name for entry in listing}
        children = []
        for entry in listing:
            if entry.is_dir(follow_symlinks=False):
                page = _page_of_assets(entry.name, names)
                shell = page and _is_frameset(f"{root}/{path}{page}")
                if shell or not (page or _is_hidden(entry.name)):
                    children.append(f"{path}{entry.name}/")
            elif (kind_of(entry.name) or entry.is_dir()) and not _is_furniture_file(entry.name):
                children.append(path + entry.name)
        pending.extend(reversed(children))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED_FOLDERS


def _page_of_assets(name: str, siblings: set[str]) -> str | None:
    """The page beside the folder to which the folder belongs, where it holds assets of one."""
    for ending in _ASSET_ENDINGS:
        if name.endswith(ending):
            stem = name[: -len(ending)]
            return next((stem + s for s in SUFFIXES if stem + s in siblings), None)
    return None


def _is_frameset(file: str) -> bool:
    """Whether a page only sets frames: then its folder holds what a reader saw."""
    with contextlib.suppress(OSError), open_regular(file) as stream:
        return b"<frameset" in stream.read(_HEAD).lower()
    return False


def _is_furniture_file(name: str) -> bool:
    lower = name.lower()
    return name.startswith(".") or lower.split(".")[0] in _FOLDER_NOTES


def _file(root: str, path: str, *, named: bool = False) -> Iterator[InputRef | Skipped]:
    """The reference, or the parts, of one file; or why it is left out.

    A file that a person names is opened wherever it lies; one found in a folder
    must lie in that folder.
    """
    file = os.path.join(root, path)  # noqa: PTH118
    name = shown(path)
    if named and kind_of(path) is None:
        known = " ".join(SUFFIXES)
        yield Skipped(name, f"不支持的文件类型,可读:{known} (unsupported kind)", "unsupported")
        return
    try:
        status = os.stat(file, follow_symlinks=named)  # noqa: PTH116
        if stat.S_ISLNK(status.st_mode):
            target = os.path.realpath(file)
            if not f"{target}/".startswith(os.path.join(root, "")):  # noqa: PTH118
                yield Skipped(name, "链接指向来源之外,未读取 (link out of the source)", "link")
            # A link inside the folder: its target is met at its own place.
            return
        if not stat.S_ISREG(status.st_mode):
            yield Skipped(name, "不是普通文件,未读取 (not a regular file)", "not_a_file")
            return
        if kind_of(path) == "record":
            for part in line_parts(file):
                yield InputRef(root, path, *part)
        else:
            yield InputRef(root, path)
    except OSError as error:
        yield Skipped(name, f"文件无法读取 (cannot be read): {error.strerror}")
