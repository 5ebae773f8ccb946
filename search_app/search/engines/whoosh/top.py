"""The best k of many scores without sorting all, and one hit per family of reprints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCKS = 4
"""So many blocks of scores for each place that is wanted."""


def best(scores: NDArray[np.floating], k: int) -> NDArray[np.intp]:
    """Places of the k highest scores, highest first; equal scores in their order of place.

    Exact and the same for any k: the first j of `best(s, k)` are `best(s, j)`.
    """
    places = strongest(scores, k)
    order = (-scores[places]).argsort(kind="stable")
    return places[order]


def strongest(scores: NDArray[np.floating], k: int) -> NDArray[np.intp]:
    """The same places in ascending order."""
    n = len(scores)
    if k >= n:
        return np.arange(n)
    if k <= 0:
        return np.empty(0, dtype=np.intp)
    pool, values = None, scores
    if n > 4 * _BLOCKS * k:
        pool = (scores >= _floor(scores, k)).nonzero()[0]
        values = scores[pool]
    limit = np.partition(values, len(values) - k)[len(values) - k]
    places = (values >= limit).nonzero()[0]
    if len(places) > k:
        # Ties at the border: the earlier ones.
        inside = values[places]
        above = places[inside > limit]
        places = np.concatenate([above, places[inside == limit][: k - len(above)]])
        places.sort()
    found: NDArray[np.intp] = places if pool is None else pool[places]
    return found


def _floor(scores: NDArray[np.floating], k: int) -> np.floating:
    """A score that at least k reach: the k-th highest of the maxima of blocks. (A block is a
    column, so that the maxima of all are taken side by side.)"""
    blocks = _BLOCKS * k
    rows = len(scores) // blocks
    maxima = scores[: rows * blocks].reshape(rows, blocks).max(axis=0)
    floor: np.floating = np.partition(maxima, blocks - k)[blocks - k]
    return floor


def distinct(families: NDArray[np.int32], size: int) -> int:
    """How many results remain when each family (number ≥ 0) is shown once; −1 is no family."""
    members = families[families >= 0]
    if not len(members):
        return len(families)
    return (
        len(families) - len(members) + int(np.count_nonzero(np.bincount(members, minlength=size)))
    )


def first_of_each(families: NDArray[np.int32]) -> NDArray[np.intp]:
    """Places to keep, in order, when only the first of each family stays."""
    if not (families >= 0).any():
        return np.arange(len(families))
    kept, seen = [], set()
    for place, family in enumerate(families.tolist()):
        if family >= 0:
            if family in seen:
                continue
            seen.add(family)
        kept.append(place)
    return np.array(kept, dtype=np.intp)
