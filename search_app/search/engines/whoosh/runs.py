"""Finds any run of characters exactly, in a stream of words that covers each character once.

Wherever a run stands, its split into tokens looks like this: it lies inside one term; or
it begins with the end of a term, goes on with whole terms, and ends with the beginning of
a term. So dynamic programming over the split points of the run finds every place: the
lexicon says which pieces are possible at all, and the postings of the pieces are joined
where positions follow each other without a gap. No n-gram index is needed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.places import taken
from indexer.engines.whoosh.segment import FieldReader
from search_app.search.engines.whoosh.spots import (
    LOW,
    SHIFT,
    Keys,
    Spots,
    joined,
    range_keys,
    spots,
    term_keys,
    terms_keys,
    unpacked,
)


def find_run(field: FieldReader, run: str) -> Spots:
    """All occurrences of `run` (normalised) in one field of a segment; a space in it stands
    for a break, that is punctuation or a blank line, which must be in the text as well.

    Keys use the segment's document numbers; deleted documents are still in.
    """
    first, *others = run.split(" ")
    found = _unbroken(field, first)
    for breaks, piece in enumerate(others):
        found = _broken(field, found, breaks, _unbroken(field, piece))
    return found


def _unbroken(field: FieldReader, run: str) -> Spots:
    if not run or not len(field.terms):
        return joined([])
    found = [_inside(field, run)]
    if len(run) > 1:
        found.extend(_across(field, run))
    return joined(found)


def _broken(field: FieldReader, before: Spots, breaks: int, after: Spots) -> Spots:
    """Those of `before` (with `breaks` breaks inside) that one of `after` follows over a break:
    both have their tokens' edge there, and the position between is nobody's."""
    _, more, behind = unpacked(before.extents)
    ends = np.flatnonzero(behind == 0)
    begins = np.flatnonzero(unpacked(after.extents)[0] == 0)
    between = before.keys[ends] + more[ends] + breaks + 1
    left, right = _matching(between + 1, after.keys[begins])
    free = ~_taken(field, between[left])
    left, right = ends[left[free]], begins[right[free]]
    lead = unpacked(before.extents[left])[0]
    _, further, tail = unpacked(after.extents[right])
    return joined([spots(before.keys[left], lead, more[left] + 1 + further, tail)])


def _taken(field: FieldReader, keys: Keys) -> NDArray[np.bool_]:
    """Whether a token stands at each key."""
    if not len(keys):
        return np.zeros(0, dtype=bool)
    docs, rows = np.unique(keys >> SHIFT, return_inverse=True)
    return taken([(field.shapes, doc) for doc in docs.tolist()], rows, keys & LOW)


def _inside(field: FieldReader, run: str) -> Spots:
    places = field.terms.places(run)
    if not len(places.terms):
        return joined([])
    lead = places.leads
    keys, number = terms_keys(field, places.terms)
    tail = places.lengths - lead - len(run)
    return spots(keys, lead.take(number), 0, tail.take(number))


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
    reached: dict[int, list[Beginnings]] = {}
    result = []
    for at in range(1, size):
        if at not in useful:
            continue
        parts = reached.pop(at, [])
        heads = terms.places(run[:at])
        whole = np.flatnonzero(heads.ends)
        if len(whole):
            keys, number = terms_keys(field, heads.terms[whole])
            parts.append(Beginnings(keys, keys, heads.leads[whole].take(number)))
        if not parts:
            continue
        here = Beginnings(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        for after, term in steps.get(at, ()):
            keys = term_keys(field, term)
            wanted = here.last + 1
            found = keys.searchsorted(wanted)
            found[found == len(keys)] = 0
            keep = np.flatnonzero(keys[found] == wanted)
            if len(keep):
                step = Beginnings(here.first[keep], wanted[keep], here.lead[keep])
                reached.setdefault(after, []).append(step)
        if at in tails:
            result.append(_ended(field, here, *tails[at], size - at))
    return result


class Beginnings(NamedTuple):
    """Occurrences of a run's beginning that end where a token ends: keys of their first and
    last token, and the characters of the first one before them."""

    first: Keys
    last: Keys
    lead: Keys


def _ended(field: FieldReader, here: Beginnings, first: int, last: int, piece: int) -> Spots:
    """Those of `here` that a term of [first, last) follows; `piece` of its characters count."""
    keys = range_keys(field, first, last)
    places, found = _matching(here.last + 1, keys)
    edges = field.starts[first : last + 1].astype(np.int64)
    term = np.searchsorted(edges - edges[0], found, "right") - 1
    tail = field.terms.characters[first:last][term] - piece
    begun = here.first[places]
    return spots(begun, here.lead[places], here.last[places] + 1 - begun, tail)


def _matching(wanted: Keys, keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places (in `wanted`, in `keys`) of equal numbers; both hold each number once."""
    # The smaller side is sorted, and the larger one looked up in it.
    small, large = (wanted, keys) if len(wanted) <= len(keys) else (keys, wanted)
    if not len(small):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    order = small.argsort(kind="stable")
    ordered = small[order]
    at = ordered.searchsorted(large)
    at[at == len(ordered)] = 0
    hits = np.flatnonzero(ordered[at] == large)
    other = order[at[hits]]
    return (other, hits) if small is wanted else (hits, other)
