"""The union of several lexicons, by array operations on the keys of their terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import code_points
from indexer.engines.whoosh.lexicon import Lexicon, encode_all
from indexer.engines.whoosh.narrow import bounds, ramps
from indexer.engines.whoosh.spelling import LANES, Keys, Spelled, distinct, leading, pack, unpack


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
    short = distinct(np.concatenate([np.empty(0, np.uint64), *keys]))
    short = short[short > 0]
    # UTF-8 sorts as the strings do. A long term comes behind the short one that it begins with.
    long = sorted({word for words in longs for word in words})
    heads = leading(long)
    short_places = np.arange(len(short)) + np.searchsorted(heads, short)
    long_places = np.arange(len(long)) + np.searchsorted(short, heads, "right")
    place_of = dict(zip(long, long_places.tolist(), strict=True))
    places = []
    for key, words in zip(keys, longs, strict=True):
        # The key 0 looks for a place too, but then gets its own.
        at = np.zeros(len(key), np.int64)
        fits = key > 0
        at[fits] = short_places[np.searchsorted(short, key[fits])]
        at[~fits] = np.fromiter(map(place_of.__getitem__, words), np.int64, len(words))
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
