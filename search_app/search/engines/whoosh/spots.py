"""Where something stands: occurrences as sorted keys, down to the characters of the tokens.

A key is `document << 32 | position` of the first token, so that neighbours in text are
neighbours in number and sets of occurrences are joined with array operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.segment import FieldReader, PostingsReader

Keys = NDArray[np.int64]
Small = NDArray[np.int32]

SHIFT = 32
LOW = np.int64((1 << SHIFT) - 1)


class Spots(NamedTuple):
    """Occurrences, sorted by key.

    `lead` characters of the first token stand before the occurrence, `more` tokens follow
    the first, `tail` characters of the last one stand behind it.
    """

    keys: Keys
    lead: Small
    more: Small
    tail: Small

    @property
    def nbytes(self) -> int:
        return sum(column.nbytes for column in self)

    def of(self, doc: int) -> Spots:
        """Those of one document."""
        first, last = self.keys.searchsorted((doc << SHIFT, (doc + 1) << SHIFT)).tolist()
        return Spots(*(column[first:last] for column in self))

    def counted(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Documents and how many occurrences each has."""
        docs = self.keys >> SHIFT
        starts = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
        if not len(docs):
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        counts = np.diff(starts, append=len(docs))
        return docs[starts].astype(np.intp), counts.astype(np.float32)


EMPTY = Spots(np.empty(0, np.int64), *(np.empty(0, np.int32) for _ in range(3)))


def spots(keys: Keys, lead: Small | int = 0, more: Small | int = 0, tail: Small | int = 0) -> Spots:
    """Spots from columns or from numbers that hold for all."""
    size = len(keys)
    return Spots(
        keys,
        *(np.broadcast_to(np.asarray(column, np.int32), (size,)) for column in (lead, more, tail)),
    )


def joined(parts: Sequence[Spots]) -> Spots:
    """All of several sets, sorted; an occurrence found twice is kept once."""
    parts = [part for part in parts if len(part.keys)]
    if not parts:
        return EMPTY
    if len(parts) == 1 and _ascends(parts[0].keys):
        return parts[0]
    keys, lead, more, tail = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((lead, keys))
    keys, lead, more, tail = keys[order], lead[order], more[order], tail[order]
    same = (keys[1:] == keys[:-1]) & (lead[1:] == lead[:-1])
    if same.any():
        keep = np.concatenate(([True], ~same))
        keys, lead, more, tail = keys[keep], lead[keep], more[keep], tail[keep]
    return Spots(keys, lead, more, tail)


def term_keys(field: FieldReader, term: int) -> Keys:
    """Keys of one term, ascending."""
    docs, freqs = field.postings(term)
    _, positions = field.positions(term)
    return (np.repeat(docs.astype(np.int64), freqs) << SHIFT) | positions


def terms_keys(field: FieldReader, terms: NDArray[np.int64]) -> tuple[Keys, NDArray[np.int64]]:
    """Keys of several terms, term by term (not sorted), and how many each has."""
    if len(terms) == 1:
        keys = term_keys(field, int(terms[0]))
        return keys, np.array([len(keys)])
    docs, freqs, counts = field.postings_of(terms)
    keys = (np.repeat(docs.astype(np.int64), freqs) << SHIFT) | field.positions_of(terms)
    starts = field.starts
    sizes = starts[terms + 1].astype(np.int64) - starts[terms].astype(np.int64)
    return keys, sizes


def range_keys(field: FieldReader, first: int, last: int) -> Keys:
    """Keys of the terms [first, last), term by term (not sorted)."""
    docs = field.docs_between(first, last).astype(np.int64)
    freqs = field.freqs_between(first, last)
    return (np.repeat(docs, freqs) << SHIFT) | field.positions_between(first, last)


def postings(
    reader: PostingsReader, terms: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Documents (each once) and summed frequencies of several terms."""
    if len(terms) == 1:
        docs, freqs = reader.postings(int(terms[0]))
        return docs.astype(np.intp), freqs.astype(np.float32)
    docs, freqs, _ = reader.postings_of(terms)
    sums = np.bincount(docs, weights=freqs, minlength=1)
    found = np.flatnonzero(sums)
    return found, sums[found].astype(np.float32)


def _ascends(keys: Keys) -> bool:
    return bool((keys[1:] > keys[:-1]).all())
