"""The words of the index and of single documents."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from indexer.analysis.normalise import normalise
from indexer.engines.whoosh.segment import Generation, SegmentReader


def terms(generation: Generation, prefix: str, field: str) -> Iterator[tuple[str, int]]:
    """(term, document frequency) over all segments, in term order; deleted documents count."""

    def of(segment: SegmentReader) -> Iterator[tuple[str, int]]:
        reader = segment.fields[field]
        first, last = reader.terms.prefixed(prefix)
        for term in range(first, last):
            yield reader.terms.text(term), reader.frequency(term)

    streams = [of(segment) for segment in generation.segments]
    if len(streams) == 1:
        yield from streams[0]
        return
    # Code point order is the byte order of UTF-8.
    for term, same in groupby(heapq.merge(*streams), key=lambda item: item[0]):
        yield term, sum(frequency for _, frequency in same)


def vector(segment: SegmentReader, doc: int) -> dict[str, int]:
    """Words of title and text, read off the stored text at the stored places of its tokens."""
    words: Counter[str] = Counter()
    for field, text in (
        ("title", segment.metadata(doc).get("title", "")),
        ("text", segment.text(doc)),
    ):
        folded = normalise(text)
        places = segment.fields[field].tokens(doc)
        for start, end in zip(places.starts.tolist(), places.ends.tolist(), strict=True):
            word = folded[start:end]
            if not word.isalnum():
                # Spaces and signs that stood inside of the word are no part of it.
                word = "".join(filter(str.isalnum, word))
            words[word] += 1
    return dict(words)
