"""The best k of many scores without sorting all, and one hit per family of reprints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK = 64


def best(scores: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Places of the k highest scores, highest first; equal scores in their order of place.

    Exact and the same for any k: the first j of `best(s, k)` are `best(s, j)`.
    """
    n = len(scores)
    if k <= 0:
        return np.empty(0, dtype=np.intp)
    if k < n:
        pool = np.flatnonzero(scores >= _floor(scores, k)) if n > 4 * _BLOCK * k else None
        values = scores if pool is None else scores[pool]
        if k < len(values):
            limit = np.partition(values, len(values) - k)[len(values) - k]
            places = np.flatnonzero(values >= limit)
            if len(places) > k:
                # Ties at the border: the earlier ones.
                inside = values[places]
                above = places[inside > limit]
                places = np.concatenate([above, places[inside == limit][: k - len(above)]])
                places.sort()
        else:
            places = np.arange(len(values))
        if pool is not None:
            places = pool[places]
    else:
        places = np.arange(n)
    order = np.argsort(-scores[places], kind="stable")
    return places[order]


def _floor(scores: NDArray[np.float32], k: int) -> np.float32:
    """A score that at least k reach: the k-th highest of the maxima of blocks."""
    blocks = len(scores) // _BLOCK
    maxima = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
    floor: np.float32 = np.partition(maxima, blocks - k)[blocks - k]
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
