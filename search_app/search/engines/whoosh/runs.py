"""Finds any run of characters exactly, in a stream of words that covers each character once.

Wherever a run stands, its split into tokens looks like this: it lies inside one term; or
it begins with the end of a term, goes on with whole terms, and ends with the beginning of
a term. So dynamic programming over the split points of the run finds every place: the
lexicon says which pieces are possible at all, and the postings of the pieces are joined
where positions follow each other without a gap. No n-gram index is needed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.segment import FieldReader
from search_app.search.engines.whoosh.spots import (
    Keys,
    Spots,
    joined,
    range_keys,
    spots,
    term_keys,
    terms_keys,
)

MOST_CHARACTERS = 200
"""Longer runs are cut in their number of split points by the caller."""


def find_run(field: FieldReader, run: str) -> Spots:
    """All occurrences of `run` (normalised, no spaces) in one field of a segment.

    Keys use the segment's document numbers; deleted documents are still in.
    """
    if not run or not len(field.terms):
        return joined([])
    found = [_inside(field, run)]
    if len(run) > 1:
        found.extend(_across(field, run))
    return joined(found)


def _inside(field: FieldReader, run: str) -> Spots:
    places = field.terms.places(run)
    if not len(places.terms):
        return joined([])
    lead = places.leads
    keys, sizes = terms_keys(field, places.terms)
    return spots(
        keys,
        np.repeat(lead, sizes).astype(np.int32),
        0,
        np.repeat(places.lengths - lead - len(run), sizes).astype(np.int32),
    )


def _across(field: FieldReader, run: str) -> list[Spots]:
    """Occurrences over two tokens or more."""
    terms, size = field.terms, len(run)
    # Split points that a last piece can begin at, and the whole terms between split points.
    tails = {at: span for at in range(1, size) if (span := terms.prefixed(run[at:]))[0] < span[1]}
    if not tails:
        return []
    steps: dict[int, list[tuple[int, int]]] = {}
    useful = set(tails)
    for at in range(size - 2, 0, -1):
        for after in range(at + 1, size):
            if after in useful:
                term = terms.find(run[at:after])
                if term >= 0:
                    steps.setdefault(at, []).append((after, term))
                    useful.add(at)
    # What is known at each split point: occurrences of the run's beginning that end there.
    reached: dict[int, list[Spots]] = {}
    result = []
    for at in range(1, size):
        if at not in useful:
            continue
        parts = reached.pop(at, [])
        heads = terms.places(run[:at])
        whole = np.flatnonzero(heads.ends)
        if len(whole):
            keys, sizes = terms_keys(field, heads.terms[whole])
            parts.append(spots(keys, np.repeat(heads.leads[whole], sizes).astype(np.int32)))
        here = joined(parts)
        if not len(here.keys):
            continue
        for after, term in steps.get(at, ()):
            followed = _followed(here, term_keys(field, term))
            if len(followed.keys):
                reached.setdefault(after, []).append(followed)
        if at in tails:
            result.append(_ended(field, here, *tails[at], size - at))
    return result


def _followed(here: Spots, next_keys: Keys) -> Spots:
    """Those of `here` that one of `next_keys` (ascending) follows at once; one token longer."""
    wanted = here.keys + (here.more + 1)
    at = next_keys.searchsorted(wanted)
    at[at == len(next_keys)] = 0
    keep = next_keys[at] == wanted
    return Spots(here.keys[keep], here.lead[keep], here.more[keep] + 1, here.tail[keep])


def _ended(field: FieldReader, here: Spots, first: int, last: int, piece: int) -> Spots:
    """Those of `here` that a term of [first, last) follows; `piece` of its characters count."""
    keys = range_keys(field, first, last)
    starts = field.starts[first : last + 1].astype(np.int64)
    wanted = here.keys + (here.more + 1)
    places = _lookup(wanted, keys)
    keep = np.flatnonzero(places >= 0)
    term = np.searchsorted(starts - starts[0], places[keep], "right") - 1
    tail = (field.terms.characters[first:last] - piece)[term]
    return Spots(here.keys[keep], here.lead[keep], here.more[keep] + 1, tail.astype(np.int32))


def _lookup(wanted: Keys, keys: Keys) -> NDArray[np.intp]:
    """The place of each wanted key among `keys` (each once, not sorted), or -1."""
    if len(wanted) <= len(keys):
        # Sort the smaller side: search the larger one's keys in it.
        order = wanted.argsort(kind="stable")
        ordered = wanted[order]
        at = ordered.searchsorted(keys)
        at[at == len(ordered)] = 0
        hits = np.flatnonzero(ordered[at] == keys) if len(ordered) else np.empty(0, np.intp)
        result = np.full(len(ordered), -1, dtype=np.intp)
        result[at[hits]] = hits
        # Several wanted keys may be equal: the first of equals was found, the others follow it.
        same = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
        for place in same.tolist():
            result[place] = result[place - 1]
        back = np.empty(len(ordered), dtype=np.intp)
        back[order] = result
        return back
    order = keys.argsort(kind="stable")
    ordered = keys[order]
    at = ordered.searchsorted(wanted)
    at[at == len(ordered)] = 0
    return (
        np.where(ordered[at] == wanted, order[at], -1) if len(ordered) else np.full(len(wanted), -1)
    )
