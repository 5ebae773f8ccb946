"""Cut the inputs of a build into batches of about equal work."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from indexer.sources import InputRef
from indexer.sources.files import open_regular
from indexer.sources.inputs import kind_of
from indexer.sources.parts import lines_of

# Pages of HTML are mostly markup: so many bytes of them weigh as one byte of text.
_MARKUP = 8
# Many small files in one batch would still make it long.
_FILES = 500


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
    lines = _lines(ref) if kind_of(ref.path) == "record" else []
    middle = len(lines) // 2
    if not middle:
        return []
    first = replace(ref, end=lines[middle])
    second = replace(ref, start=lines[middle], first_line=ref.first_line + middle)
    return [(first,), (second,)]


def _lines(ref: InputRef) -> list[int]:
    """Offsets at which the lines of a part begin; none where it cannot be read."""
    offsets = []
    try:
        with open_regular(ref.file) as stream:
            lines = lines_of(ref.path, stream)
            place = lines.seek(ref.start)
            while (ref.end is None or place < ref.end) and (line := lines.readline()):
                offsets.append(place)
                place += len(line)
    except (OSError, EOFError, zlib.error):
        return []
    return offsets
