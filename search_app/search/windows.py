"""Which stretches of texts show a query's words best: chosen for all hits of a page at once.

A stretch begins at one place of a word and takes in all places within the length of a
passage. Counting words in all stretches of all texts takes a few array operations per word.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]

_LIFT = 32
_PLACES = 24
"""Bits for the number of a place beside its rank."""
_LAST = (1 << _PLACES) - 1
_FIRST = np.zeros(1, dtype=np.intp)


def best_windows(
    rows: Ints, starts: Ints, ends: Ints, words: Ints, size: int, length: int, count: int
) -> list[list[tuple[int, int]]]:
    """At most `count` stretches (start, end) per text, best first, none over another.

    Places are given as columns, sorted: the text (0 to `size` - 1), start, end and the number
    of the word. First comes the stretch with most words that are not shown yet, then with most
    words, then with most places (two per word are enough), then the earliest.
    """
    chosen: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    places = len(rows)
    if not places:
        return chosen
    lines = rows << _LIFT
    lifted = lines + starts
    # A place counts where it begins in time; the passage is widened to its end later.
    last = lifted.searchsorted(lifted + length)
    own = np.arange(places)
    # Numbers of words are small: one row for each, also for those that stand nowhere.
    numbers = int(words.max()) + 1
    distinct: Ints | int = 1
    if numbers == 1:
        # Where one passage is wanted, nobody asks which words it holds.
        holds = np.ones((1, places if count > 1 else 0), dtype=bool)
    else:
        counts = np.zeros((numbers, places + 1), dtype=np.int32)
        (words == np.arange(numbers)[:, None]).cumsum(axis=1, out=counts[:, 1:])
        holds = counts.take(last, axis=1) > counts[:, :-1]
        distinct = holds.sum(axis=0)
    merit = np.minimum(last - own, 2 * distinct) + 64 * distinct
    reach = np.maximum.accumulate(lines + ends)

    def stops_of(of: Ints) -> Ints:
        """The furthest end among the places of each stretch."""
        furthest = reach.take(last.take(of) - 1) - lines.take(of)
        stops: Ints = np.maximum(np.minimum(furthest, starts.take(of) + 2 * length), ends.take(of))
        return stops

    heads = np.concatenate((_FIRST, (rows[1:] != rows[:-1]).nonzero()[0] + 1))
    later = _LAST - own
    free: NDArray[np.bool_] | None = None
    missing = np.ones((numbers, size), dtype=bool)
    for turn in range(count):
        fresh = (holds & missing[:, rows]).sum(axis=0) if turn else distinct
        rank = ((4096 * fresh + merit) << _PLACES) + later
        if free is not None:
            rank[~free] = -1
        # The first stretch of each text that reaches its top.
        top = np.maximum.reduceat(rank, heads)
        best = _LAST - (top[top >= 0] & _LAST)
        if not len(best):
            break
        begins, own_rows = starts.take(best), rows.take(best)
        stops = stops_of(best)
        for row, start, stop in zip(
            own_rows.tolist(), begins.tolist(), stops.tolist(), strict=True
        ):
            chosen[row].append((start, stop))
        if turn + 1 < count:
            missing[:, own_rows] &= ~holds[:, best]
            low, high = np.full(size, -1), np.full(size, -1)
            low[own_rows], high[own_rows] = begins, stops
            apart = (starts >= high[rows]) | (stops_of(own) <= low[rows])
            free = apart if free is None else free & apart
            if numbers > 1:
                # Where every word is shown, one more passage would only repeat it.
                present = np.zeros((numbers, size), dtype=bool)
                present[words, rows] = True
                free &= np.logical_or.reduce(missing & present, axis=0)[rows]
    return chosen
