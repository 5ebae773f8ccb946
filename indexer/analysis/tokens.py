"""The token stream of one text or of several: words, offsets into the original, positions."""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """The streams of several texts in one set of arrays.

    Text i has the tokens `bounds[i]:bounds[i + 1]`; its offsets and positions count from
    its own beginning.
    """

    words: list[str]
    starts: Int32
    ends: Int32
    positions: Int32
    bounds: NDArray[np.int64]

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
