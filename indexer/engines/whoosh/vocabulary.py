"""Numbers for words, and what is known of each word, kept over the batches of a process.

All that is done per word in Python (its bytes, sub-words, keyword hash) is done when a
word is first met; a batch then only gathers from arrays. `LIMIT` bounds the memory.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.keywords import word_features
from indexer.engines.base import Subwords
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.narrow import bounds, ramps

LIMIT = 400_000
"""Words after which a process starts a new vocabulary (about 100 MB)."""


class Words(dict[str, int]):
    """Numbers words in the order in which they are first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self._order: list[int] = []
        self.ranks: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._blob: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._sizes: NDArray[np.int64] = np.empty(0, np.int64)

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        self._words.append(word)
        return number

    def take_new(self) -> list[str]:
        """Bring the arrays up to date; gives the words that have come since the last time."""
        known, size = len(self._order), len(self)
        new = self._words[known:]
        if new:
            encoded = [word.encode("utf-8", "surrogatepass") for word in new]
            blob = np.frombuffer(b"".join(encoded), np.uint8)
            self._blob = np.concatenate([self._blob, blob])
            sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
            self._sizes = np.concatenate([self._sizes, sizes])
            # Two sorted parts, which sorting by merging makes good use of. UTF-8 sorts as the
            # strings do.
            word_of = self._words.__getitem__
            self._order += sorted(range(known, size), key=word_of)
            self._order.sort(key=word_of)
            self.ranks = np.empty(size, np.uint32)
            self.ranks[self._order] = np.arange(size, dtype=np.uint32)
        return new

    def lexicon(self, numbers: NDArray[np.int64]) -> tuple[Lexicon, NDArray[np.int64]]:
        """The lexicon of some words, and their numbers in its order."""
        numbers = numbers[np.argsort(self.ranks[numbers])]
        sizes = self._sizes[numbers]
        starts = bounds(self._sizes)[:-1][numbers]
        return Lexicon(self._blob[ramps(starts, sizes)], bounds(sizes).astype(np.uint32)), numbers


class Vocabulary:
    """The words of a process with their sub-words and keyword features.

    `part_bounds` and `parts`: word number → numbers of its sub-words in `subs`.
    `hashes`, `idf`: see `indexer.analysis.keywords.word_features`.
    """

    def __init__(self, subwords: Subwords) -> None:
        self._subwords = subwords
        self.words, self.subs = Words(), Words()
        self.number: Callable[[str], int] = self.words.__getitem__
        self.parts: NDArray[np.uint32] = np.empty(0, np.uint32)
        self.part_counts: NDArray[np.int64] = np.empty(0, np.int64)
        self.hashes, self.idf = word_features([])

    def __len__(self) -> int:
        return len(self.words)

    def update(self) -> None:
        """Find out what is to be known of the words that have come since the last time."""
        new = self.words.take_new()
        if not new:
            return
        found = [tuple(dict.fromkeys(self._subwords(word))) for word in new]
        parts = np.fromiter(map(self.subs.__getitem__, chain.from_iterable(found)), np.uint32)
        counts = np.fromiter(map(len, found), np.int64, len(found))
        self.parts = np.concatenate([self.parts, parts])
        self.part_counts = np.concatenate([self.part_counts, counts])
        hashes, idf = word_features(new)
        self.hashes = np.concatenate([self.hashes, hashes])
        self.idf = np.concatenate([self.idf, idf])
        self.subs.take_new()

    def parts_of(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """How many sub-words each of some words has, and all of these, one after another."""
        counts = self.part_counts[numbers]
        return counts, self.parts[ramps(bounds(self.part_counts)[:-1][numbers], counts)]
