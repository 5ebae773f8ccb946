"""Build a segment from documents in memory: what a worker process does with its batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from indexer.analysis.keywords import Hashes, Weights, vectors
from indexer.document import Document
from indexer.engines.base import Run, Subwords, TokenColumns
from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.columns import FACET_VALUES, NUMBERS, FacetColumn, build_column
from indexer.engines.whoosh.inversion import FieldInverter, Inverted, index_type
from indexer.engines.whoosh.lexicon import Lexicon, encode
from indexer.engines.whoosh.narrow import bounds, smallest
from indexer.engines.whoosh.stored import RECORDS, Compressor, encode_text, to_json
from indexer.engines.whoosh.vocabulary import LIMIT, Vocabulary
from indexer.schema import FACET_FIELDS, TEXT_FIELDS
from indexer.storage import Storage


class SegmentBuilder:
    """Implements `RunBuilder`. One per process; after `write_run` it is empty again."""

    def __init__(self, storage: Storage, subwords: Subwords) -> None:
        self._storage = storage
        self._subwords = subwords
        self._vocabulary = Vocabulary(subwords)
        self._compressors = {kind: Compressor(kind) for kind in RECORDS}
        self._clear()

    def _clear(self) -> None:
        self.tokens = 0
        if len(self._vocabulary) > LIMIT:
            self._vocabulary = Vocabulary(self._subwords)
        self._fields = [FieldInverter(field.name, self._vocabulary) for field in TEXT_FIELDS]
        self._ids: list[bytes] = []
        self._records: dict[str, list[bytes]] = {kind: [] for kind in RECORDS}
        self._facets: dict[str, list[Sequence[str]]] = {field.name: [] for field in FACET_FIELDS}
        self._numbers: dict[str, list[int]] = {name: [] for name in NUMBERS}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, documents: Sequence[Document], tokens: Mapping[str, TokenColumns]) -> None:
        """Everything but tokens one kind of value after the other, then field by field."""
        self._ids += [encode(document.id) for document in documents]
        self._records["text"] += [encode_text(document.text) for document in documents]
        self._records["meta"] += map(to_json, documents)
        for name, values in self._facets.items():
            values.extend(map(FACET_VALUES[name], documents))
        for name, numbers in self._numbers.items():
            numbers.extend(map(NUMBERS[name], documents))
        for field in self._fields:
            self.tokens += field.add(tokens[field.name])

    def write_run(self, path: Path) -> Run:
        run = Run(path, len(self), self.tokens)
        self._vocabulary.update()
        with ArrayFileWriter(self._storage.create(path)) as out:
            out.attributes["documents"] = len(self)
            for field in self._fields:
                inverted = field.write(out)
                if field.name == "text":
                    self._write_keywords(out, inverted)
            columns = [build_column(field, self._facets[field.name]) for field in FACET_FIELDS]
            write_columns(out, columns)
            for name, numbers in self._numbers.items():
                out.add(f"number.{name}", np.array(numbers, np.int32))
            write_ids(out, self._ids)
            self._write_records(out)
        self._clear()
        return run

    def _write_keywords(self, out: ArrayFileWriter, inverted: Inverted) -> None:
        numbers, (edges, docs, freqs) = inverted
        hashes, idf = self._vocabulary.hashes[numbers], self._vocabulary.idf[numbers]
        terms = np.repeat(np.arange(len(numbers)), np.diff(edges))
        write_keywords(out, *vectors(len(self), hashes, idf, terms, docs, freqs))

    def _write_records(self, out: ArrayFileWriter) -> None:
        dictionaries: list[bytes] = []
        for kind, records in self._records.items():
            compressor = self._compressors[kind]
            compressor.train(records)
            data = compressor.compress(records)
            if compressor.dictionary not in dictionaries:
                dictionaries.append(compressor.dictionary)
            number = dictionaries.index(compressor.dictionary)
            edges = bounds(np.fromiter(map(len, data), np.int64, len(data)))
            out.add(f"stored.{kind}", np.frombuffer(b"".join(data), np.uint8))
            out.add(f"stored.{kind}.bounds", edges.astype(index_type(int(edges[-1]))))
            out.add(f"stored.{kind}.dictionary", np.full(len(data), number, np.uint16))
        write_dictionaries(out, dictionaries)


def write_keywords(out: ArrayFileWriter, hashes: Hashes, weights: Weights) -> None:
    """Write the vectors of `indexer.analysis.keywords`, document by document."""
    out.add("keywords.hashes", hashes.ravel())
    out.add("keywords.weights", weights.ravel())


def write_columns(out: ArrayFileWriter, columns: Sequence[FacetColumn]) -> None:
    for column in columns:
        column.write(out)


def write_ids(out: ArrayFileWriter, ids: Sequence[bytes]) -> None:
    """Ids in document order, and the order in which they sort."""
    Lexicon.of(ids).write(out, "ids")
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    out.add("ids.order", order.astype(smallest(len(ids))))


def write_dictionaries(out: ArrayFileWriter, dictionaries: Sequence[bytes]) -> None:
    edges = bounds(np.array([len(data) for data in dictionaries], np.int64))
    out.add("stored.dictionaries", np.frombuffer(b"".join(dictionaries), np.uint8))
    out.add("stored.dictionaries.bounds", edges.astype(np.uint32))
