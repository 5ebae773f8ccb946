"""The segments of a generation seen as one: postings, places, lengths and columns of all
documents under their common numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.segment import Generation, SegmentReader
from indexer.schema import FACETS, TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.counting import Column, merged_column
from search_app.search.engines.whoosh.evaluate import Cache, Found
from search_app.search.engines.whoosh.expand import Terms, expand
from search_app.search.engines.whoosh.matches import Mask
from search_app.search.engines.whoosh.runs import find_run
from search_app.search.engines.whoosh.spots import (
    EMPTY,
    SHIFT,
    Spots,
    joined,
    postings,
    spots,
    terms_keys,
)

_SPOTS_KEPT = 48 << 20
FIELD_BITS = 28
"""The bits of a group's keys above the position say which field it is a position of."""
POSITION = np.int64((1 << FIELD_BITS) - 1)
_NO_TERMS: Terms = np.empty(0, dtype=np.int64)


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
        self._spots: Cache[Spots] = Cache(_SPOTS_KEPT)

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
                coarse, inside, more = _terms(segment, field, leaf)
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

    def group(self, leaves: tuple[tree.Leaf, ...]) -> Spots:
        """Where any of the leaves stands in any of its fields: one word of a query with its
        alternatives. Keys are `document << 32 | number of the field << 28 | position`."""
        kept = self._spots.get(leaves)
        if kept is None:
            parts = []
            for number, field in enumerate(TEXT_FIELDS):
                for leaf in leaves:
                    if field.name in leaf.fields:
                        part = self.spots(leaf, field.name)
                        parts.append(part._replace(keys=part.keys | (number << FIELD_BITS)))
            kept = joined(parts)
            self._spots.put(leaves, kept)
        return kept

    def spots(self, leaf: tree.Leaf, field: str) -> Spots:
        """Where a leaf stands in a field; keys hold the common document numbers."""
        # Whatever makes leaves differ, but their weight and their other fields.
        key = (
            type(leaf), leaf.text, getattr(leaf, "distance", 0), getattr(leaf, "limit", 0), field,
        )  # fmt: skip
        kept = self._spots.get(key)
        if kept is None:
            parts = []
            for segment, base in self.segments():
                part = _spots(segment, field, leaf)
                if segment.live is not None and len(part.keys):
                    keep = segment.live[part.keys >> SHIFT]
                    part = part.where(keep)
                if base:
                    part = part._replace(keys=part.keys + (base << SHIFT))
                parts.append(part)
            kept = parts[0] if len(parts) == 1 else joined(parts)
            self._spots.put(key, kept)
        return kept


def _terms(segment: SegmentReader, field: str, leaf: tree.Leaf) -> tuple[Terms, Terms, bool]:
    """Term ids of a leaf among the coarse words and among the sub-words of a field."""
    coarse, inside = segment.fields[field], segment.subwords[field]
    if isinstance(leaf, tree.Word):
        found = []
        for lexicon in (coarse.terms, inside.terms):
            term = lexicon.find(leaf.text) if len(lexicon) else -1
            found.append(_NO_TERMS if term < 0 else np.array([term]))
        return found[0], found[1], False
    if isinstance(leaf, tree.Run):
        raise TypeError("a run has no terms of its own")
    words, cut = expand(coarse, leaf) if len(coarse.terms) else (_NO_TERMS, False)
    parts, more = expand(inside, leaf) if len(inside.terms) else (_NO_TERMS, False)
    return words, parts, cut or more


def _spots(segment: SegmentReader, field: str, leaf: tree.Leaf) -> Spots:
    reader, shadow = segment.fields[field], segment.subwords[field]
    if isinstance(leaf, tree.Run):
        return find_run(reader, leaf.text)
    coarse, inside, _ = _terms(segment, field, leaf)
    parts = [spots(terms_keys(reader, coarse)[0])] if len(coarse) else []
    for term in inside.tolist():
        parents = shadow.parents(term).astype(np.int64)
        if not len(parents):
            continue
        piece = shadow.terms.text(term)
        keys, sizes = terms_keys(reader, parents)
        words = [reader.terms.text(parent) for parent in parents.tolist()]
        leads = np.array([max(word.find(piece), 0) for word in words], dtype=np.int64)
        lengths = np.array([len(word) for word in words], dtype=np.int64)
        parts.append(
            spots(keys, np.repeat(leads, sizes), 0, np.repeat(lengths - leads - len(piece), sizes))
        )
    return joined(parts) if parts else EMPTY
