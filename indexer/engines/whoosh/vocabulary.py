"""Numbers for words, and what is known of each word, kept over the batches of a process.

All that is done per word in Python (its bytes, sub-words, keyword hash) is done when a
word is first met; a batch then only gathers from arrays. `LIMIT` bounds the memory.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.keywords import word_features
from indexer.engines.base import Subwords
from indexer.engines.whoosh.lexicon import Lexicon, encode_all
from indexer.engines.whoosh.narrow import bounds, ramps
from indexer.engines.whoosh.spelling import (
    Keys,
    KeyTable,
    Spelled,
    cut,
    distinct,
    leading,
    pack,
    spelled,
    unpack,
)

LIMIT = 400_000
"""Words after which a process starts a new vocabulary (about 100 MB)."""


class Words:
    """Numbers words in the order in which they are first asked for."""

    def __init__(self) -> None:
        self._size = 0
        self._table = KeyTable()
        self._long: dict[str, int] = {}
        self._fresh: list[Keys | list[str]] = []
        # Of the words that `take_new` has given: where they sort, and their bytes.
        self._leading: Keys = np.empty(0, np.uint64)
        self._ranks: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._long_order: list[str] = []
        self._blob: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._sizes: NDArray[np.int64] = np.empty(0, np.int64)

    def __len__(self) -> int:
        return self._size

    def numbers(self, words: Spelled) -> NDArray[np.uint32]:
        """The number of each word."""
        keys = pack(words)
        numbers, unknown = self._table.find(keys)
        if len(unknown):
            fresh = distinct(keys[unknown])
            self._table.add(fresh, self._size)
            self._size += len(fresh)
            self._fresh.append(fresh)
            numbers[unknown], _ = self._table.find(keys[unknown])
        long = np.flatnonzero(keys == 0)
        if len(long):
            numbers[long] = self._long_numbers(words.take(long))
        return numbers

    def _long_numbers(self, words: list[str]) -> list[int]:
        known = self._long
        fresh = []
        for word in words:
            if word not in known:
                known[word] = self._size
                self._size += 1
                fresh.append(word)
        if fresh:
            self._fresh.append(fresh)
        return [known[word] for word in words]

    def take_new(self) -> tuple[list[str], list[bytes]]:
        """Bring the arrays up to date; gives the words that have come since the last time,
        and their bytes."""
        new: list[str] = []
        begin = [self._leading]
        fresh_long = []
        for part in self._fresh:
            if isinstance(part, list):
                new += part
                fresh_long += part
                begin.append(leading(part))
            else:
                new += cut(*unpack(part))
                begin.append(part)
        self._fresh = []
        encoded = encode_all(new)
        if new:
            self._leading = np.concatenate(begin)
            blob = np.frombuffer(b"".join(encoded), np.uint8)
            self._blob = np.concatenate([self._blob, blob])
            sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
            self._sizes = np.concatenate([self._sizes, sizes])
            self._ranks = np.concatenate([self._ranks, np.zeros(len(new), np.uint32)])
        if fresh_long:
            # Two sorted parts, which sorting by merging makes good use of.
            self._long_order = sorted(self._long_order + sorted(fresh_long))
            places = np.fromiter(map(self._long.__getitem__, self._long_order), np.int64)
            self._ranks[places] = np.arange(1, len(places) + 1, dtype=np.uint32)
        return new, encoded

    def lexicon(self, numbers: NDArray[np.int64]) -> tuple[Lexicon, NDArray[np.int64]]:
        """The lexicon of some words, and their numbers in its order (UTF-8 sorts as the strings
        do)."""
        ranks = self._ranks[numbers]
        long = np.flatnonzero(ranks)
        # Sorted stably, long words come behind the short one that is their beginning.
        numbers = np.concatenate([numbers[ranks == 0], numbers[long[np.argsort(ranks[long])]]])
        numbers = numbers[np.argsort(self._leading[numbers], kind="stable")]
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
        parts = self.subs.numbers(spelled(list(chain.from_iterable(found))))
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
