"""Count in which contexts words stand, and put counts together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.repair.contexts import ContextModel, Floats
from indexer.repair.keys import WORD_BITS, Ints, Keys, context_keys
from indexer.repair.stream import Codes

WORD_MASK = np.uint64((1 << WORD_BITS) - 1)
Counted = tuple[Codes, Ints, Ints, Ints]
"""Classes of a piece of text; starts, ends and numbers of the words in it."""


def build(counted: Iterable[Counted], words: Sequence[str]) -> ContextModel:
    """A model of `words` from pieces."""
    pieces = []
    totals = np.zeros(len(words))
    for piece in counted:
        totals += np.bincount(piece[-1], minlength=len(words))
        pieces.append(entries_of(piece))
    joined = np.concatenate(pieces) if pieces else np.empty(0, np.uint64)
    distinct, counts = np.unique(joined, return_counts=True)
    keys, firsts = np.unique(distinct & ~WORD_MASK, return_index=True)
    sums = np.add.reduceat(counts, firsts) if len(firsts) else np.empty(0)
    return _model(tuple(words), totals, distinct, counts, keys, sums)


def entries_of(piece: Counted) -> Keys:
    """All entries of a piece, as often as they stand there."""
    classes, starts, ends, ids = piece
    found = [
        keys[keys != 0] | ids[keys != 0].astype(np.uint64)
        for keys in context_keys(classes, starts, ends)
    ]
    return np.concatenate(found)


def merged(first: ContextModel, second: ContextModel, weight: float = 1.0) -> ContextModel:
    """Both models' counts together, the second's times `weight`; the second's words begin
    with those of the first."""
    both = np.concatenate([entries(first), entries(second)])
    distinct, inverse = np.unique(both, return_inverse=True)
    counts = np.bincount(inverse, np.concatenate([first.counts, weight * second.counts]))
    keys, inverse = np.unique(np.concatenate([first.keys, second.keys]), return_inverse=True)
    sums = np.bincount(inverse, np.concatenate([first.weights, weight * second.weights]))
    totals = weight * second.totals
    totals[: len(first.totals)] += first.totals
    return _model(second.words, totals, distinct, counts, keys, sums)


def restricted(model: ContextModel, kept: NDArray[np.bool_]) -> ContextModel:
    """The model of some of its words [v]; P(context) stays that of all."""
    numbers = np.cumsum(kept) - 1
    chosen = kept[model.ids]
    sizes = np.add.reduceat(chosen, model.firsts[:-1]) if len(model.keys) else np.empty(0, int)
    return ContextModel(
        words=tuple(word for word, keep in zip(model.words, kept.tolist(), strict=True) if keep),
        totals=model.totals[kept],
        keys=model.keys,
        firsts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        ids=numbers[model.ids[chosen]].astype(np.int32),
        counts=model.counts[chosen],
        weights=model.weights,
        total=model.total,
    )


def entries(model: ContextModel) -> Keys:
    """Key and number of each entry in one [e], ascending."""
    repeated = np.repeat(model.keys, np.diff(model.firsts))
    return repeated | model.ids.astype(np.uint64)


def _model(
    words: tuple[str, ...],
    totals: Floats,
    distinct: Keys,
    counts: NDArray[np.generic],
    keys: Keys,
    sums: NDArray[np.generic],
) -> ContextModel:
    firsts = np.searchsorted(distinct, keys)
    return ContextModel(
        words=words,
        totals=totals,
        keys=keys,
        firsts=np.append(firsts, len(distinct)).astype(np.int64),
        ids=(distinct & WORD_MASK).astype(np.int32),
        counts=counts.astype(np.float32),
        weights=sums.astype(np.float64),
        total=float(totals.sum()),
    )


def pruned(model: ContextModel, kept: NDArray[np.bool_]) -> ContextModel:
    """The model with some of its entries [e] alone; `weights` still count the others."""
    few = entries(model)[kept]
    keys = np.unique(few & ~WORD_MASK)
    sums = model.weights[np.searchsorted(model.keys, keys)]
    return _model(model.words, model.totals, few, model.counts[kept], keys, sums)
