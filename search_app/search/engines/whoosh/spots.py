"""Where something stands: occurrences as sorted keys, down to the characters of the tokens.

A key is `document << 32 | position` of the first token, so that neighbours in text are
neighbours in number and sets of occurrences are joined with array operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.narrow import bounds, ramps
from indexer.engines.whoosh.segment import FieldReader, PostingsReader
from search_app.search.engines.whoosh.matches import not_zero

Keys = NDArray[np.int64]
Number = TypeVar("Number", int, Keys)

SHIFT = 32
LOW = np.int64((1 << SHIFT) - 1)
_PART = 20
"""Bits of each number in the second column."""
_LIMIT = (1 << _PART) - 1
_ZERO = np.zeros(1, dtype=np.int64)
_ZERO.flags.writeable = False


class Spots(NamedTuple):
    """Occurrences, sorted by key.

    `extents` packs three numbers that are zero for whole words: how many characters of the
    first token stand before the occurrence, how many tokens follow the first, and how many
    characters of the last one stand behind it. `unpacked` gives them back.
    """

    keys: Keys
    extents: Keys

    @property
    def parted(self) -> bool:
        """Whether there may be parts of words and stretches of several."""
        # One zero stands for all where there are none.
        return bool(self.extents.strides[0])

    @property
    def nbytes(self) -> int:
        return self.keys.nbytes + (self.extents.nbytes if self.parted else 8)

    def counted(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Documents and how many occurrences each has."""
        docs = self.keys >> SHIFT
        if not len(docs):
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        starts = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
        counts = np.diff(starts, append=len(docs))
        return docs[starts].astype(np.intp), counts.astype(np.float32)

    def where(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> Spots:
        return Spots(self.keys[keep], self.extents[keep])


EMPTY = Spots(np.empty(0, np.int64), np.empty(0, np.int64))


def spots(keys: Keys, lead: Keys | int = 0, more: Keys | int = 0, tail: Keys | int = 0) -> Spots:
    """Spots from columns or from numbers that hold for all."""
    if not any(isinstance(column, np.ndarray) or column for column in (lead, more, tail)):
        # What `np.broadcast_to` gives, twenty times faster.
        return Spots(keys, np.ndarray(len(keys), np.int64, _ZERO, strides=(0,)))
    extents = np.zeros(len(keys), dtype=np.int64)
    extents += lead
    if isinstance(more, np.ndarray) or more:
        extents |= np.asarray(more, dtype=np.int64) << _PART
    if isinstance(tail, np.ndarray) or tail:
        extents |= np.asarray(tail, dtype=np.int64) << (2 * _PART)
    return Spots(keys, extents)


def unpacked(extents: Number) -> tuple[Number, Number, Number]:
    """Characters before, tokens that follow, characters behind."""
    return extents & _LIMIT, (extents >> _PART) & _LIMIT, extents >> (2 * _PART)


def joined(parts: Sequence[Spots]) -> Spots:
    """All of several sets, sorted; an occurrence found twice is kept once."""
    parts = [part for part in parts if len(part.keys)]
    if not parts:
        return EMPTY
    if len(parts) == 1 and _ascends(parts[0].keys):
        return parts[0]
    keys = np.concatenate([part.keys for part in parts])
    if not any(part.parted and part.extents.any() for part in parts):
        keys.sort()
        same = keys[1:] == keys[:-1]
        return spots(keys[np.concatenate(([True], ~same))] if same.any() else keys)
    extents = np.concatenate([part.extents for part in parts])
    order = np.lexsort((extents, keys))
    keys, extents = keys[order], extents[order]
    same = (keys[1:] == keys[:-1]) & (extents[1:] == extents[:-1])
    if same.any():
        keep = np.concatenate(([True], ~same))
        keys, extents = keys[keep], extents[keep]
    return Spots(keys, extents)


def term_keys(field: FieldReader, term: int, within: NDArray[np.bool_] | None = None) -> Keys:
    """Keys of one term, ascending; see `terms_keys`."""
    docs, freqs = field.postings(term)
    if within is None:
        _, positions = field.positions(term)
    else:
        wanted = within.take(docs).nonzero()[0]
        starts = bounds(freqs).take(wanted) + int(field.starts[term])
        docs, freqs = docs.take(wanted), freqs.take(wanted)
        positions = field.positions_at(ramps(starts, freqs))
    keys: Keys = docs.astype(np.int64).repeat(freqs) << SHIFT
    keys |= positions
    return keys


def terms_keys(
    field: FieldReader, terms: NDArray[np.int64], within: NDArray[np.bool_] | None = None
) -> tuple[Keys, NDArray[np.intp]]:
    """Keys of several terms, term by term (not sorted), and which of the terms each is of.

    `within` says for each document whether it is wanted; None where all are.
    """
    if len(terms) == 1:
        keys = term_keys(field, int(terms[0]), within)
        return keys, np.zeros(len(keys), dtype=np.intp)
    docs, freqs, sizes = field.postings_of(terms)
    number = np.arange(len(terms)).repeat(sizes)
    if within is None:
        keys = (docs.astype(np.int64).repeat(freqs) << SHIFT) | field.positions_of(terms)
        return keys, number.repeat(freqs)
    wanted = within.take(docs).nonzero()[0]
    number, counts = number.take(wanted), freqs.take(wanted).astype(np.int64)
    # Positions stand term by term in the order of the postings: `shift` leads from the
    # running sum over these terms to the places among all positions.
    before = bounds(freqs)
    shift = field.starts.take(terms).astype(np.int64) - before.take(bounds(sizes)[:-1])
    starts = before.take(wanted) + shift.take(number)
    keys = docs.take(wanted).astype(np.int64).repeat(counts) << SHIFT
    keys |= field.positions_at(ramps(starts, counts))
    return keys, number.repeat(counts)


def range_keys(field: FieldReader, first: int, last: int) -> Keys:
    """Keys of the terms [first, last), term by term (not sorted)."""
    docs = field.docs_between(first, last).astype(np.int64)
    freqs = field.freqs_between(first, last)
    keys: Keys = (np.repeat(docs, freqs) << SHIFT) | field.positions_between(first, last)
    return keys


def postings(
    reader: PostingsReader, terms: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Documents (each once) and summed frequencies of several terms."""
    if len(terms) == 1:
        docs, freqs = reader.postings(int(terms[0]))
        return docs.astype(np.intp), freqs.astype(np.float32)
    docs, freqs, _ = reader.postings_of(terms)
    sums = np.bincount(docs, weights=freqs, minlength=1)
    found = not_zero(sums)
    return found, sums[found].astype(np.float32)


def _ascends(keys: Keys) -> bool:
    return bool((keys[1:] > keys[:-1]).all())
