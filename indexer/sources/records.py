"""Records of a `.jsonl` file: one JSON object per line.

This is the path that bulk archives take, so a good line costs one `json.loads`
and nothing is copied; all care is spent on the lines that are not good.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from indexer.document import RawPage, Skipped
from indexer.sources.files import open_regular
from indexer.sources.inputs import InputRef
from indexer.sources.names import shown
from indexer.sources.parts import lines_of

MAX_LINE_BYTES = 64 << 20
"""A longer line is skipped without being held in memory."""

_BOM = b"\xef\xbb\xbf"


def read_records(ref: InputRef, stream: BinaryIO) -> Iterator[RawPage | Skipped]:
    """The records of one input; `path` of each ends in `#` and its line number."""
    name = shown(ref.path)
    lines = lines_of(ref.path, stream)
    left = -1 if ref.end is None else ref.end - ref.start
    number = ref.first_line - 1
    try:
        if ref.start:
            lines.seek(ref.start)
        while left:
            line = lines.readline(MAX_LINE_BYTES)
            if not line:
                break
            number += 1
            left -= len(line)
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                left -= _skip_line(lines)
                yield Skipped(f"{name}#{number}", "这一行过长 (line too long)", "too_large")
                continue
            page = _page(name, number, line)
            if page is not None:
                yield page
    except (OSError, EOFError, zlib.error) as error:
        reason = f"文件在第 {number} 行之后无法读取 (cannot be read further): {error}"
        yield Skipped(name, reason)
        return
    if left > 0:
        yield Skipped(name, "文件在读取时变短 (file shrank while read)", "changed")


def read_record(ref: InputRef, number: int) -> RawPage | Skipped | None:
    """The record in one line (from 1) of a whole file; None where it cannot be read."""
    try:
        with open_regular(ref.file) as stream:
            lines = lines_of(ref.path, stream)
            for _ in range(number - 1):
                _skip_line(lines)
            return _page(shown(ref.path), number, lines.readline(MAX_LINE_BYTES))
    except (OSError, EOFError, zlib.error):
        return None


def _skip_line(lines: IO[bytes]) -> int:
    skipped = 0
    while piece := lines.readline(MAX_LINE_BYTES):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped


def _page(name: str, number: int, line: bytes) -> RawPage | Skipped | None:
    """The page of a line, None for an empty one."""
    if number == 1:
        line = line.removeprefix(_BOM)
    return _record(f"{name}#{number}", line) if line and not line.isspace() else None


def _record(path: str, line: bytes) -> RawPage | Skipped:
    try:
        record: Any = json.loads(line)
    except UnicodeDecodeError:
        return _recoded(path, line)
    except (ValueError, RecursionError) as error:
        return Skipped(path, f"不是有效的 JSON (broken line): {error}", "broken_line")
    if not isinstance(record, dict):
        return Skipped(path, "这一行不是 JSON 对象 (not an object)", "broken_line")
    return RawPage(path, line, "record", record)


def _recoded(path: str, line: bytes) -> RawPage | Skipped:
    """A line that is not UTF-8: GB18030, or UTF-8 with a few broken bytes."""
    try:
        text = line.decode("gb18030")
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
    return _record(path, text.encode())
