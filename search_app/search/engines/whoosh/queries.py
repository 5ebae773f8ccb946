"""Runs query trees of `whoosh.query` over the arrays.

The common nodes become array operations over whole rows of documents; every other one goes
through Whoosh's own matchers over the same files, so each Whoosh query works. Both
score alike, with `LuceneBM25`. As everywhere in Whoosh, statistics count deleted
documents until their segment is merged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from math import log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query, scoring
from whoosh.index import open_dir

from indexer.engines.whoosh.lexicon import encode
from indexer.engines.whoosh.segment import SHADOW, PostingsReader
from indexer.schema import FACETS, TEXT_FIELDS
from search_app.search.engines.base import Choice
from search_app.search.engines.whoosh.index import ArrayIndex
from search_app.search.engines.whoosh.matches import LEAST, Mask, Matches
from search_app.search.engines.whoosh.spots import term_keys

B, K1 = 0.75, 1.2
_TEXTS = frozenset(field.name for field in TEXT_FIELDS)


class LuceneBM25(scoring.WeightingModel):  # type: ignore[misc]
    """BM25 with Lucene's idf, which is never negative, as a weighting for any Whoosh searcher."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        return idf(searcher.doc_count_all(), searcher.doc_frequency(fieldname, text))

    def scorer(self, searcher: Any, fieldname: str, text: Any, qf: int = 1) -> Any:
        if not searcher.schema[fieldname].scorable:
            return scoring.WeightScorer.for_(searcher, fieldname, text)
        return _Scorer(searcher, fieldname, text)


class _Scorer(scoring.WeightLengthScorer):  # type: ignore[misc]
    def __init__(self, searcher: Any, fieldname: str, text: Any) -> None:
        parent = searcher.get_parent()
        self._idf = parent.idf(fieldname, text)
        self._average = parent.avg_field_length(fieldname) or 1
        self.setup(searcher, fieldname, text)

    def _score(self, weight: float, length: float) -> float:
        return float(bm25(self._idf, weight, length, self._average))


def idf(documents: int, matching: int) -> float:
    return log(1 + (documents - matching + 0.5) / (matching + 0.5))


def bm25(idf: float, weight: Any, length: Any, average: float) -> Any:
    """Of numbers or of arrays."""
    return idf * weight * (K1 + 1) / (weight + K1 * (1 - B + B * length / average))


class Found(NamedTuple):
    """Of every document: whether it matches, and its score (0 where it does not)."""

    mask: Mask
    scores: NDArray[np.float64]


class WhooshQueries:
    """Evaluates `whoosh.query` trees over one generation."""

    def __init__(self, index: ArrayIndex) -> None:
        self._index = index
        self._local = threading.local()
        self._nodes: dict[type, Callable[[Any], Found]] = {
            query.Term: self._term,
            query.And: self._and,
            query.Or: self._or,
            query.DisjunctionMax: self._best,
            query.Not: self._not,
            query.AndNot: self._and_not,
            query.AndMaybe: self._and_maybe,
            query.Require: self._require,
            query.Every: self._every,
            query.ConstantScoreQuery: self._constant,
            query.Phrase: self._phrase,
            query.Prefix: self._expanded,
            query.Wildcard: self._expanded,
            query.FuzzyTerm: self._expanded,
            query.TermRange: self._expanded,
            query.NumericRange: self._number_range,
        }

    def __call__(self, tree: Any) -> Matches:
        """Documents that match, with scores above zero."""
        found = self._evaluate(tree)
        docs = np.flatnonzero(found.mask)
        scores = np.maximum(found.scores[docs], LEAST).astype(np.float32)
        return Matches(docs, scores, self._index.size)

    def _evaluate(self, node: Any) -> Found:
        # Exactly these classes: a subclass may match in another way.
        return self._nodes.get(type(node), self._by_matchers)(node)

    # -- through Whoosh -------------------------------------------------------------------

    @property
    def _searcher(self) -> Any:
        """A searcher of Whoosh over the same files, one for each thread."""
        searcher = getattr(self._local, "searcher", None)
        if searcher is None:
            index = open_dir(str(self._index.generation.folder))
            searcher = self._local.searcher = index.searcher(weighting=LuceneBM25())
        return searcher

    def _by_matchers(self, node: Any) -> Found:
        mask, scores = self._nothing()
        for searcher, base in self._searcher.leaf_searchers():
            matcher = node.matcher(searcher, searcher.context())
            while matcher.is_active():
                doc = base + matcher.id()
                mask[doc], scores[doc] = True, matcher.score()
                matcher.next()
        return Found(self._alive(mask), np.where(mask, scores, 0.0))

    # -- leaves ---------------------------------------------------------------------------

    def _nothing(self) -> Found:
        return Found(np.zeros(self._index.size, dtype=bool), np.zeros(self._index.size))

    def _alive(self, mask: Mask) -> Mask:
        if self._index.live is not None:
            mask &= self._index.live
        return mask

    def _reader(self, segment: Any, field: str) -> PostingsReader | None:
        name = field.removesuffix(SHADOW)
        if name not in _TEXTS:
            return None
        reader: PostingsReader = (segment.subwords if field != name else segment.fields)[name]
        return reader

    def _term(self, node: Any) -> Found:
        if node.minquality:
            return self._by_matchers(node)
        name = node.fieldname.removesuffix(SHADOW)
        if name in _TEXTS:
            return self._of_terms(node.fieldname, [encode(node.text)], node.boost)
        column = self._index.column(node.fieldname) if node.fieldname in FACETS else None
        if column is None or node.fieldname == "year" or not isinstance(node.text, str):
            return self._by_matchers(node)
        if not node.text:
            return self._nothing()
        mask = self._alive(column.mask(Choice(values=(node.text,))).copy())
        return Found(mask, mask * np.float64(node.boost))

    def _of_terms(self, field: str, terms: Iterable[bytes], boost: float) -> Found:
        """Documents with any of the terms, their BM25 scores added."""
        mask, scores = self._nothing()
        name = field.removesuffix(SHADOW)
        lengths = self._index.lengths(name)
        average = float(lengths.sum(dtype=np.float64)) / max(self._index.size, 1) or 1.0
        for term in terms:
            parts = []
            for segment, base in self._index.segments():
                reader = self._reader(segment, field)
                number = -1 if reader is None else reader.terms.find(term)
                if reader is not None and number >= 0:
                    docs, freqs = reader.postings(number)
                    parts.append((docs.astype(np.int64) + base, freqs.astype(np.float64)))
            rarity = idf(self._index.size, sum(len(docs) for docs, _ in parts))
            for docs, weight in parts:
                mask[docs] = True
                scores[docs] += boost * bm25(rarity, weight, lengths[docs], average)
        self._alive(mask)
        return Found(mask, np.where(mask, scores, 0.0))

    def _expanded(self, node: Any) -> Found:
        if node.fieldname.removesuffix(SHADOW) not in _TEXTS:
            return self._by_matchers(node)
        terms = sorted({term for term in node._btexts(self._searcher.reader()) if term})
        # Whoosh adds the words' scores too, whatever `constantscore` says; only in small
        # indexes and from three words on it leaves scores out.
        return self._of_terms(node.fieldname, terms, node.boost)

    def _phrase(self, node: Any) -> Found:
        words = [encode(word) for word in node.words]
        if node.slop != 1 or node.fieldname not in _TEXTS or len(words) < 2:
            return self._by_matchers(node)
        whole = np.zeros(self._index.size, dtype=bool)
        for segment, base in self._index.segments():
            field = segment.fields[node.fieldname]
            terms = [field.terms.find(word) for word in words]
            if min(terms) < 0:
                continue
            keys = term_keys(field, terms[0])
            for step, term in enumerate(terms[1:], 1):
                keys = keys[np.isin(keys + step, term_keys(field, term), assume_unique=True)]
            whole[(keys >> 32) + base] = True
        parts = [self._of_terms(node.fieldname, [word], 1.0) for word in words]
        scores = _added(parts) * node.boost
        self._alive(whole)
        return Found(whole, np.where(whole, scores, 0))

    def _number_range(self, node: Any) -> Found:
        column = self._index.column(node.fieldname) if node.fieldname == "year" else None
        if column is None:
            return self._by_matchers(node)
        inside = np.ones(len(column.values), dtype=bool)
        if node.start is not None:
            inside &= (
                column.numbers > node.start if node.startexcl else column.numbers >= node.start
            )
        if node.end is not None:
            inside &= column.numbers < node.end if node.endexcl else column.numbers <= node.end
        mask = np.zeros(self._index.size, dtype=bool)
        mask[column.docs[inside[column.codes]]] = True
        self._alive(mask)
        return Found(mask, mask * np.float64(node.boost))

    def _every(self, node: Any) -> Found:
        if node.fieldname is not None:
            return self._by_matchers(node)
        mask = self._alive(np.ones(self._index.size, dtype=bool))
        return Found(mask, mask * np.float64(node.boost))

    # -- groups ---------------------------------------------------------------------------

    def _and(self, node: Any) -> Found:
        parts = [self._evaluate(child) for child in node.subqueries]
        mask = np.logical_and.reduce([part.mask for part in parts])
        return Found(mask, np.where(mask, _added(parts) * _boost(node), 0.0))

    def _or(self, node: Any) -> Found:
        if node.scale or node.minmatch:
            return self._by_matchers(node)
        parts = [self._evaluate(child) for child in node.subqueries]
        mask = np.logical_or.reduce([part.mask for part in parts])
        return Found(mask, _added(parts) * _boost(node))

    def _best(self, node: Any) -> Found:
        if node.tiebreak:
            return self._by_matchers(node)
        parts = [self._evaluate(child) for child in node.subqueries]
        mask = np.logical_or.reduce([part.mask for part in parts])
        return Found(mask, np.maximum.reduce([part.scores for part in parts]) * _boost(node))

    def _not(self, node: Any) -> Found:
        mask = self._alive(~self._evaluate(node.query).mask)
        return Found(mask, mask * np.float64(1))

    def _and_not(self, node: Any) -> Found:
        found, without = self._evaluate(node.a), self._evaluate(node.b)
        mask = found.mask & ~without.mask
        return Found(mask, np.where(mask, found.scores, 0))

    def _and_maybe(self, node: Any) -> Found:
        found, more = self._evaluate(node.a), self._evaluate(node.b)
        return Found(found.mask, np.where(found.mask, found.scores + more.scores, 0))

    def _require(self, node: Any) -> Found:
        found, required = self._evaluate(node.a), self._evaluate(node.b)
        mask = found.mask & required.mask
        return Found(mask, np.where(mask, found.scores, 0))

    def _constant(self, node: Any) -> Found:
        mask = self._evaluate(node.child).mask
        return Found(mask, mask * np.float64(node.score))


def _boost(node: Any) -> float:
    # Whoosh applies the boost of a group only where there is something to combine.
    return float(node.boost) if len(node.subqueries) > 1 else 1.0


def _added(parts: Iterable[Found]) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = np.sum([part.scores for part in parts], axis=0)
    return scores
