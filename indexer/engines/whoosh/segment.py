"""Read a segment: postings, positions, token offsets, columns and stored documents as arrays.

A segment is one immutable file of arrays, `NAME.segment`, that is mapped, not loaded. Its
documents are numbered from 0. What may change while the segment stays (which documents
were deleted, which families its documents belong to) lies beside it in `NAME.overlay`.
A run that a worker writes is a segment too, so merging runs and merging segments is one.

    segment = SegmentReader(folder / "MAIN_0001.segment")
    text = segment.fields["text"]
    term = text.terms.find("残疾人")            # -1 where there is none
    docs, freqs = text.postings(term)           # docs ascend; deleted ones are still in here
    bounds, positions = text.positions(term)    # of docs[i]: positions[bounds[i]:bounds[i+1]]
    segment.live                                # None, or a mask of the documents that count

`subwords["text"]` holds the sub-words of the coarse words: postings without positions.
`Generation` opens all segments of a folder; a document's number there is its number in the
segment plus `bases[i]`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.keywords import KEYWORDS, Hashes, Weights
from indexer.document import Document, Family
from indexer.engines.whoosh.arrayfile import ArrayFile
from indexer.engines.whoosh.columns import NUMBERS, FacetColumn
from indexer.engines.whoosh.lexicon import Lexicon, encode
from indexer.engines.whoosh.narrow import Narrow, bounds, ramps
from indexer.engines.whoosh.places import Shapes, TokenPlaces, tokens
from indexer.engines.whoosh.stored import RECORDS, Decompressor, decode_text, from_json, to_object
from indexer.errors import IndexMissing
from indexer.schema import FACET_FIELDS, TEXT_FIELDS

SUFFIX = ".segment"
OVERLAY = ".overlay"
SHADOW = ".sub"
BLOCK_BITS = 16
"""Document numbers are stored by their low 16 bits; `splits` says where the high bits change."""


def blocks_of(documents: int) -> int:
    """How many values other than 0 the high bits of that many document numbers take."""
    return max(documents - 1, 0) >> BLOCK_BITS


class PostingsReader:
    """Terms of a field and the documents of each. Term ids follow the byte order of terms.

    `terms`   the lexicon
    `bounds`  term id → its part of the postings (terms + 1)
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], name: str, documents: int) -> None:
        self.name = name
        self.documents = documents
        self.terms = Lexicon.read(arrays, f"{name}.terms")
        self.bounds = arrays[f"{name}.bounds"]
        self._docs = arrays[f"{name}.docs"]
        self._freqs = Narrow.read(arrays, f"{name}.freqs")
        blocks = blocks_of(documents)
        self._splits = arrays[f"{name}.splits"].reshape(len(self.terms), blocks) if blocks else None

    def frequency(self, term: int) -> int:
        """Number of documents that have the term, deleted ones included."""
        start, end = self.bounds[term : term + 2].tolist()
        return int(end - start)

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """`frequency` of every term."""
        edges = self.bounds.astype(np.int64)
        return edges[1:] - edges[:-1]

    def docs(self, term: int) -> NDArray[Any]:
        """Documents with the term, ascending: uint16 (a view) or uint32. Read only."""
        start, end = self.bounds[term : term + 2].tolist()
        low = self._docs[start:end]
        if self._splits is None:
            return low
        docs = low.astype(np.uint32)
        for split in self._splits[term].tolist():
            docs[split:] += 1 << BLOCK_BITS
        return docs

    def freqs(self, term: int) -> NDArray[Any]:
        """How often the term stands in each of `docs(term)`: uint8 (a view) or uint32."""
        start, end = self.bounds[term : term + 2].tolist()
        return self._freqs.slice(start, end)

    def postings(self, term: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """`docs(term)` and `freqs(term)`."""
        return self.docs(term), self.freqs(term)

    def docs_between(self, first: int, last: int) -> NDArray[np.uint32]:
        """Documents of the terms [first, last), term by term (for merging and expansion)."""
        edges = self.bounds[[first, last]].tolist() if last > first else [0, 0]
        docs = self._docs[edges[0] : edges[1]].astype(np.uint32)
        if self._splits is not None:
            starts = self.bounds[first:last].astype(np.int64) - edges[0]
            ends = self.bounds[first + 1 : last + 1].astype(np.int64) - edges[0]
            steps = np.zeros(len(docs) + 1, np.int32)
            for block in range(self._splits.shape[1]):
                np.add.at(steps, starts + self._splits[first:last, block], 1)
            np.add.at(steps, ends, -self._splits.shape[1])
            docs += np.cumsum(steps[:-1]).astype(np.uint32) << np.uint32(BLOCK_BITS)
        return docs

    def postings_of(self, terms: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Postings of any terms, one after another: documents, frequencies, and how many
        postings each term has."""
        starts = self.bounds.take(terms).astype(np.int64)
        counts = self.bounds.take(terms + 1).astype(np.int64) - starts
        places = ramps(starts, counts)
        docs = self._docs.take(places).astype(np.uint32)
        if self._splits is not None:
            within = ramps(np.zeros(len(terms), np.int64), counts)
            for block in range(self._splits.shape[1]):
                high = within >= np.repeat(self._splits[terms, block], counts)
                docs += high.astype(np.uint32) << np.uint32(BLOCK_BITS)
        return docs, self._freqs.take(places), counts

    def freqs_between(self, first: int, last: int) -> NDArray[Any]:
        """Frequencies beside `docs_between`."""
        if last <= first:
            return np.empty(0, np.uint8)
        start, end = self.bounds[[first, last]].tolist()
        return self._freqs.slice(start, end)


class SubwordReader(PostingsReader):
    """The sub-words of a field's coarse words.

    A sub-word's frequency in a document is the sum over the coarse words that contain it;
    a coarse word is not among its own sub-words.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], name: str, documents: int) -> None:
        super().__init__(arrays, name, documents)
        self._parent_bounds = arrays[f"{name}.parents.bounds"]
        self._parents = arrays[f"{name}.parents"]

    def parents(self, term: int) -> NDArray[np.uint32]:
        """Term ids, in the coarse field, of the words that contain the sub-word."""
        start, end = self._parent_bounds[term : term + 2].tolist()
        return self._parents[start:end]

    @property
    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """All (sub-word, coarse word) pairs, by sub-word."""
        edges = self._parent_bounds.astype(np.int64)
        counts = edges[1:] - edges[:-1]
        return np.repeat(np.arange(len(counts)), counts), self._parents


class FieldReader(PostingsReader):
    """A text field: postings with positions, lengths, and the place of every token.

    `lengths`  tokens per document (exact)
    `total`    sum of lengths, deleted documents included
    `starts`   term id → its part of the positions (terms + 1)
    `shapes`   where the tokens of each document stand
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], name: str, documents: int) -> None:
        super().__init__(arrays, name, documents)
        self.lengths = arrays[f"{name}.lengths"]
        self.starts = arrays[f"{name}.starts"]
        self._positions = Narrow.read(arrays, f"{name}.positions")
        self.shapes = Shapes.read(arrays, name, self.lengths)

    @cached_property
    def total(self) -> int:
        return int(self.lengths.sum(dtype=np.int64))

    def positions(self, term: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Bounds (docs + 1) and positions: those of `docs(term)[i]` are
        `positions[bounds[i]:bounds[i + 1]]`, ascending; uint16 (a view) or uint32."""
        start, end = self.starts[term : term + 2].tolist()
        return bounds(self.freqs(term)), self._positions.slice(start, end)

    def positions_of(self, terms: NDArray[Any]) -> NDArray[Any]:
        """Positions of any terms, one after another, beside `postings_of`."""
        starts = self.starts[terms].astype(np.int64)
        return self._positions.take(ramps(starts, self.starts[terms + 1].astype(np.int64) - starts))

    def positions_at(self, places: NDArray[Any]) -> NDArray[Any]:
        """Positions by their places among those of all terms (see `starts`)."""
        return self._positions.take(places)

    def positions_between(self, first: int, last: int) -> NDArray[Any]:
        """Positions of the terms [first, last), term by term, document by document."""
        if last <= first:
            return np.empty(0, np.uint16)
        start, end = self.starts[[first, last]].tolist()
        return self._positions.slice(start, end)

    def tokens(self, doc: int) -> TokenPlaces:
        """Where the tokens of a document stand. Offsets point into the text that
        `schema.TEXT_FIELDS` names for the field."""
        return tokens(self.shapes, doc)


class SegmentReader:
    """One segment. Safe to share between threads.

    `documents`  number of documents, deleted ones included
    `fields`     name → FieldReader
    `subwords`   name of the field → SubwordReader
    `facets`     name → FacetColumn, in the order of `schema.FACET_FIELDS`
    `numbers`    name → one number per document: "date" (YYYYMMDD, 0 for none)
    `keywords`   hashes and weights of each document's most telling words, both of shape
                 (documents, KEYWORDS); see `indexer.analysis.keywords`
    `live`       mask of the documents that are not deleted, or None where none is deleted
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name.removesuffix(SUFFIX)
        self.arrays = ArrayFile(path)
        self.documents = int(self.arrays.attributes["documents"])
        self.fields: dict[str, FieldReader] = {}
        self.subwords: dict[str, SubwordReader] = {}
        for field in TEXT_FIELDS:
            self.fields[field.name] = FieldReader(self.arrays, field.name, self.documents)
            shadow = field.name + SHADOW
            self.subwords[field.name] = SubwordReader(self.arrays, shadow, self.documents)
        overlay_path = path.with_name(self.name + OVERLAY)
        overlay: Mapping[str, NDArray[Any]] = {}
        if overlay_path.exists():
            overlay = ArrayFile(overlay_path)
        self.live: NDArray[np.bool_] | None = None
        if "live" in overlay:
            self.live = np.unpackbits(overlay["live"], count=self.documents).astype(bool)
        self.facets = {
            field.name: FacetColumn.read(
                overlay if f"facet.{field.name}.ords" in overlay else self.arrays, field
            )
            for field in FACET_FIELDS
        }
        self.numbers = {name: self.arrays[f"number.{name}"] for name in NUMBERS}
        self.keywords: tuple[Hashes, Weights] = (
            self.arrays["keywords.hashes"].reshape(-1, KEYWORDS),
            self.arrays["keywords.weights"].reshape(-1, KEYWORDS),
        )
        self._ids = Lexicon.read(self.arrays, "ids")
        self._id_order = self.arrays["ids.order"]

    # -- documents -----------------------------------------------------------------------

    @cached_property
    def live_count(self) -> int:
        return self.documents if self.live is None else int(np.count_nonzero(self.live))

    @property
    def live_docs(self) -> NDArray[np.int64]:
        """Numbers of the documents that are not deleted."""
        return np.arange(self.documents) if self.live is None else np.flatnonzero(self.live)

    def id(self, doc: int) -> str:
        return self._ids.text(doc)

    @property
    def ids(self) -> Lexicon:
        """Ids as bytes by document number (not sorted)."""
        return self._ids

    def find(self, document_id: str) -> int:
        """The number of the document with an id, or -1. Deleted documents are not found."""
        key = encode(document_id)
        low, high = 0, self.documents
        while low < high:
            middle = (low + high) // 2
            if self._ids[int(self._id_order[middle])] < key:
                low = middle + 1
            else:
                high = middle
        if low == self.documents:
            return -1
        doc = int(self._id_order[low])
        alive = self.live is None or bool(self.live[doc])
        return doc if alive and self._ids[doc] == key else -1

    # -- stored documents ----------------------------------------------------------------

    @cached_property
    def dictionaries(self) -> list[bytes]:
        """The compression dictionaries of the stored records (empty bytes: none)."""
        edges = self.arrays["stored.dictionaries.bounds"].tolist()
        data = self.arrays["stored.dictionaries"]
        return [data[a:b].tobytes() for a, b in pairwise(edges)]

    @cached_property
    def _decompressor(self) -> Decompressor:
        return Decompressor(self.dictionaries)

    @cached_property
    def stored(self) -> dict[str, tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]:
        """Per kind of record: compressed bytes, bounds (documents + 1), dictionary numbers."""
        return {
            kind: (
                self.arrays[f"stored.{kind}"],
                self.arrays[f"stored.{kind}.bounds"],
                self.arrays[f"stored.{kind}.dictionary"],
            )
            for kind in RECORDS
        }

    def record(self, doc: int, kind: str) -> bytes:
        """A record as it was before compression; `kind` is one of `RECORDS`."""
        data, edges, dictionary = self.stored[kind]
        start, end = edges[doc : doc + 2].tolist()
        return self._decompressor.decompress(data[start:end].tobytes(), int(dictionary[doc]))

    def text(self, doc: int) -> str:
        """The body alone, without decoding anything else."""
        return decode_text(self.record(doc, "text"))

    def metadata(self, doc: int) -> dict[str, Any]:
        """Everything but text and family as plain JSON (fields at their default left out):
        "id", "title", "date", "url", "source" and so on. The cheapest way to a title."""
        return to_object(self.record(doc, "meta"))

    def document(self, doc: int) -> Document:
        """The stored document, whole."""
        document = from_json(self.record(doc, "meta"), self.text(doc))
        family = self.family(doc)
        return document if family is None else document.replace(family=family)

    def family(self, doc: int) -> Family | None:
        """The reprint family of a document. `size` counts this segment's members until a
        `Generation` opens it, which knows all."""
        names = self.facets["family"].of(doc)
        if not names:
            return None
        return Family(names[0], self.family_size(names[0]))

    def family_size(self, family: str) -> int:
        """Live members of a family in this segment."""
        docs = self.facets["family"].docs_with(family)
        return len(docs) if self.live is None else int(np.count_nonzero(self.live[docs]))


class Generation:
    """All segments of a generation's folder, oldest first. Raises IndexMissing, IndexDamaged.

    `bases[i]` is what the numbers of segment i start from; `documents` is behind the last.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = sorted(folder.glob(f"*{SUFFIX}"))
        if not paths:
            raise IndexMissing(
                f"{folder} 中没有索引段。 There is no segment in this folder.",
                "请先建立索引：python -m indexer build SOURCE…"
                " Build an index first with that command.",
            )
        self.segments: Sequence[SegmentReader] = [SegmentReader(path) for path in paths]
        self.bases = bounds(np.array([s.documents for s in self.segments]))[:-1].tolist()
        self.documents = sum(segment.documents for segment in self.segments)
        self.live_count = sum(segment.live_count for segment in self.segments)

    def locate(self, doc: int) -> tuple[SegmentReader, int]:
        """The segment of a document number and the number in it. Raises KeyError."""
        if not 0 <= doc < self.documents:
            raise KeyError(doc)
        number = bisect_right(self.bases, doc) - 1
        return self.segments[number], doc - self.bases[number]

    def find(self, document_id: str) -> int:
        """The number of the live document with an id, or -1."""
        for segment, base in zip(self.segments, self.bases, strict=True):
            doc = segment.find(document_id)
            if doc >= 0:
                return int(base) + doc
        return -1

    def document(self, doc: int) -> Document:
        """A stored document, with its family over all segments. Raises KeyError."""
        segment, local = self.locate(doc)
        document = segment.document(local)
        if document.family is None:
            return document
        size = sum(s.family_size(document.family.id) for s in self.segments)
        return document.replace(family=Family(document.family.id, size))

    def live_documents(self) -> Iterator[tuple[int, SegmentReader, int]]:
        """(number, segment, number in it) of every document that is not deleted."""
        for segment, base in zip(self.segments, self.bases, strict=True):
            for doc in segment.live_docs.tolist():
                yield base + doc, segment, doc
