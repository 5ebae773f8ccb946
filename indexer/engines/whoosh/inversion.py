"""Invert the tokens of a batch: from documents with words to words with documents.

Words become numbers through the vocabulary of the process; everything after that is
sorting and counting over whole arrays. No Python runs per posting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.base import TokenColumns
from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.narrow import add_narrow, bounds, ramps, smallest
from indexer.engines.whoosh.places import write_shapes
from indexer.engines.whoosh.segment import BLOCK_BITS, SHADOW, blocks_of
from indexer.engines.whoosh.spelling import Spelled
from indexer.engines.whoosh.vocabulary import Vocabulary


class Postings(NamedTuple):
    """Postings in term order: `bounds` (terms + 1) into `docs` and `freqs`."""

    bounds: NDArray[np.int64]
    docs: NDArray[Any]
    freqs: NDArray[Any]


def stable_order(keys: NDArray[Any], limit: int) -> NDArray[np.int64]:
    """The stable sorting order of unsigned keys below `limit`, by radix: 16 bits a pass."""
    order = np.argsort(keys.astype(np.uint16, copy=False), kind="stable")
    if limit > 1 << 16:
        high = (keys >> 16).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    return order


def joined(parts: Sequence[NDArray[Any]], kind: Any) -> NDArray[Any]:
    """Parts as one array of a type; works for no parts."""
    return np.concatenate([np.empty(0, kind), *parts], dtype=kind, casting="unsafe")


class Inverted(NamedTuple):
    """A field's postings, and the vocabulary's number of each term."""

    numbers: NDArray[np.int64]
    postings: Postings


class FieldInverter:
    """Collects the tokens of one text field over a batch and writes them inverted."""

    def __init__(self, name: str, vocabulary: Vocabulary) -> None:
        self.name = name
        self._vocabulary = vocabulary
        self._words: list[NDArray[np.uint32]] = []
        self._positions: list[NDArray[np.int32]] = []
        self._starts: list[NDArray[np.int32]] = []
        self._ends: list[NDArray[np.int32]] = []
        self._lengths: list[NDArray[np.int64]] = []

    def add(self, tokens: TokenColumns) -> int:
        """Take in the tokens of the next documents; gives their number."""
        self._lengths.append(np.diff(tokens.bounds))
        size = len(tokens.sizes)
        if size:
            words = self._vocabulary.words.numbers(Spelled(tokens.codes, tokens.sizes))
            self._words.append(words)
            self._positions.append(tokens.positions)
            self._starts.append(tokens.starts)
            self._ends.append(tokens.ends)
        return size

    def write(self, out: ArrayFileWriter) -> Inverted:
        """Write the arrays of the field and of its sub-words. The vocabulary is up to date."""
        vocabulary = self._vocabulary
        name = self.name
        lengths = joined(self._lengths, np.int64)
        documents = len(lengths)
        positions = joined(self._positions, np.int32)
        words = joined(self._words, np.uint32)
        used = np.flatnonzero(np.bincount(words, minlength=len(vocabulary)))
        lexicon, numbers = vocabulary.words.lexicon(used)
        # Narrow types from here on: what is gathered in random order should fit the cache.
        term_type = smallest(len(numbers))
        term_of = np.zeros(len(vocabulary), term_type)
        term_of[numbers] = np.arange(len(numbers), dtype=term_type)
        words = term_of[words]

        order = stable_order(words, len(lexicon))
        docs = np.repeat(np.arange(documents, dtype=smallest(documents)), lengths)[order]
        words = words[order]
        changes = (words[1:] != words[:-1]) | (docs[1:] != docs[:-1])
        first = np.flatnonzero(np.concatenate([[len(words) > 0], changes]))
        terms = words[first]
        postings = Postings(
            bounds(np.bincount(terms, minlength=len(lexicon))),
            docs[first],
            np.diff(first, append=len(words)),
        )

        lexicon.write(out, f"{name}.terms")
        write_postings(out, name, postings, documents)
        starts = bounds(np.bincount(words, minlength=len(lexicon)))
        out.add(f"{name}.starts", starts.astype(index_type(len(words))))
        narrow = positions.astype(smallest(max(int(positions.max(initial=0)), 1 << 15)))
        add_narrow(out, f"{name}.positions", np.uint16, narrow[order])
        out.add(f"{name}.lengths", lengths.astype(smallest(int(lengths.max(initial=0)))))
        ends = joined(self._ends, np.int32)
        write_shapes(out, name, lengths, joined(self._starts, np.int32), ends, positions)
        inverted = Inverted(numbers, postings)
        _write_subwords(out, name, vocabulary, inverted, documents)
        return inverted


def _write_subwords(
    out: ArrayFileWriter, field: str, vocabulary: Vocabulary, inverted: Inverted, documents: int
) -> None:
    """Derive the postings of the sub-words from those of the words that contain them.

    What sub-words a word has does not depend on where it stands, so the table is made
    per word of the vocabulary, and the postings follow by repeating and adding.
    """
    numbers, postings = inverted
    counts, parts = vocabulary.parts_of(numbers)
    used = np.flatnonzero(np.bincount(parts, minlength=len(vocabulary.subs)))
    lexicon, sub_numbers = vocabulary.subs.lexicon(used)
    term_of = np.zeros(len(vocabulary.subs), np.uint32)
    term_of[sub_numbers] = np.arange(len(sub_numbers), dtype=np.uint32)
    # (sub-word, word) pairs in order, and for each the postings of the word.
    subs = term_of[parts]
    order = stable_order(subs, len(lexicon))
    subs = subs[order]
    parents = np.repeat(np.arange(len(numbers), dtype=np.uint32), counts)[order]

    name = field + SHADOW
    lexicon.write(out, f"{name}.terms")
    write_parents(out, name, subs, parents, len(lexicon))

    sizes = np.diff(postings.bounds)[parents]
    rows = ramps(postings.bounds[parents], sizes)
    docs, freqs = postings.docs[rows], postings.freqs[rows]
    terms = np.repeat(subs, sizes)
    order = stable_order(docs, documents)
    order = order[stable_order(terms[order], len(lexicon))]
    write_postings(
        out, name, add_up(terms[order], docs[order], freqs[order], len(lexicon)), documents
    )


def add_up(terms: NDArray[Any], docs: NDArray[Any], freqs: NDArray[Any], size: int) -> Postings:
    """Postings of rows sorted by term and document; rows of one document are added up."""
    changes = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
    first = np.flatnonzero(np.concatenate([[len(terms) > 0], changes]))
    total = np.add.reduceat(freqs.astype(np.uint32), first) if len(first) else freqs[:0]
    return Postings(bounds(np.bincount(terms[first], minlength=size)), docs[first], total)


def index_type(limit: int) -> np.dtype[Any]:
    """uint32 where it is enough, else uint64."""
    return np.dtype(np.uint32 if limit < 1 << 32 else np.uint64)


def splits_of(edges: NDArray[np.int64], docs: NDArray[Any], documents: int) -> NDArray[np.uint32]:
    """Per term, where within its postings the high bits of the document number go up."""
    blocks = blocks_of(documents)
    splits = np.empty((len(edges) - 1, blocks), np.uint32)
    for block in range(blocks):
        below = bounds(docs < (block + 1) << BLOCK_BITS)
        splits[:, block] = np.diff(below[edges])
    return splits


def write_postings(out: ArrayFileWriter, name: str, postings: Postings, documents: int) -> None:
    edges, docs, freqs = postings
    out.add(f"{name}.bounds", edges.astype(index_type(len(docs))))
    out.add(f"{name}.docs", docs.astype(np.uint16))
    add_narrow(out, f"{name}.freqs", np.uint8, freqs.astype(np.uint32))
    out.add(f"{name}.splits", splits_of(edges, docs, documents).ravel())


def write_parents(
    out: ArrayFileWriter, name: str, subs: NDArray[Any], parents: NDArray[Any], size: int
) -> None:
    """Write (sub-word, word) pairs that are sorted by sub-word."""
    edges = bounds(np.bincount(subs, minlength=size))
    out.add(f"{name}.parents.bounds", edges.astype(np.uint32))
    out.add(f"{name}.parents", parents.astype(np.uint32))
