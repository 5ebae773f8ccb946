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
from importlib.util import find_spec
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
def _idf() -> tuple[dict[str, float], float]:
    """jieba's idf table and the value for words that it lacks (its median)."""
    spec = find_spec("jieba")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0], "analyse", "idf.txt")
    fields = path.read_text(encoding="utf-8").split()
    values = list(map(float, fields[1::2]))
    return dict(zip(fields[::2], values, strict=True)), sorted(values)[len(values) // 2]


def word_hash(word: str) -> int:
    """The hash of a word in the vectors."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) & (HASHES - 1)


def vectors(
    documents: int, words: Sequence[str], terms: NDArray[Any], docs: NDArray[Any], freqs: NDArray[Any]
) -> tuple[Hashes, Weights]:
    """The vectors of a batch, each of shape (documents, KEYWORDS), heaviest word first.

    Postings are given as three columns: `terms` (numbers into `words`), `docs` and `freqs`.
    Single characters and numbers tell nothing and are left out.
    """
    hashes = np.zeros((documents, KEYWORDS), np.uint16)
    weights = np.zeros((documents, KEYWORDS), np.uint8)
    table, other = _idf()
    idf = np.fromiter(
        (
            table.get(word, other) if len(word) > 1 and not word[0].isdecimal() else 0.0
            for word in words
        ),
        np.float32,
        len(words),
    )
    telling = np.flatnonzero(idf[terms])
    if not len(telling):
        return hashes, weights
    terms, docs = terms[telling], docs[telling].astype(np.int64)
    weight = (1 + np.log(freqs[telling].astype(np.float32))) * idf[terms]
    length = np.sqrt(np.bincount(docs, weight * weight, documents))
    weight /= length[docs]
    # Sorted by document, then by falling weight: one key of two parts.
    order = np.argsort(docs * 1024 + (1023 - (weight * 1023).astype(np.int64)), kind="stable")
    docs = docs[order]
    rank = np.arange(len(docs)) - np.searchsorted(docs, np.arange(documents))[docs]
    kept = rank < KEYWORDS
    chosen = order[kept]
    places = docs[kept], rank[kept]
    hash_of = np.fromiter(map(word_hash, words), np.uint16, len(words))
    hashes[places] = hash_of[terms[chosen]]
    weights[places] = np.maximum(np.round(weight[chosen] * 255), 1).astype(np.uint8)
    return hashes, weights
