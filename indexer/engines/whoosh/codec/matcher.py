"""A Whoosh matcher over the postings of one term, held as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo

_BLOCK = 128
"""Postings whose best possible score is looked at together when skipping by quality."""


@dataclass(frozen=True)
class TermPostings:
    """One term's postings.

    `docs` ascend (a term has at least one); `weights` None means 1 for all; `lengths` are those
    of the field in `docs`, or None; `value(i)` is the encoded value of posting i, `positions(i)`
    its positions where they are at hand without decoding.
    """

    docs: NDArray[Any]
    weights: NDArray[Any] | None
    lengths: NDArray[Any] | None
    value: Callable[[int], bytes]
    positions: Callable[[int], list[int]] | None = None

    def info(self) -> TermInfo:
        """Whoosh's statistics of the term."""
        size = len(self.docs)
        weights, lengths = self.weights, self.lengths
        return TermInfo(
            weight=float(size if weights is None else weights.sum(dtype=np.float64)),
            df=size,
            minlength=0 if lengths is None else int(lengths.min()),
            maxlength=0 if lengths is None else int(lengths.max()),
            maxweight=1.0 if weights is None else float(weights.max()),
            minid=int(self.docs[0]),
            maxid=int(self.docs[-1]),
        )

    @cached_property
    def blocks(self) -> tuple[list[float], list[int], list[int]]:
        """Per block of postings: largest weight, shortest length, longest length."""
        edges = np.arange(0, len(self.docs), _BLOCK)
        ones = np.ones(len(self.docs))
        weights = ones if self.weights is None else self.weights
        lengths = ones if self.lengths is None else self.lengths
        return (
            np.maximum.reduceat(weights, edges).tolist(),
            np.minimum.reduceat(lengths, edges).tolist(),
            np.maximum.reduceat(lengths, edges).tolist(),
        )


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """Walks over `TermPostings` in the way that Whoosh's queries want."""

    def __init__(
        self,
        postings: TermPostings,
        format_: Any,
        term: tuple[str, bytes] | None = None,
        scorer: Any = None,
        place: int = 0,
    ) -> None:
        self._postings = postings
        self.format = format_
        self._term = term
        self.scorer = scorer
        self._place = place
        self._size = len(postings.docs)

    def copy(self) -> ArrayMatcher:
        return ArrayMatcher(self._postings, self.format, self._term, self.scorer, self._place)

    def is_active(self) -> bool:
        return self._place < self._size

    def reset(self) -> None:
        self._place = 0

    def id(self) -> int:
        return int(self._postings.docs[self._place])

    def all_ids(self) -> Iterator[int]:
        return iter(self._postings.docs[self._place :].tolist())

    def next(self) -> None:
        if self._place >= self._size:
            raise ReadTooFar
        self._place += 1

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        if self._place >= self._size:
            raise ReadTooFar
        docs = self._postings.docs
        if docs[self._place] < id:
            self._place += int(np.searchsorted(docs[self._place :], id))

    def weight(self) -> float:
        weights = self._postings.weights
        return 1.0 if weights is None else float(weights[self._place])

    def value(self) -> bytes:
        return self._postings.value(self._place)

    def value_as(self, astype: str) -> Any:
        if astype == "positions" and self._postings.positions is not None:
            return self._postings.positions(self._place)
        return super().value_as(astype)

    # -- best possible scores ------------------------------------------------------------

    def _block(self) -> int:
        return min(self._place, self._size - 1) // _BLOCK

    def block_max_weight(self) -> float:
        return float(self._postings.blocks[0][self._block()])

    def block_min_length(self) -> int:
        return int(self._postings.blocks[1][self._block()])

    def block_max_length(self) -> int:
        return int(self._postings.blocks[2][self._block()])

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._place = min((self._block() + 1) * _BLOCK, self._size)
            skipped += 1
        return skipped
