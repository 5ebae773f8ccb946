"""What a page is about: how far the other words of a page, and the year that it was written in,
make each word of the lexicon likely.

data/topics.npz has, for each word of the lexicon, the words that stand on the same pages more
often than by chance, in nats: log P(other|word) / P(other), drawn towards 0 where little was
seen (Church & Hanks 1990, pointwise mutual information). `tests/quality/repair_training.py`
makes it. The best few of a page count: they tell its subject, the many weak ones tell nothing
new. Presidents and epidemics come and go: how far a word was written of in a year more than
in all years is counted likewise.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.repair import vocabulary
from indexer.repair.planes import from_planes, planes

TEXT = 3000
"""Characters of a page that are looked at."""
BEST = 5
"""Companions of a word on a page that count."""
UNIT = 16.0
"""Steps of one nat in the table."""
FIRST_YEAR = 1990

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Topics:
    """`words` [v] of the lexicon; for each of `companions` [c], `firsts` [c+1] where its
    entries begin in `ids` [e] (numbers of words) and `nats` [e] (in steps); `years` [y, v] have
    the nats (in steps) of the years from FIRST_YEAR on."""

    words: tuple[str, ...]
    companions: tuple[str, ...]
    firsts: NDArray[np.int64]
    ids: NDArray[np.uint16]
    nats: NDArray[np.uint8]
    years: NDArray[np.int8]

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.companions)}

    def scores(self, page: Iterable[str]) -> Floats:
        """Nats for each word [v] from the distinct words of a page."""
        found = (self._numbers.get(word) for word in set(page))
        spans = [slice(self.firsts[n], self.firsts[n + 1]) for n in found if n is not None]
        if not spans:
            return np.zeros(len(self.words))
        # One number for each entry, so that a plain sort has the best of each word first.
        entries = np.concatenate([self.ids[span] for span in spans]).astype(np.uint32) << 8
        entries |= ~np.concatenate([self.nats[span] for span in spans])
        entries.sort()
        ids = entries >> 8
        first = np.flatnonzero(np.diff(ids, prepend=np.uint32(len(self.words))))
        rank = np.arange(len(ids)) - np.repeat(first, np.diff(first, append=len(ids)))
        best = rank < BEST
        return np.bincount(ids[best], 255 - (entries[best] & 255), len(self.words)) / UNIT

    def in_year(self, year: int) -> Floats:
        """Nats for each word [v] in a year; 0 where nothing is known of it."""
        place = year - FIRST_YEAR
        if 0 <= place < len(self.years):
            return np.asarray(self.years[place] / UNIT, np.float64)
        return np.zeros(len(self.words))

    def stored(self) -> bytes:
        """The content of data/topics.npz."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            words=np.frombuffer("\n".join(self.words).encode(), np.uint8),
            companions=np.frombuffer("\n".join(self.companions).encode(), np.uint8),
            sizes=np.diff(self.firsts).astype(np.uint16),
            ids=planes(self.ids, np.uint16),
            nats=self.nats,
            years=self.years,
        )
        return file.getvalue()


def page_words(document: Document) -> set[str]:
    """The words of a page that may tell its subject."""
    text = f"{document.title}\n{document.text}"[:TEXT]
    return {word for word in vocabulary.cut(text) if len(word) >= 2}


@functools.cache
def shipped() -> Topics:
    """The table that is shipped."""
    data = files("indexer.repair").joinpath("data/topics.npz").read_bytes()
    with np.load(io.BytesIO(data)) as arrays:
        return Topics(
            words=tuple(arrays["words"].tobytes().decode().split("\n")),
            companions=tuple(arrays["companions"].tobytes().decode().split("\n")),
            firsts=np.concatenate(([0], np.cumsum(arrays["sizes"], dtype=np.int64))),
            ids=from_planes(arrays["ids"]).astype(np.uint16),
            nats=arrays["nats"],
            years=arrays["years"],
        )
