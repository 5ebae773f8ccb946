"""Write the segments of a generation: all anew, or those of the previous one with changes.

An update adds one segment for what is new, marks what is gone, and merges neighbours so
that every segment is at least twice as large as the next: there are never more than about
log2(documents) of them, and a document is copied as often at most.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.document import Family
from indexer.engines.base import Run
from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.builder import SegmentBuilder
from indexer.engines.whoosh.lexicon import encode
from indexer.engines.whoosh.merge import family_column, merge
from indexer.engines.whoosh.segment import OVERLAY, SUFFIX, Generation, SegmentReader
from indexer.engines.whoosh.toc import INDEX_NAME, write_toc
from indexer.storage import Storage

FAN_IN = 64
"""Segments merged at a time; more go through intermediate ones, so that memory is bounded."""

_MOST_DEAD = 0.3
"""A segment with a larger share of deleted documents is written anew."""

Keep = NDArray[np.int64]


class GenerationWriter:
    """Implements `EngineWriter` for one empty folder."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._folder = folder
        self._files: list[str] = []
        self._segments: dict[str, tuple[int, list[int]]] = {}

    def write(self, runs: Sequence[Run], families: Mapping[str, Family] | None = None) -> list[str]:
        segments = [SegmentReader(run.path) for run in runs if run.documents]
        keeps, _ = _newest(segments)
        self._write_merged(1, segments, keeps, families)
        return self._finish()

    def update(
        self,
        previous: Path,
        runs: Sequence[Run],
        *,
        remove: Collection[str] = (),
        families: Mapping[str, Family] | None = None,
    ) -> list[str]:
        fresh = [SegmentReader(run.path) for run in runs if run.documents]
        fresh_keeps, come = _newest(fresh)
        gone = come | {encode(key) for key in remove}
        old = list(Generation(previous).segments)
        keeps = [_without(segment, gone) for segment in old]
        number = 1 + max(int(segment.name.rpartition("_")[2]) for segment in old)

        first = _first_to_merge(
            [len(keep) for keep in keeps],
            [segment.documents for segment in old],
            sum(len(keep) for keep in fresh_keeps),
        )
        for segment, keep in zip(old[:first], keeps[:first], strict=True):
            if len(keep):
                self._carry_over(segment, keep, families)
        late, late_keeps = [*old[first:], *fresh], [*keeps[first:], *fresh_keeps]
        if any(len(keep) for keep in late_keeps) or not self._segments:
            self._write_merged(number, late, late_keeps, families)
        return self._finish()

    # -- steps ---------------------------------------------------------------------------

    def _write_merged(
        self,
        number: int,
        segments: list[SegmentReader],
        keeps: list[Keep],
        families: Mapping[str, Family] | None,
    ) -> None:
        name = f"{INDEX_NAME}_{number:06d}"
        path = self._folder / f"{name}{SUFFIX}"
        passing: list[Path] = []
        while len(segments) > FAN_IN:
            level = []
            for start in range(0, len(segments), FAN_IN):
                passing.append(self._folder / f"{name}.part{len(passing)}")
                group = slice(start, start + FAN_IN)
                merge(self._storage, passing[-1], segments[group], keeps[group])
                level.append(SegmentReader(passing[-1]))
            segments = level
            keeps = [segment.live_docs for segment in level]
        if segments:
            merge(self._storage, path, segments, keeps, families)
        else:
            SegmentBuilder(self._storage, lambda word: ()).write_run(path)
        for part in passing:
            self._storage.remove(part)
        self._segments[name] = sum(len(keep) for keep in keeps), []
        self._files.append(path.name)

    def _carry_over(
        self, segment: SegmentReader, keep: Keep, families: Mapping[str, Family] | None
    ) -> None:
        """Link a segment of the previous generation and say what changed about it."""
        target = self._folder / segment.path.name
        self._storage.link(segment.path, target)
        self._files.append(target.name)
        overlay = self._folder / f"{segment.name}{OVERLAY}"
        column = segment.facets["family"]
        if families is not None:
            column = family_column(list(segment.ids), families)
        live = np.zeros(segment.documents, bool)
        live[keep] = True
        with ArrayFileWriter(self._storage.create(overlay)) as out:
            out.add("live", np.packbits(live))
            column.write(out)
        self._files.append(overlay.name)
        self._segments[segment.name] = segment.documents, np.flatnonzero(~live).tolist()

    def _finish(self) -> list[str]:
        self._files.append(write_toc(self._storage, self._folder, self._segments))
        return sorted(self._files)


def _newest(segments: Sequence[SegmentReader]) -> tuple[list[Keep], set[bytes]]:
    """Per segment the documents to keep: of several with one id the last; and all ids."""
    seen: set[bytes] = set()
    keeps: list[Keep] = []
    for segment in reversed(segments):
        ids = list(segment.ids)
        keep = []
        for doc in range(len(ids) - 1, -1, -1):
            if ids[doc] not in seen:
                seen.add(ids[doc])
                keep.append(doc)
        keeps.append(np.array(keep[::-1], np.int64))
    return keeps[::-1], seen


def _without(segment: SegmentReader, gone: Collection[bytes]) -> Keep:
    """The live documents of a segment whose ids are not in `gone`."""
    live = segment.live_docs
    ids = list(segment.ids)
    return live[[ids[doc] not in gone for doc in live.tolist()]]


def _first_to_merge(live: Sequence[int], documents: Sequence[int], fresh: int) -> int:
    """The first old segment that is merged with all behind it and what is new."""
    first, size = len(live), fresh
    for index in range(len(live) - 1, -1, -1):
        hollow = live[index] < (1 - _MOST_DEAD) * documents[index]
        if hollow or (fresh and live[index] < 2 * size):
            first = index
            size = fresh + sum(live[index:])
    return first
