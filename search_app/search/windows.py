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


def best_windows(
    rows: Ints, starts: Ints, ends: Ints, words: Ints, size: int, length: int, count: int
) -> list[list[tuple[int, int]]]:
    """At most `count` stretches (start, end) per text, best first, none over another.

    Places are given as columns in any order: the text (0 to `size` - 1), start, end and the
    number of the word. First comes the stretch with most words that are not shown yet, then
    with most words, then with most places (two per word are enough), then the earliest.
    """
    chosen: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    if not len(rows):
        return chosen
    order = np.lexsort((ends, starts, rows))
    rows, starts, ends, words = rows[order], starts[order], ends[order], words[order]
    lifted = (rows << _LIFT) + starts
    # A place counts where it begins in time; the passage is widened to its end later.
    last = lifted.searchsorted(lifted + length)
    first = np.arange(len(rows))
    # Numbers of words are small: one row for each, also for those that stand nowhere.
    numbers = int(words.max()) + 1
    if numbers == 1:
        holds = np.ones((1, len(rows)), dtype=bool)
        distinct = np.ones(len(rows), dtype=np.int64)
    else:
        counts = np.zeros((numbers, len(rows) + 1), dtype=np.int64)
        np.cumsum(words == np.arange(numbers)[:, None], axis=1, out=counts[:, 1:])
        holds = counts[:, last] > counts[:, :-1]
        distinct = holds.sum(axis=0)
    merit = 64 * distinct + np.minimum(last - first, 2 * distinct)
    lines = rows << _LIFT
    reach = np.maximum.accumulate(lines + ends)
    # The furthest end among the places of each stretch.
    stops = np.maximum(np.minimum(reach[last - 1] - lines, starts + 2 * length), ends)
    heads = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    sizes = np.diff(heads, append=len(rows))
    free: NDArray[np.bool_] | None = None
    missing = np.ones((numbers, size), dtype=bool)
    for turn in range(count):
        fresh = (holds & missing[:, rows]).sum(axis=0) if turn else distinct
        rank = 4096 * fresh + merit
        if free is not None:
            rank[~free] = -1
        # The first stretch of each text that reaches its top.
        hits = np.flatnonzero(rank == np.maximum.reduceat(rank, heads).repeat(sizes))
        best = hits[hits.searchsorted(heads)]
        if turn:
            best = best[rank[best] >= 0]
        if not len(best):
            break
        for row, start, stop in zip(
            rows[best].tolist(), starts[best].tolist(), stops[best].tolist(), strict=True
        ):
            chosen[row].append((start, stop))
        if turn + 1 < count:
            missing[:, rows[best]] &= ~holds[:, best]
            low, high = np.full(size, -1), np.full(size, -1)
            low[rows[best]], high[rows[best]] = starts[best], stops[best]
            apart = (starts >= high[rows]) | (stops <= low[rows])
            free = apart if free is None else free & apart
            if numbers > 1:
                # Where every word is shown, one more passage would only repeat it.
                present = np.zeros((numbers, size), dtype=bool)
                present[words, rows] = True
                free &= np.logical_or.reduce(missing & present, axis=0)[rows]
    return chosen
