"""The union of several lexicons, by array operations on the keys of their terms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import code_points
from indexer.engines.whoosh.lexicon import Lexicon, encode_all
from indexer.engines.whoosh.narrow import bounds, ramps
from indexer.engines.whoosh.spelling import LANES, Keys, Spelled, leading, pack, unpack


def spelling_of(lexicon: Lexicon, terms: NDArray[np.int64] | None = None) -> Spelled:
    """All or some (ascending) terms of a lexicon as code points."""
    data, offsets = lexicon.blob, lexicon.offsets.astype(np.int64)
    if terms is not None:
        sizes = offsets[terms + 1] - offsets[terms]
        data, offsets = data[ramps(offsets[terms], sizes)], bounds(sizes)
    codes = code_points(data.tobytes().decode("utf-8", "surrogatepass"))
    # Bytes that are no continuation bytes begin a character.
    return Spelled(codes, np.diff(bounds((data & 0xC0) != 0x80)[offsets]))


def union(parts: Sequence[Spelled]) -> tuple[Lexicon, list[NDArray[np.int64]]]:
    """The lexicon of all terms, and where in it the terms of each part are."""
    keys = [pack(part) for part in parts]
    longs = [part.take(np.flatnonzero(key == 0)) for part, key in zip(parts, keys, strict=True)]
    fitting = [key[key > 0] for key in keys]
    together = np.concatenate([np.empty(0, np.uint64), *fitting])
    # The parts are sorted each: a stable sort has little more to do than to merge them.
    order = np.argsort(together, kind="stable")
    short = together[order]
    fresh = np.ones(len(short), bool)
    np.not_equal(short[1:], short[:-1], out=fresh[1:])
    short, rank = short[fresh], np.cumsum(fresh) - 1
    # UTF-8 sorts as the strings do. A long term comes behind the short one that it begins with.
    long = sorted({word for words in longs for word in words})
    heads = leading(long)
    short_places = np.arange(len(short)) + np.searchsorted(heads, short)
    long_places = np.arange(len(long)) + np.searchsorted(short, heads, "right")
    place_of = dict(zip(long, long_places.tolist(), strict=True))
    found = np.empty(len(together), np.int64)
    found[order] = short_places[rank]
    edges = bounds(np.array([len(key) for key in fitting], np.int64)).tolist()
    places = []
    for key, words, (start, end) in zip(keys, longs, pairwise(edges), strict=True):
        at = np.empty(len(key), np.int64)
        at[key > 0] = found[start:end]
        at[key == 0] = np.fromiter(map(place_of.__getitem__, words), np.int64, len(words))
        places.append(at)
    return _lexicon(short, short_places, long, long_places), places


def _lexicon(
    short: Keys,
    short_places: NDArray[np.int64],
    long: Sequence[str],
    long_places: NDArray[np.int64],
) -> Lexicon:
    encoded = encode_all(long)
    blob = np.frombuffer(unpack(short)[0].encode() + b"".join(encoded), np.uint8)
    lanes = short.view(np.uint16).reshape(-1, LANES)
    widths = (lanes > 0).astype(np.int64) + (lanes > 0x7F) + (lanes > 0x7FF)
    sizes = np.concatenate([widths.sum(axis=1), np.fromiter(map(len, encoded), np.int64)])
    order = np.empty(len(sizes), np.int64)
    order[np.concatenate([short_places, long_places])] = np.arange(len(sizes))
    starts = bounds(sizes)[:-1][order]
    sizes = sizes[order]
    return Lexicon(blob[ramps(starts, sizes)], bounds(sizes).astype(np.uint32))
