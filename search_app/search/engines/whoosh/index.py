"""The segments of a generation seen as one: postings, places, lengths and columns of all
documents under their common numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.segment import Generation, SegmentReader
from indexer.schema import FACETS, TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.counting import Column, merged_column
from search_app.search.engines.whoosh.evaluate import Cache, Found
from search_app.search.engines.whoosh.matches import Docs, Mask
from search_app.search.engines.whoosh.runs import find_run
from search_app.search.engines.whoosh.spots import (
    SHIFT,
    Spots,
    joined,
    postings,
)
from search_app.search.engines.whoosh.standing import (
    Standing,
    leaf_terms,
    standing,
)

_STANDING_KEPT = 32 << 20
_RUNS_KEPT = 16 << 20
_LEAVES_KEPT = 1 << 10
"""Leaves, per field and segment, whose terms are kept from matching for finding places."""
_OFTEN = 8
"""A word that is asked for more often than this, each time in other documents, is looked up in
all documents."""
FIELD_BITS = 28
"""The bits of a group's keys above the position say which field it is a position of."""
POSITION = np.int64((1 << FIELD_BITS) - 1)


class ArrayIndex:
    """All segments of one generation, read only; safe between threads.

    `size` counts every document number, `documents` those that are not deleted; `live` is
    their mask, or None where none is deleted.
    """

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.size = generation.documents
        self.documents = generation.live_count
        self.live: Mask | None = None
        if self.documents < self.size:
            self.live = np.concatenate(
                [
                    np.ones(s.documents, dtype=bool) if s.live is None else s.live
                    for s in generation.segments
                ]
            )
        self._lengths: dict[str, NDArray[np.float32]] = {}
        self._averages: dict[str, float] = {}
        self._columns: dict[str, Column] = {}
        self._runs: Cache[Spots] = Cache(_RUNS_KEPT)
        self._standing: Cache[Standing] = Cache(_STANDING_KEPT)
        self._terms = lru_cache(_LEAVES_KEPT)(leaf_terms)

    def segments(self) -> Iterator[tuple[SegmentReader, int]]:
        return zip(self.generation.segments, self.generation.bases, strict=True)

    @cached_property
    def live_docs(self) -> NDArray[np.intp]:
        return np.arange(self.size) if self.live is None else np.flatnonzero(self.live)

    @cached_property
    def fields_of(self) -> Mapping[str, tuple[int, ...]]:
        """The fields with words that tell places in each text ("title", "text", "caption"), by
        their numbers among `TEXT_FIELDS`; fields that no document has are left out."""
        found: dict[str, tuple[int, ...]] = {}
        for number, field in enumerate(TEXT_FIELDS):
            own = any(len(s.fields[field.name].terms) for s in self.generation.segments)
            found[field.of] = found.get(field.of, ()) + ((number,) if own else ())
        return found

    # -- what ranking asks ----------------------------------------------------------------

    def lengths(self, field: str) -> NDArray[np.float32]:
        """Tokens of each document's field."""
        found = self._lengths.get(field)
        if found is None:
            parts = [s.fields[field].lengths for s in self.generation.segments]
            found = np.concatenate(parts).astype(np.float32)
            self._lengths[field] = found
        return found

    def average(self, field: str) -> float:
        """Mean length over the documents that have the field (as Lucene counts it)."""
        found = self._averages.get(field)
        if found is None:
            lengths = self.lengths(field)
            if self.live is not None:
                lengths = lengths[self.live]
            present = int(np.count_nonzero(lengths))
            found = float(lengths.sum(dtype=np.float64)) / present if present else 1.0
            self._averages[field] = found
        return found

    def number(self, name: str) -> NDArray[np.generic]:
        """A numeric column of all documents."""
        return np.concatenate([s.numbers[name] for s in self.generation.segments])

    def keywords(self, docs: NDArray[np.intp]) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
        """Hashes and weights of the most telling words of documents (ascending numbers)."""
        segments = self.generation.segments
        if len(segments) == 1:
            hashes, weights = segments[0].keywords
            return hashes.take(docs, axis=0), weights.take(docs, axis=0)
        edges = docs.searchsorted([*self.generation.bases, self.size])
        parts = [
            tuple(column[docs[a:b] - base] for column in segment.keywords)
            for (segment, base), a, b in zip(self.segments(), edges[:-1], edges[1:], strict=True)
        ]
        hashes, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
        return hashes, weights

    def column(self, facet: str) -> Column | None:
        """A facet's column, None where the schema has no such facet."""
        found = self._columns.get(facet)
        if found is None:
            if facet not in FACETS:
                return None
            found = merged_column(
                facet, [segment.facets[facet] for segment in self.generation.segments]
            )
            self._columns[facet] = found
        return found

    # -- what leaves match ----------------------------------------------------------------

    def find(self, leaf: tree.Leaf) -> tuple[list[Found], bool]:
        """Occurrences of a leaf per field and kind of posting, deleted documents left out."""
        if isinstance(leaf, tree.Run):
            found = []
            for field in leaf.fields:
                docs, freqs = self.spots(leaf, field).counted()
                if len(docs):
                    found.append((field, docs, freqs))
            return found, False
        found, cut = [], False
        for segment, base in self.segments():
            for field in leaf.fields:
                coarse, inside, more = self._terms(segment, field, leaf)
                cut |= more
                for reader, terms in (
                    (segment.fields[field], coarse),
                    (segment.subwords[field], inside),
                ):
                    if not len(terms):
                        continue
                    docs, freqs = postings(reader, terms)
                    if segment.live is not None:
                        keep = segment.live[docs]
                        docs, freqs = docs[keep], freqs[keep]
                    if len(docs):
                        found.append((field, docs + base if base else docs, freqs))
        return found, cut

    def group(self, leaves: tuple[tree.Leaf, ...], docs: Docs) -> Spots:
        """Where any of the leaves stands in any of its fields: one word of a query with its
        alternatives. It is looked up in `docs` (ascending); others may be among the spots. Keys
        are `document << 32 | number of the field << 28 | position`."""
        kept = self._standing.get(leaves)
        if kept is not None and kept.covers(docs):
            return kept.spots
        times = 0 if kept is None else kept.times + 1
        within: Mask | None = None
        if kept is None or times < _OFTEN:
            within = np.zeros(self.size, dtype=bool)
            within[docs] = True
        else:
            # What turns out to be too much to keep is not found again at once.
            self._standing.put(leaves, kept._replace(times=0))
        parts = []
        for number, field in enumerate(TEXT_FIELDS):
            for leaf in leaves:
                if field.name in leaf.fields:
                    part = self.spots(leaf, field.name, within)
                    parts.append(part._replace(keys=part.keys | (number << FIELD_BITS)))
        found = joined(parts)
        self._standing.put(leaves, Standing(found, None if within is None else docs, times))
        return found

    def spots(self, leaf: tree.Leaf, field: str, within: Mask | None = None) -> Spots:
        """Where a leaf stands in a field; keys hold the common document numbers. Those of a run
        are sorted. `within` says for each document whether it is wanted; None where all are."""
        if isinstance(leaf, tree.Run):
            found = self._run(leaf.text, field)
            return found if within is None else found.where(within.take(found.keys >> SHIFT))
        parts = []
        for segment, base in self.segments():
            own = None if within is None else within[base : base + segment.documents]
            part = standing(segment, field, self._terms(segment, field, leaf), own)
            parts.append(_numbered(part, segment, base))
        return parts[0] if len(parts) == 1 else joined(parts)

    def _run(self, text: str, field: str) -> Spots:
        """Spots of a run in all documents: all of it must be found to know any of it."""
        kept = self._runs.get((text, field))
        if kept is None:
            kept = joined(
                [
                    _numbered(find_run(segment.fields[field], text), segment, base)
                    for segment, base in self.segments()
                ]
            )
            self._runs.put((text, field), kept)
        return kept


def _numbered(part: Spots, segment: SegmentReader, base: int) -> Spots:
    """Spots of a segment under the common document numbers, deleted documents left out."""
    if segment.live is not None and len(part.keys):
        part = part.where(segment.live[part.keys >> SHIFT])
    return part._replace(keys=part.keys + (base << SHIFT)) if base else part
