"""The most telling words of each document, as a short vector: what the document is about.

Search uses them to lift documents that resemble the best hits, and to find similar ones.
A vector is `KEYWORDS` pairs of a word's 16-bit hash and its weight in 1/255:
(1 + ln tf) · idf, scaled to length 1 over all words of the document (not only those kept),
so that a round-up of many small items has low weights throughout.

Hashes need no lexicon, so vectors stay good when segments are merged; that two words share
one is rare enough among the few words of a query's best hits. The idf comes from jieba's
table of general Chinese: the same word weighs the same in a collection of forty documents
and in one of a hundred thousand, and a document's vector depends on the document alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEYWORDS = 24
"""Words kept per document; fewer are filled up with weight 0."""
HASHES = 1 << 16

Hashes = NDArray[np.uint16]
Weights = NDArray[np.uint8]


@cache
def _idf() -> tuple[NDArray[np.uint32], NDArray[np.float32], float]:
    """CRC-32 of words (ascending), their idf, and the median for words that are not there;
    see `indexer.analysis.compile_idf`."""
    with np.load(Path(__file__).parent / "data" / "idf.npz") as table:
        return table["words"], table["idf"].astype(np.float32), float(table["other"])


def word_features(words: Sequence[bytes]) -> tuple[Hashes, NDArray[np.float32]]:
    """The hash and the idf of each word (UTF-8); an idf of 0 marks words that tell nothing:
    single characters and numbers."""
    if not words:
        return np.zeros(0, np.uint16), np.zeros(0, np.float32)
    sums = np.fromiter(map(zlib.crc32, words), np.uint32, len(words))
    known, values, other = _idf()
    place = np.minimum(np.searchsorted(known, sums), len(known) - 1)
    idf = np.where(known[place] == sums, values[place], np.float32(other))
    # All words side by side: bytes that are no continuation bytes begin a character.
    signs = np.frombuffer(b"".join(words), np.uint8)
    starts = np.cumsum([0, *map(len, words)])[:-1]
    characters = np.add.reduceat((signs & 0xC0) != 0x80, starts, dtype=np.int64)
    digits = (signs[starts] >= ord("0")) & (signs[starts] <= ord("9"))
    idf[(characters == 1) | digits] = 0
    return (sums & (HASHES - 1)).astype(np.uint16), idf


def vectors(
    documents: int,
    hashes_of: Hashes,
    idf: NDArray[np.float32],
    terms: NDArray[Any],
    docs: NDArray[Any],
    freqs: NDArray[Any],
) -> tuple[Hashes, Weights]:
    """The vectors of a batch, each of shape (documents, KEYWORDS), heaviest word first.

    Postings are given as three columns: `terms` (numbers into the `word_features`), `docs`
    and `freqs`.
    """
    hashes = np.zeros((documents, KEYWORDS), np.uint16)
    weights = np.zeros((documents, KEYWORDS), np.uint8)
    telling = np.flatnonzero(idf[terms])
    if not len(telling):
        return hashes, weights
    terms, docs = terms[telling], docs[telling].astype(np.int64)
    freqs = freqs[telling]
    damped = 1 + np.log(np.arange(1, int(freqs.max()) + 1, dtype=np.float32))
    weight = damped[freqs - 1] * idf[terms]
    length = np.sqrt(np.bincount(docs, weight * weight, documents))
    weight /= length[docs]
    # By falling weight, then by document: small unsigned keys are sorted by radix.
    order = np.argsort(1023 - (weight * 1023).astype(np.uint16), kind="stable")
    by_doc = docs[order].astype(np.min_scalar_type(documents))
    order = order[np.argsort(by_doc, kind="stable")]
    docs = docs[order]
    rank = np.arange(len(docs)) - np.searchsorted(docs, np.arange(documents))[docs]
    kept = rank < KEYWORDS
    chosen = order[kept]
    places = docs[kept], rank[kept]
    hashes[places] = hashes_of[terms[chosen]]
    weights[places] = np.maximum(np.round(weight[chosen] * 255), 1).astype(np.uint8)
    return hashes, weights
