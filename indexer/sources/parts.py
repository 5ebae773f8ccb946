"""Cutting large `.jsonl` files behind line ends, so that several processes can share them.

A compressed file is unpacked once to find the cuts, and by each reader up to its
part: its parts are therefore larger. Unpack archives of many gigabytes beforehand.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import IO, cast

from indexer.sources.files import open_regular

PART_BYTES = 4 << 20
"""Size of a part: small enough to balance between processes."""

LARGEST_PART = 64 << 20
_PARTS = 16
_CHUNK = 1 << 20

Part = tuple[int, int | None, int]
"""Start, end (None: to the end of the file) and the number of the first line."""


def line_parts(file: str) -> Iterator[Part]:
    """The parts of a `.jsonl` or `.jsonl.gz`, in order. Raises `OSError`."""
    with open_regular(file) as stream:
        if _is_packed(file):
            yield from _joined(list(_cut(lines_of(file, stream), PART_BYTES)))
        elif stream.seek(0, 2) <= PART_BYTES:
            yield 0, None, 1
        else:
            stream.seek(0)
            yield from _cut(stream, PART_BYTES)


def lines_of(file: str, stream: IO[bytes]) -> IO[bytes]:
    """The lines of an open `.jsonl`, unpacked where its name says that it is compressed."""
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if _is_packed(file) else stream


def _is_packed(file: str) -> bool:
    return file.lower().endswith(".gz")


def _joined(parts: list[Part]) -> Iterator[Part]:
    """Runs of parts, so many that unpacking up to each costs little in all."""
    together = min(max(2, -(-len(parts) // _PARTS)), LARGEST_PART // PART_BYTES)
    for at in range(0, len(parts), together):
        run = parts[at : at + together]
        yield run[0][0], run[-1][1], run[0][2]


def _cut(stream: IO[bytes], size: int) -> Iterator[Part]:
    """Parts of about `size` bytes. Where the file cannot be read any further, the last
    part is open, and its reader will say so."""
    start = position = 0
    first = line = 1
    try:
        while block := stream.read(min(size - (position - start), _CHUNK)):
            while block:
                position += len(block)
                line += block.count(b"\n")
                full = position - start >= size
                # A full part goes on to the end of its line.
                block = b"" if not full or block.endswith(b"\n") else stream.readline(_CHUNK)
            if full:
                yield start, position, first
                start, first = position, line
    except (OSError, EOFError, zlib.error):
        yield start, None, first
        return
    if position > start or not start:
        yield start, position, first
