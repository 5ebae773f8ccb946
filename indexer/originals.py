"""The saved page that a document was made from, read back from its source.

An index holds no copy of the pages: their folders are the archive. A page is
given out only while its bytes are those that were indexed (SHA-256), so a
changed, swapped or planted file is never shown as the original.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from indexer.errors import DataError

_LINE_LIMIT = 64 << 20
_READ_LIMIT = 64 << 20
_MEDIA = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".xhtml": "text/html",
}


class OriginalMissing(DataError):
    """The saved page is no longer where it was, or no longer what it was."""

    code = "original_missing"


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes as saved, `text/html` or `text/plain`; `encoding` is what they are to be
    read as, None where the page itself says it."""

    data: bytes
    media: str
    encoding: str | None


def read_original(sources: Iterable[str], path: str, sha256: str, encoding: str) -> Original:
    """The saved page of a document.

    `sources` are the manifest's, `path`, `sha256` and `encoding` the document's.
    Raises OriginalMissing.
    """
    name, _, line = path.partition("#") if _is_records(path) else (path, "", "")
    changed = False
    for file in _candidates(sources, name):
        data = _read(file, int(line) if line.isdecimal() else None)
        if data is None:
            continue
        if hashlib.sha256(data).hexdigest() == sha256:
            return _original(name, data, encoding)
        changed = True
    if changed:
        raise OriginalMissing(
            "保存的网页在编入索引之后被改动过，不再显示。"
            " The saved page was changed after it was indexed.",
            "重新运行 python -m indexer update 后再看。 Run `indexer update`, then look again.",
        )
    raise OriginalMissing(
        "保存的网页已不在原来的位置。 The saved page is no longer where it was.",
        "把资料目录放回原处，或在新位置重建索引。"
        " Put the folder back, or rebuild from where it is now.",
    )


def _is_records(path: str) -> bool:
    return path.rpartition("#")[0].lower().endswith((".jsonl", ".jsonl.gz"))


def _candidates(sources: Iterable[str], name: str) -> Iterator[Path]:
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        return
    for source in sources:
        root = Path(source)
        if root.is_dir():
            yield root / relative
        elif root.name == name:
            yield root


def _read(file: Path, line: int | None) -> bytes | None:
    """The bytes of a regular file, or of one line of it; None where there are none."""
    try:
        fd = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as stream:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                return None
            if line is None:
                return stream.read(_READ_LIMIT)
            lines = gzip.GzipFile(fileobj=stream) if file.name.endswith(".gz") else stream
            for number, text in enumerate(iter(lambda: lines.readline(_LINE_LIMIT), b""), 1):
                if number == line:
                    return text.removeprefix(b"\xef\xbb\xbf") if line == 1 else text
    except (OSError, EOFError, ValueError):
        return None
    return None


def _original(name: str, data: bytes, encoding: str) -> Original:
    if _is_records(f"{name}#1"):
        return _record(data)
    media = _MEDIA.get(PurePosixPath(name).suffix.lower(), "text/plain")
    return Original(data, media, encoding)


def _record(data: bytes) -> Original:
    """A record's page where it holds one, else the record itself, laid out to read."""
    record = json.loads(data)
    page = record.get("html")
    if isinstance(page, str) and page:
        return Original(page.encode("utf-8", "replace"), "text/html", "utf-8")
    text = json.dumps(record, ensure_ascii=False, indent=2)
    return Original(text.encode("utf-8", "replace"), "text/plain", "utf-8")
