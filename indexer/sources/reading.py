"""Opening one input: the raw pages in a file, or in a byte range of one.

Nothing here trusts the file system to hold still: a name may by now lead to a
pipe, a link or a shorter file, and a file may be written while it is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from indexer.document import RawPage, Skipped
from indexer.sources.files import open_regular
from indexer.sources.inputs import InputRef, kind_of
from indexer.sources.mhtml import main_page
from indexer.sources.names import shown
from indexer.sources.records import read_records

MAX_PAGE_BYTES = 32 << 20
"""Larger files are no pages. Images saved inside a page make some of them large."""


class _Changed(Exception):
    """The file was written to while it was read."""


def read_pages(ref: InputRef) -> Iterator[RawPage | Skipped]:
    """Yield the pages of one input in order; what cannot be read comes as `Skipped`."""
    kind = kind_of(ref.path) or "text"
    try:
        with open_regular(ref.file) as stream:
            if kind == "record":
                yield from read_records(ref, stream)
                return
            data, modified = _read_whole(stream)
    except _Changed:
        yield Skipped(shown(ref.path), "文件在读取时被改动 (changed while read)", "changed")
        return
    except OSError as error:
        reason = error.strerror or str(error)
        yield Skipped(shown(ref.path), f"文件无法读取 (cannot be read): {reason}")
        return
    if len(data) > MAX_PAGE_BYTES:
        limit = MAX_PAGE_BYTES >> 20
        yield Skipped(shown(ref.path), f"文件超过 {limit} MB (file too large)", "too_large")
        return
    encoding = None
    if ref.path.lower().endswith((".mht", ".mhtml")):
        data, encoding = main_page(data)
    yield RawPage(shown(ref.path), data, kind, modified=modified, encoding=encoding)


def _read_whole(stream: BinaryIO, attempts: int = 3) -> tuple[bytes, float]:
    """All bytes (at most one more than is allowed) and the time of the file.

    Read again when the file was changed meanwhile; raises `_Changed` when it
    does not come to rest.
    """
    for _ in range(attempts):
        before = os.fstat(stream.fileno())
        stream.seek(0)
        data = stream.read(MAX_PAGE_BYTES + 1)
        after = os.fstat(stream.fileno())
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if same and len(data) == min(after.st_size, MAX_PAGE_BYTES + 1):
            return data, after.st_mtime
        if after.st_size > MAX_PAGE_BYTES:
            return data, after.st_mtime
    raise _Changed
