"""The embedded default engine: its write side behind the protocol of `indexer.engines.base`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from indexer.document import Document
from indexer.engines.base import Engine, Stored, Subwords
from indexer.engines.whoosh.builder import SegmentBuilder
from indexer.engines.whoosh.lexicon import decode
from indexer.engines.whoosh.segment import Generation, SegmentReader
from indexer.engines.whoosh.writer import GenerationWriter
from indexer.schema import FACETS, TEXT_FIELDS
from indexer.storage import Storage

# What an array is for, by the first part of its name that is listed; else "postings".
_PURPOSES = (
    ("stored.", "stored documents"),
    ("facet.", "columns"),
    ("number.", "columns"),
    ("ids", "ids"),
    ("keywords.", "keywords"),
)


class WhooshEngine:
    """Implements `Engine`."""

    name = "whoosh"

    def run_builder(self, storage: Storage, subwords: Subwords) -> SegmentBuilder:
        return SegmentBuilder(storage, subwords)

    def writer(self, storage: Storage, folder: Path) -> GenerationWriter:
        return GenerationWriter(storage, folder)

    def stored(self, folder: Path) -> Iterator[Stored]:
        for _, segment, doc in Generation(folder).live_documents():
            content = segment.metadata(doc)
            yield Stored(content["id"], content["path"], content.get("sha256", ""))

    def documents(self, folder: Path, part: int, parts: int) -> Iterator[Document]:
        generation = Generation(folder)
        first, last = (generation.documents * n // parts for n in (part, part + 1))
        for number, segment, doc in generation.live_documents():
            if first <= number < last:
                yield segment.document(doc)

    def vocabulary(
        self, places: Sequence[Path], most_titles: int
    ) -> tuple[Mapping[str, int], Sequence[str]]:
        segments: list[SegmentReader] = []
        for place in places:
            segments += Generation(place).segments if place.is_dir() else [SegmentReader(place)]
        counts: dict[str, int] = {}
        for segment in segments:
            field = segment.fields["text"]
            for term, count in zip(
                map(decode, field.terms), field.frequencies.tolist(), strict=True
            ):
                counts[term] = counts.get(term, 0) + count
        return counts, list(islice(_titles(segments, most_titles), most_titles))

    def statistics(self, folder: Path) -> Mapping[str, object]:
        generation = Generation(folder)
        sizes: dict[str, int] = {}
        for segment in generation.segments:
            for name in segment.arrays:
                purpose = _purpose(name)
                sizes[purpose] = sizes.get(purpose, 0) + segment.arrays.size(name)
        counts = {
            field.name: {
                "terms": sum(len(s.fields[field.name].terms) for s in generation.segments),
                "tokens": sum(s.fields[field.name].total for s in generation.segments),
            }
            for field in TEXT_FIELDS
        }
        return {
            "documents": generation.live_count,
            "deleted": generation.documents - generation.live_count,
            "segments": len(generation.segments),
            "fields": counts,
            "facets": {
                name: _counts(generation.segments, name) for name in FACETS if name != "family"
            },
            "sizes": sizes,
        }


def _counts(segments: Sequence[SegmentReader], facet: str) -> dict[str, int]:
    """Documents per value of a facet, the most frequent first."""
    counts: Counter[str] = Counter()
    for segment in segments:
        column = segment.facets[facet]
        live = True if segment.live is None else segment.live[column.docs]
        sums = np.bincount(column.ords[live & (column.ords > 0)], minlength=1)
        counts.update(dict(zip(column.labels, sums[1:].tolist(), strict=False)))
    return {value: count for value, count in counts.most_common() if count}


def _titles(segments: Sequence[SegmentReader], most: int) -> Iterator[str]:
    """Titles taken evenly: every n-th document, then those beside them, as many have none."""
    step = max(1, sum(segment.documents for segment in segments) // max(1, most))
    for first in range(step):
        for segment in segments:
            for doc in range(first, segment.documents, step):
                title = segment.metadata(doc).get("title", "")
                if title:
                    yield title


def _purpose(array: str) -> str:
    for start, purpose in _PURPOSES:
        if array.startswith(start):
            return purpose
    last = array.split(".")[1:]
    if "positions" in last:
        return "positions"
    if "shapes" in last or "lengths" in last:
        return "token offsets"
    return "terms" if "terms" in last else "postings"


ENGINE: Engine = WhooshEngine()
