"""Where tokens stand in their text: one byte per token, and what the bytes add up to.

A token's shape is how wide it is, how far behind the token before it, and how much further
in position. Running sums over the shapes of a document give all its places, so nothing
needs to be segmented again for a snippet; several documents are summed in one go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrayfile import ArrayFileWriter
from indexer.engines.whoosh.narrow import bounds


class TokenPlaces(NamedTuple):
    """Tokens of one document in text order: character offsets and positions."""

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    positions: NDArray[np.int32]


class Shapes:
    """The shapes of all tokens of a field, document by document.

    A byte has 4 bits of width, 3 bits of gap before it, 1 bit of position beyond one; the few
    tokens at `odd_at` do not fit (their byte is 0), `odd` has their (gap, width, step) instead.
    """

    def __init__(
        self,
        lengths: NDArray[Any],
        shapes: NDArray[np.uint8],
        odd_at: NDArray[np.uint64],
        odd: NDArray[np.int32],
    ) -> None:
        self._lengths, self._shapes, self._odd_at, self._odd = lengths, shapes, odd_at, odd

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], name: str, lengths: NDArray[Any]) -> Shapes:
        """The shapes of a field, as `write_shapes` wrote them."""
        at, over = arrays[f"{name}.shapes.at"], arrays[f"{name}.shapes.over"]
        return cls(lengths, arrays[f"{name}.shapes"], at, over.reshape(-1, 3))

    @cached_property
    def bounds(self) -> NDArray[np.int64]:
        """Document → its part of the tokens (documents + 1)."""
        return bounds(self._lengths)

    @cached_property
    def _has_odd(self) -> NDArray[np.bool_]:
        """Which documents have tokens that do not fit."""
        has = np.zeros(len(self._lengths), dtype=bool)
        has[self.bounds.searchsorted(self._odd_at.astype(np.int64), "right") - 1] = True
        return has

    def of(self, doc: int) -> tuple[NDArray[np.uint8], tuple[int, int] | None]:
        """The bytes of a document, and which of the odd tokens are among them, if any."""
        start, end = self.bounds[doc : doc + 2].tolist()
        odd = None
        if self._has_odd[doc]:
            # Of one type with the array, or numpy converts all of it for every search.
            first, last = self._odd_at.searchsorted(np.array((start, end), np.uint64)).tolist()
            odd = (first, last)
        return self._shapes[start:end], odd

    def exceptions(
        self, doc: int, first: int, last: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The odd tokens [first, last) of a document: their number in it, and
        (gap, width, step) as rows."""
        at = self._odd_at[first:last].astype(np.int64) - int(self.bounds[doc])
        return at, self._odd[first:last]

    def between(
        self, first: int, last: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.int32]]:
        """Raw shapes of the documents [first, last), for merging; then the places of the
        exceptions among them and the exceptions as they are written."""
        start, end = self.bounds[[first, last]].tolist()
        low, high = self._odd_at.searchsorted(np.array((start, end), np.uint64))
        at = self._odd_at[low:high] - np.uint64(start)
        return self._shapes[start:end], at, self._odd[low:high].ravel()


def write_shapes(
    out: ArrayFileWriter,
    name: str,
    lengths: NDArray[np.int64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    positions: NDArray[np.int32],
) -> None:
    """Write the shapes of the tokens of documents that have `lengths` tokens each."""
    opening = bounds(lengths)[:-1][lengths > 0]
    gaps = starts - _previous(ends, opening, 0)
    more = positions - _previous(positions, opening, -1) - 1
    widths = ends - starts
    shapes = (more << 7 | gaps << 4 | widths).astype(np.uint8)
    # Negative numbers have all high bits set.
    odd = np.flatnonzero((more & ~1) | (gaps & ~7) | (widths & ~15) | (widths == 0))
    shapes[odd] = 0
    out.add(f"{name}.shapes", shapes)
    write_odd(out, name, odd, np.stack([gaps[odd], widths[odd], more[odd] + 1], axis=1))


def write_odd(out: ArrayFileWriter, name: str, at: NDArray[Any], odd: NDArray[Any]) -> None:
    """Write the shapes that do not fit into a byte: their places and rows of gap, width, step."""
    out.add(f"{name}.shapes.at", at.astype(np.uint64))
    out.add(f"{name}.shapes.over", odd.astype(np.int32).ravel())


def _previous(values: NDArray[np.int32], opening: NDArray[Any], before: int) -> NDArray[np.int32]:
    """The value before each one; `before` at the openings of documents."""
    result = np.empty_like(values)
    result[1:] = values[:-1]
    result[opening] = before
    return result


class _Running(NamedTuple):
    """Running sums over the tokens of several texts, one after another."""

    ends: NDArray[np.int64]
    positions: NDArray[np.int64]
    widths: NDArray[Any]
    edges: NDArray[np.int64]


def _running(texts: Sequence[tuple[Shapes, int]]) -> _Running:
    parts = [shapes.of(doc) for shapes, doc in texts]
    shapes = np.concatenate([part for part, _ in parts])
    edges = np.array([0, *[len(part) for part, _ in parts]]).cumsum()
    widths: NDArray[Any] = shapes & 15
    advances: NDArray[Any] = ((shapes >> 4) & 7) + widths
    steps: NDArray[Any] = (shapes >> 7) + 1
    if any(odd for _, odd in parts):
        widths, advances, steps = (c.astype(np.int32) for c in (widths, advances, steps))
        for (field, doc), (_, odd), edge in zip(texts, parts, edges.tolist(), strict=False):
            if odd:
                at, exceptions = field.exceptions(doc, *odd)
                at += edge
                gaps, widths[at], steps[at] = exceptions.T
                advances[at] = gaps + widths[at]
    return _Running(advances.cumsum(dtype=np.int64), steps.cumsum(dtype=np.int64), widths, edges)


def tokens(shapes: Shapes, doc: int) -> TokenPlaces:
    """The places of all tokens of one text."""
    running = _running([(shapes, doc)])
    columns = running.ends - running.widths, running.ends, running.positions - 1
    return TokenPlaces(*(column.astype(np.int32) for column in columns))


def spans(
    texts: Sequence[tuple[Shapes, int]],
    rows: NDArray[np.int64],
    positions: NDArray[np.int64],
    more: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where stretches of tokens start and end, many at once: from the token at `positions[i]`
    of the text `texts[rows[i]]` over `more` further tokens (None: over that one alone). Every
    text has a token."""
    running = _running(texts)
    # The sums go on through all texts: what stood before a text is taken off.
    before = running.edges[:-1] - 1
    ends, steps = running.ends.take(before), running.positions.take(before)
    ends[0] = steps[0] = 0
    base = ends.take(rows)
    first = running.positions.searchsorted(positions + (steps + 1).take(rows))
    last = running.ends.take(first)
    starts = last - running.widths.take(first) - base
    if more is not None:
        last = running.ends.take(first + more)
    return starts, last - base


def taken(
    texts: Sequence[tuple[Shapes, int]], rows: NDArray[np.int64], positions: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether a token of the text `texts[rows[i]]` has `positions[i]`, many at once: positions
    leave one out where punctuation or a blank line stands."""
    running = _running(texts)
    before = running.edges[:-1] - 1
    wanted = positions + (np.where(before < 0, 0, running.positions[before]) + 1)[rows]
    at = running.positions.searchsorted(wanted)
    at[at == len(running.positions)] = 0
    found: NDArray[np.bool_] = running.positions[at] == wanted
    return found
