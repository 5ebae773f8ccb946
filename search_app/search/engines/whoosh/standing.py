"""Where the words of a leaf stand in one segment: in all documents, or in some of them only.

A word that is asked for once is wanted in the candidates of one search. Its postings tell how
many occurrences stand before those of a document, so that no other positions are read.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from indexer.engines.whoosh.segment import SegmentReader
from search_app.search import tree
from search_app.search.engines.whoosh.expand import Terms, expand
from search_app.search.engines.whoosh.matches import Docs, Mask
from search_app.search.engines.whoosh.spots import EMPTY, Spots, spots, terms_keys

Word: TypeAlias = tree.Word | tree.Prefix | tree.Wildcard | tree.Fuzzy
_NONE: Terms = np.empty(0, dtype=np.int64)


class LeafTerms(NamedTuple):
    """Term ids of a leaf among the coarse words and among the sub-words of a field; whether
    there would have been more."""

    coarse: Terms
    inside: Terms
    cut: bool


class Standing(NamedTuple):
    """Where a group of leaves stands in `docs` (ascending; None: in all documents), and how
    many times it was looked up in documents that were not at hand."""

    spots: Spots
    docs: Docs | None
    times: int

    @property
    def nbytes(self) -> int:
        return self.spots.nbytes + (0 if self.docs is None else self.docs.nbytes)

    def covers(self, docs: Docs) -> bool:
        known = self.docs
        if known is None or known is docs:
            return True
        if not len(known):
            return not len(docs)
        return bool((known.take(known.searchsorted(docs), mode="clip") == docs).all())


def leaf_terms(segment: SegmentReader, field: str, leaf: Word) -> LeafTerms:
    """The terms that a leaf stands for."""
    coarse, inside = segment.fields[field], segment.subwords[field]
    if isinstance(leaf, tree.Word):
        found = []
        for lexicon in (coarse.terms, inside.terms):
            term = lexicon.find(leaf.text) if len(lexicon) else -1
            found.append(_NONE if term < 0 else np.array([term]))
        return LeafTerms(found[0], found[1], False)
    words, cut = expand(coarse, leaf) if len(coarse.terms) else (_NONE, False)
    parts, more = expand(inside, leaf) if len(inside.terms) else (_NONE, False)
    return LeafTerms(words, parts, cut or more)


def standing(
    segment: SegmentReader, field: str, found: LeafTerms, within: Mask | None = None
) -> Spots:
    """Spots of terms, with the segment's document numbers; not sorted, and one may come twice.

    `within` says for each document whether it is wanted; None where all are.
    """
    reader, shadow = segment.fields[field], segment.subwords[field]
    terms, pieces = [found.coarse], [""] * len(found.coarse)
    for term in found.inside.tolist():
        parents = shadow.parents(term)
        terms.append(parents.astype(np.int64))
        pieces += [shadow.terms.text(term)] * len(parents)
    if not pieces:
        return EMPTY
    every = np.concatenate(terms) if len(terms) > 1 else terms[0]
    keys, number = terms_keys(reader, every, within)
    if len(pieces) == len(found.coarse):
        return spots(keys)
    # Only words that do stand there are read: of hundreds that have a part, few do.
    leads, tails = np.zeros((2, len(pieces)), dtype=np.int64)
    for one in np.bincount(number).nonzero()[0].tolist():
        if piece := pieces[one]:
            word = reader.terms.text(int(every[one]))
            leads[one] = lead = max(word.find(piece), 0)
            tails[one] = len(word) - lead - len(piece)
    return spots(keys, leads.take(number), 0, tails.take(number))
