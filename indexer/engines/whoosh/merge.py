"""Merge segments into one, by array operations, in pieces of bounded size.

Documents keep their order; deleted ones are left out, and the terms that only they had.
What is held in memory at once: the lexicons' strings, per term a few numbers, and one
piece of postings. The number of segments merged at a time is bounded by the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.document import Family
from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.builder import (
    write_columns,
    write_dictionaries,
    write_ids,
    write_keywords,
)
from indexer.engines.whoosh.columns import NUMBERS, FacetColumn, build_column, merge_columns
from indexer.engines.whoosh.inversion import (
    index_type,
    joined,
    splits_of,
    write_parents,
)
from indexer.engines.whoosh.lexicon import Lexicon, decode
from indexer.engines.whoosh.narrow import NarrowWriter, bounds, ramps, smallest
from indexer.engines.whoosh.places import write_odd
from indexer.engines.whoosh.segment import (
    SHADOW,
    FieldReader,
    PostingsReader,
    SegmentReader,
    blocks_of,
)
from indexer.engines.whoosh.spelling import distinct
from indexer.engines.whoosh.stored import RECORDS
from indexer.engines.whoosh.union import spelling_of, union
from indexer.schema import FACET_FIELDS, TEXT_FIELDS
from indexer.storage import Storage

_PIECE = 1 << 20
_PIECE_TERMS = 1 << 16
_COPY = 1 << 22


@dataclass(frozen=True)
class Source:
    """A segment to merge: the documents kept of it (ascending) get numbers from `base` on."""

    segment: SegmentReader
    keep: NDArray[np.int64]
    base: int

    @property
    def whole(self) -> bool:
        return len(self.keep) == self.segment.documents

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """New number of each old document; -1 for those that are left out."""
        table = np.full(self.segment.documents, -1, np.int64)
        table[self.keep] = np.arange(self.base, self.base + len(self.keep))
        return table

    @property
    def stretches(self) -> Iterator[tuple[int, int]]:
        """Consecutive kept documents as [first, last)."""
        breaks = np.flatnonzero(np.diff(self.keep) != 1) + 1
        for part in np.split(self.keep, breaks) if len(self.keep) else []:
            yield int(part[0]), int(part[-1]) + 1


def merge(
    storage: Storage,
    path: Path,
    segments: Sequence[SegmentReader],
    keeps: Sequence[NDArray[np.int64]],
    families: Mapping[str, Family] | None = None,
) -> None:
    """Write the segment of the documents kept of several. Raises OSError."""
    bases = bounds(np.array([len(keep) for keep in keeps], np.int64)).tolist()
    sources = [Source(*part) for part in zip(segments, keeps, bases[:-1], strict=True)]
    documents = bases[-1]
    with ArrayFileWriter(storage.create(path)) as out:
        out.attributes["documents"] = documents
        for field in TEXT_FIELDS:
            _merge_field(out, field.name, sources, documents)
        ids = [source.segment.ids[doc] for source in sources for doc in source.keep.tolist()]
        write_columns(out, list(_merge_facets(sources, ids, families)))
        for name in NUMBERS:
            parts = [source.segment.numbers[name][source.keep] for source in sources]
            out.add(f"number.{name}", np.concatenate(parts))
        vectors = [source.segment.keywords for source in sources]
        write_keywords(
            out,
            np.concatenate([v[0][s.keep] for v, s in zip(vectors, sources, strict=True)]),
            np.concatenate([v[1][s.keep] for v, s in zip(vectors, sources, strict=True)]),
        )
        write_ids(out, ids)
        _merge_records(out, sources)


def _merge_facets(
    sources: Sequence[Source], ids: Sequence[bytes], families: Mapping[str, Family] | None
) -> Iterator[FacetColumn]:
    for field in FACET_FIELDS:
        if field.name == "family" and families is not None:
            yield family_column(ids, families)
        else:
            parts = [(s.segment.facets[field.name], s.keep) for s in sources]
            yield merge_columns(field, parts)


def family_column(ids: Sequence[bytes], families: Mapping[str, Family]) -> FacetColumn:
    """The column of reprint families of the documents with these ids."""
    (field,) = [field for field in FACET_FIELDS if field.name == "family"]
    found = (families.get(decode(key)) for key in ids)
    return build_column(field, [(family.id,) if family else () for family in found])


# -- text fields -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """One source's postings of a field. Per term with a kept document: `ids` its old id,
    `merged` its new one (both ascending), `documents` and `occurrences` what is kept of it."""

    reader: PostingsReader
    numbers: NDArray[np.int64] | None
    base: int
    ids: NDArray[np.int64]
    merged: NDArray[np.int64]
    documents: NDArray[np.int64]
    occurrences: NDArray[np.int64]

    def renumbered(self, terms: NDArray[Any]) -> NDArray[np.int64]:
        """New ids of old ones, -1 for terms left out."""
        table = np.full(len(self.reader.terms), -1, np.int64)
        table[self.ids] = self.merged
        new: NDArray[np.int64] = table[terms]
        return new


def _merge_field(
    out: ArrayFileWriter, name: str, sources: Sequence[Source], documents: int
) -> None:
    readers = [source.segment.fields[name] for source in sources]
    lexicon, parts = _merge_lexicons(readers, sources)
    lexicon.write(out, f"{name}.terms")
    _merge_postings(out, name, len(lexicon), parts, documents)
    lengths = np.concatenate(
        [reader.lengths[source.keep] for reader, source in zip(readers, sources, strict=True)]
    )
    out.add(f"{name}.lengths", lengths.astype(smallest(int(lengths.max(initial=0)))))
    _merge_shapes(out, name, readers, sources, int(lengths.sum(dtype=np.int64)))

    shadows = [source.segment.subwords[name] for source in sources]
    sub_lexicon, sub_parts = _merge_lexicons(shadows, sources)
    sub_lexicon.write(out, f"{name}{SHADOW}.terms")
    _merge_postings(out, name + SHADOW, len(sub_lexicon), sub_parts, documents)
    pairs = []
    for shadow, part, sub_part in zip(shadows, parts, sub_parts, strict=True):
        old_subs, old_parents = shadow.pairs
        subs, parents = sub_part.renumbered(old_subs), part.renumbered(old_parents)
        kept = (subs >= 0) & (parents >= 0)
        pairs.append(subs[kept].astype(np.uint64) << 32 | parents[kept].astype(np.uint64))
    both = distinct(joined(pairs, np.uint64))
    subs, parents = (both >> 32).astype(np.int64), both.astype(np.uint32)
    write_parents(out, name + SHADOW, subs, parents, len(sub_lexicon))


def _merge_lexicons(
    readers: Sequence[PostingsReader], sources: Sequence[Source]
) -> tuple[Lexicon, list[_Part]]:
    """The merged lexicon, and what each reader brings to it."""
    known, spellings = [], []
    for reader, source in zip(readers, sources, strict=True):
        size = len(reader.terms)
        freqs = reader.freqs_between(0, size)
        edges = reader.bounds.astype(np.int64)
        if not source.whole:
            kept = source.numbers[reader.docs_between(0, size)] >= 0
            edges, freqs = bounds(kept)[edges], freqs[kept]
        counts = np.diff(edges)
        ids = np.flatnonzero(counts)
        occurrences = np.diff(bounds(freqs)[edges])
        known.append((ids, counts[ids], occurrences[ids]))
        spellings.append(spelling_of(reader.terms, ids if len(ids) < size else None))
    lexicon, places = union(spellings)
    parts = [
        _Part(
            reader,
            None if source.whole else source.numbers,
            source.base,
            ids,
            merged,
            counts,
            occurrences,
        )
        for (ids, counts, occurrences), merged, reader, source in zip(
            known, places, readers, sources, strict=True
        )
    ]
    return lexicon, parts


def _merge_postings(
    out: ArrayFileWriter, name: str, size: int, parts: Sequence[_Part], documents: int
) -> None:
    counts, occurrences = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for part in parts:
        counts[part.merged] += part.documents
        occurrences[part.merged] += part.occurrences
    edges, starts = bounds(counts), bounds(occurrences)
    total, tokens = int(edges[-1]), int(starts[-1])
    positional = all(isinstance(part.reader, FieldReader) for part in parts)
    blocks = blocks_of(documents)

    out.add(f"{name}.bounds", edges.astype(index_type(total)))
    docs_out = out.reserve(f"{name}.docs", np.uint16, total)
    freqs_out = NarrowWriter(out, f"{name}.freqs", np.uint8, total)
    splits_out = out.reserve(f"{name}.splits", np.uint32, size * blocks)
    if positional:
        out.add(f"{name}.starts", starts.astype(index_type(tokens)))
        positions_out = NarrowWriter(out, f"{name}.positions", np.uint16, tokens)
    for first, last in _pieces(starts):
        piece = _merge_piece(parts, first, last, positional=positional)
        begin = int(edges[first])
        docs_out.write(begin, piece.docs.astype(np.uint16))
        freqs_out.write(begin, piece.freqs)
        if blocks:
            splits = splits_of(edges[first : last + 1] - begin, piece.docs, documents)
            splits_out.write(first * blocks, splits.ravel())
        if positional:
            positions_out.write(int(starts[first]), piece.positions)
    freqs_out.finish()
    if positional:
        positions_out.finish()


def _pieces(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Ranges of terms with about `_PIECE` occurrences each (one term may have more)."""
    first, size = 0, len(starts) - 1
    while first < size:
        last = int(np.searchsorted(starts, starts[first] + _PIECE, "right")) - 1
        last = min(max(last, first + 1), first + _PIECE_TERMS)
        yield first, last
        first = last


class _Piece(NamedTuple):
    docs: NDArray[np.uint32]
    freqs: NDArray[Any]
    positions: NDArray[Any]


def _merge_piece(parts: Sequence[_Part], first: int, last: int, *, positional: bool) -> _Piece:
    """The postings of the merged terms [first, last).

    Every part brings one stretch per term; the stretches are put in order of term and
    part, which puts the documents in order too.
    """
    terms, counts, occurrences = [], [], []
    docs, freqs, positions = [], [], []
    for part in parts:
        low, high = np.searchsorted(part.merged, (first, last)).tolist()
        if low == high:
            continue
        span = int(part.ids[low]), int(part.ids[high - 1]) + 1
        part_docs = part.reader.docs_between(*span)
        part_freqs = part.reader.freqs_between(*span)
        part_positions = _positions(part.reader, span) if positional else _NO_POSITIONS
        if part.numbers is None:
            part_docs = part_docs + np.uint32(part.base)
        else:
            numbers = part.numbers[part_docs]
            kept = numbers >= 0
            if positional:
                part_positions = part_positions[np.repeat(kept, part_freqs)]
            part_docs, part_freqs = numbers[kept].astype(np.uint32), part_freqs[kept]
        terms.append((part.merged[low:high] - first).astype(np.uint16))
        counts.append(part.documents[low:high])
        occurrences.append(part.occurrences[low:high])
        docs.append(part_docs)
        freqs.append(part_freqs)
        positions.append(part_positions)
    order = np.argsort(np.concatenate(terms), kind="stable")
    length = np.concatenate(counts)
    taken = ramps(bounds(length)[:-1][order], length[order])
    all_docs, all_freqs = np.concatenate(docs)[taken], np.concatenate(freqs)[taken]
    if not positional:
        return _Piece(all_docs, all_freqs, _NO_POSITIONS)
    length = np.concatenate(occurrences)
    taken = ramps(bounds(length)[:-1][order], length[order])
    return _Piece(all_docs, all_freqs, np.concatenate(positions)[taken])


_NO_POSITIONS = np.empty(0, np.uint16)


def _positions(reader: PostingsReader, span: tuple[int, int]) -> NDArray[Any]:
    assert isinstance(reader, FieldReader)
    return reader.positions_between(*span)


def _merge_shapes(
    out: ArrayFileWriter,
    name: str,
    readers: Sequence[FieldReader],
    sources: Sequence[Source],
    tokens: int,
) -> None:
    region = out.reserve(f"{name}.shapes", np.uint8, tokens)
    odd_at, odd, written = [], [], 0
    for reader, source in zip(readers, sources, strict=True):
        for first, last in source.stretches:
            shapes, at, values = reader.shapes.between(first, last)
            region.write(written, shapes)
            odd_at.append(at + np.uint64(written))
            odd.append(values)
            written += len(shapes)
    write_odd(out, name, joined(odd_at, np.uint64), joined(odd, np.int32))


# -- stored documents --------------------------------------------------------------------


def _merge_records(out: ArrayFileWriter, sources: Sequence[Source]) -> None:
    """Copy the compressed records as they are, with their dictionaries, each only once."""
    numbers: dict[bytes, int] = {}
    for kind in RECORDS:
        ordinals, sizes, stretches = [], [], []
        for source in sources:
            data, edges, dictionary = source.segment.stored[kind]
            known = source.segment.dictionaries
            used = dictionary[source.keep]
            table = np.zeros(len(known), np.uint16)
            for ordinal in np.unique(used).tolist():
                table[ordinal] = numbers.setdefault(known[ordinal], len(numbers))
            ordinals.append(table[used])
            sizes.append(np.diff(edges.astype(np.int64))[source.keep])
            stretches += [(data, *edges[[a, b]].tolist()) for a, b in source.stretches]
        edges = bounds(joined(sizes, np.int64))
        total = int(edges[-1])
        region = out.reserve(f"stored.{kind}", np.uint8, total)
        written = 0
        for data, start, end in stretches:
            for low in range(start, end, _COPY):
                piece = data[low : min(low + _COPY, end)]
                region.write(written, piece)
                written += len(piece)
        out.add(f"stored.{kind}.bounds", edges.astype(index_type(total)))
        out.add(f"stored.{kind}.dictionary", joined(ordinals, np.uint16))
    write_dictionaries(out, list(numbers))
