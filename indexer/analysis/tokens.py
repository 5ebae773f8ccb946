"""The token stream of one text or of several: words, offsets into the original, positions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The coarse stream of one text: every word character is in exactly one token.

    `starts` and `ends` (int32[n], end exclusive) point into the text as it was given;
    `ends - starts` exceeds the word's length where spaces or signs stood inside (残 疾 人,
    1,200). `positions` (int32[n]) are ordinal, with one left out where punctuation or a
    blank line stands between two tokens.
    """

    words: list[str]
    starts: Int32
    ends: Int32
    positions: Int32

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[tuple[str, int, int, int]]:
        return zip(
            self.words, self.starts.tolist(), self.ends.tolist(), self.positions.tolist(),
            strict=True,
        )  # fmt: skip


class Spelling:
    """The words of several texts: as folded characters side by side, and as strings.

    `codes` (uint32) are the characters of all words, `sizes` (int64[n]) how many each has. The
    strings are made when they are first asked for: counting words does without them.
    """

    __slots__ = ("_make", "_words", "codes", "sizes")

    def __init__(
        self, codes: NDArray[np.uint32], sizes: NDArray[np.int64], make: Callable[[], list[str]]
    ) -> None:
        self.codes, self.sizes = codes, sizes
        self._make: Callable[[], list[str]] | None = make
        self._words: list[str] = []

    @property
    def words(self) -> list[str]:
        if self._make is not None:
            self._words, self._make = self._make(), None
        return self._words


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """The streams of several texts in one set of arrays.

    Text i has the tokens `bounds[i]:bounds[i + 1]`; its offsets and positions count from
    its own beginning.
    """

    spelling: Spelling
    starts: Int32
    ends: Int32
    positions: Int32
    bounds: NDArray[np.int64]

    @property
    def words(self) -> list[str]:
        return self.spelling.words

    @property
    def codes(self) -> NDArray[np.uint32]:
        return self.spelling.codes

    @property
    def sizes(self) -> NDArray[np.int64]:
        return self.spelling.sizes

    def part(self, first: int, last: int) -> TokenBatch:
        """The streams of the texts [first, last)."""
        start, end = self.bounds[[first, last]].tolist()
        begin = int(self.sizes[:start].sum())
        size = int(self.sizes[start:end].sum())
        spelling = Spelling(
            self.codes[begin : begin + size],
            self.sizes[start:end],
            lambda: self.words[start:end],
        )
        return TokenBatch(
            spelling,
            self.starts[start:end],
            self.ends[start:end],
            self.positions[start:end],
            self.bounds[first : last + 1] - start,
        )

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, index: int) -> Tokens:
        first, last = int(self.bounds[index]), int(self.bounds[index + 1])
        return Tokens(
            self.words[first:last],
            self.starts[first:last],
            self.ends[first:last],
            self.positions[first:last],
        )
