"""Numbers for words, and what is known of each word, kept over the batches of a process.

All that is done per word in Python (its bytes, sub-words, keyword hash) is done when a
word is first met; a batch then only gathers from arrays. `LIMIT` bounds the memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import chain, count, islice

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.keywords import word_features
from indexer.engines.base import Subwords
from indexer.engines.whoosh.lexicon import Lexicon, encode_all
from indexer.engines.whoosh.narrow import bounds, ramps

LIMIT = 400_000
"""Words after which a process starts a new vocabulary (about 100 MB)."""


class Words:
    """Numbers words in the order in which they are first asked for."""

    def __init__(self) -> None:
        # A counter as the factory of missing values: no Python runs for a word, new or known.
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self.number: Callable[[str], int] = self._numbers.__getitem__
        self._words: list[str] = []
        self._order: list[int] = []
        self.ranks: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._blob: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._sizes: NDArray[np.int64] = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._numbers)

    def take_new(self) -> tuple[list[str], list[bytes]]:
        """Bring the arrays up to date; gives the words that have come since the last time,
        and their bytes."""
        known, size = len(self._words), len(self)
        new = list(islice(self._numbers, known, None))
        encoded = encode_all(new)
        if new:
            self._words += new
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
        return new, encoded

    def lexicon(self, numbers: NDArray[np.int64]) -> tuple[Lexicon, NDArray[np.int64]]:
        """The lexicon of some words, and their numbers in its order."""
        numbers = numbers[np.argsort(self.ranks[numbers])]
        sizes = self._sizes[numbers]
        starts = bounds(self._sizes)[:-1][numbers]
        return Lexicon(self._blob[ramps(starts, sizes)], bounds(sizes).astype(np.uint32)), numbers


class Vocabulary:
    """The words of a process with their sub-words and keyword features.

    `part_counts`, `parts`: how many sub-words each word has, and their numbers in `subs`.
    `hashes`, `idf`: see `indexer.analysis.keywords.word_features`.
    """

    def __init__(self, subwords: Subwords) -> None:
        self._subwords = subwords
        self.words, self.subs = Words(), Words()
        self.number = self.words.number
        self.parts: NDArray[np.uint32] = np.empty(0, np.uint32)
        self.part_counts: NDArray[np.int64] = np.empty(0, np.int64)
        self.hashes, self.idf = word_features([])

    def __len__(self) -> int:
        return len(self.words)

    def update(self) -> None:
        """Find out what is to be known of the words that have come since the last time."""
        new, encoded = self.words.take_new()
        if not new:
            return
        # Most words are too short to have any.
        subwords = self._subwords
        found = [subwords(word) if len(word) > 2 else () for word in new]
        parts = np.fromiter(map(self.subs.number, chain.from_iterable(found)), np.uint32)
        counts = np.fromiter(map(len, found), np.int64, len(found))
        self.parts = np.concatenate([self.parts, parts])
        self.part_counts = np.concatenate([self.part_counts, counts])
        hashes, idf = word_features(encoded)
        self.hashes = np.concatenate([self.hashes, hashes])
        self.idf = np.concatenate([self.idf, idf])
        self.subs.take_new()

    def parts_of(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """How many sub-words each of some words has, and all of these, one after another."""
        counts = self.part_counts[numbers]
        return counts, self.parts[ramps(bounds(self.part_counts)[:-1][numbers], counts)]
