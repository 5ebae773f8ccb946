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
    numbers = np.unique(words).tolist()
    holds = np.empty((len(numbers), len(rows)), dtype=bool)
    for number, word in enumerate(numbers):
        counts = np.concatenate(([0], (words == word).cumsum()))
        holds[number] = counts[last] > counts[first]
    distinct = holds.sum(axis=0)
    merit = 64 * distinct + np.minimum(last - first, 2 * distinct)
    reach = np.maximum.accumulate((rows << _LIFT) + ends)
    # The furthest end among the places of each stretch.
    stops = np.minimum(reach[last - 1], (rows << _LIFT) + starts + 2 * length) - (rows << _LIFT)
    stops = np.maximum(stops, ends)
    heads = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    edges = np.append(heads, len(rows))
    free = np.ones(len(rows), dtype=bool)
    missing = np.ones((len(numbers), size), dtype=bool)
    for turn in range(count):
        fresh = (holds & missing[:, rows]).sum(axis=0) if turn else distinct
        rank = np.where(free, 4096 * fresh + merit, -1)
        tops = np.maximum.reduceat(rank, heads)
        # The first stretch of each text that reaches its top.
        hits = np.flatnonzero(rank == np.repeat(tops, np.diff(edges)))
        best = hits[hits.searchsorted(heads)]
        best = best[rank[best] >= 0]
        if not len(best):
            break
        for row, start, stop in zip(
            rows[best].tolist(), starts[best].tolist(), stops[best].tolist(), strict=True
        ):
            chosen[row].append((start, stop))
        if turn + 1 < count:
            missing[:, rows[best]] &= ~holds[:, best]
            low = np.full(size, -1)
            high = np.full(size, -1)
            low[rows[best]], high[rows[best]] = starts[best], stops[best]
            free &= (starts >= high[rows]) | (stops <= low[rows])
            if len(numbers) > 1:
                # Where every word is shown, one more passage would only repeat it.
                present = np.zeros((len(numbers), size), dtype=bool)
                present[np.searchsorted(numbers, words), rows] = True
                free &= np.logical_or.reduce(missing & present, axis=0)[rows]
    return chosen
