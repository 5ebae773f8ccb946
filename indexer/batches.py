"""Cut the inputs of a build into batches of about equal work."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from indexer.sources import InputRef
from indexer.sources.inputs import kind_of

# Pages of HTML are mostly markup: so many bytes of them weigh as one byte of text.
_MARKUP = 8
# Many small files in one batch would still make it long.
_FILES = 500
# A part of a .jsonl smaller than this is not cut any further.
_SMALLEST = 2


def batches(refs: Iterable[InputRef], limit: int) -> Iterator[tuple[InputRef, ...]]:
    """Consecutive inputs of about `limit` bytes of text together."""
    batch: list[InputRef] = []
    weight = 0
    for ref in refs:
        more = _weight(ref)
        if batch and (weight + more > limit or len(batch) >= _FILES):
            yield tuple(batch)
            batch, weight = [], 0
        batch.append(ref)
        weight += more
    if batch:
        yield tuple(batch)


def _weight(ref: InputRef) -> int:
    if ref.end is not None:
        return ref.end - ref.start
    try:
        size = Path(ref.file).stat().st_size
    except OSError:
        return 0
    return size // _MARKUP if kind_of(ref.path) == "html" else size


def halve(refs: tuple[InputRef, ...]) -> list[tuple[InputRef, ...]]:
    """Two halves of a batch; of a batch of one `.jsonl` two runs of its lines; nothing for
    what cannot be cut."""
    if len(refs) > 1:
        middle = len(refs) // 2
        return [refs[:middle], refs[middle:]]
    (ref,) = refs
    if not ref.path.lower().endswith(".jsonl"):
        return []
    lines = _lines(ref)
    if len(lines) < _SMALLEST:
        return []
    middle = len(lines) // 2
    cut = lines[middle]
    end = ref.end if ref.end is not None else lines[-1]
    first = replace(ref, end=cut)
    second = replace(ref, start=cut, end=end, first_line=ref.first_line + middle)
    return [(first,), (second,)]


def _lines(ref: InputRef) -> list[int]:
    """Offsets at which the lines of a part begin, and where the last one ends."""
    try:
        with Path(ref.file).open("rb") as file:
            end = ref.end if ref.end is not None else os.fstat(file.fileno()).st_size
            file.seek(ref.start)
            offsets = [ref.start]
            while offsets[-1] < end and (line := file.readline()):
                offsets.append(offsets[-1] + len(line))
    except OSError:
        return []
    # The end of the last line is where the part ends, not where a line begins.
    return offsets if len(offsets) > _SMALLEST else []
