"""Every number that ranking uses, in one table, with the formula that uses them.

1. Score of a document for one word (BM25F, Robertson & Zaragoza 2009, with Lucene's idf)::

    idf  = ln(1 + (N - n + 0.5) / (n + 0.5))          n: documents with the word in any field
    tf~  = Σ_f  w_f · tf_f / (1 - b_f + b_f · len_f / avglen_f)      (tf_f: coarse + sub-word)
    word = weight · idf · tf~ · (k1 + 1) / (tf~ + k1)

2. The best `rescored` documents are looked at again::

    base   = Σ word                          (`Most.scoring`: words, parts, best synonym of each)
    close  = base · (1 + near · n / (n + 1) + title_cover · t² + lead_cover · l)

    n   Σ over neighbouring occurrences of two different words of the query: 1 / distance²,
        in tokens; pairs that stand in another order than in the query count `unordered`
    t,l share of the query's words that stand in the title, in the first `lead_tokens` tokens

3. Documents about the matter are lifted over those that mention it (pseudo-relevance feedback,
   Rocchio over the keyword vectors of `indexer.analysis.keywords`)::

    score  = close + best · (feedback · s + all_words · a)

    best  the highest `close` of the search
    s     likeness (0 to 1) to the heaviest `feedback_words` keywords of the best
          `feedback_documents` documents, themselves weighted by `close`
    a     1 where the document has all the words that are wanted side by side

A round-up of many items is like no subject: its keywords have low weights, and so s is low.

4. Only where the search is sorted by `recent`, every score of step 1 is lifted for its date::

    word = word · (1 + freshness · 2^(-age / half_life))

    age   years between the document's date and the newest date of the index; a document
          without a date is not lifted
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """`weight` multiplies the field's term frequency, `b` is its length normalisation (0 to 1)."""

    weight: float
    b: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The table. Tuned on development queries only; see tests/quality/test_retrieval.py."""

    k1: float = 1.4
    fields: Mapping[str, FieldWeight] = field(
        default_factory=lambda: MappingProxyType(
            {
                "title": FieldWeight(4.0, 0.3),
                "text": FieldWeight(1.0, 0.5),
                "restored": FieldWeight(1.0, 0.5),
                "caption": FieldWeight(0.5, 0.5),
            }
        ),
        hash=False,
    )
    compound: float = 0.5
    """Weight of a long term as a whole beside the words that it is made of."""
    synonyms: float = 0.45
    """Times the weight of the synonym's rule: what was not typed counts less."""
    synonym_matches: float = 0.5
    """Rules of at least this weight also make documents match; weaker ones only score."""
    rescored: int = 100
    """How many of the best candidates are rescored with positions and keywords."""
    near: float = 0.3
    unordered: float = 0.5
    title_cover: float = 0.3
    lead_cover: float = 0.05
    lead_tokens: int = 60
    feedback: float = 0.35
    feedback_documents: int = 10
    feedback_words: int = 20
    all_words: float = 1.4
    """More than `1 + feedback`: a document with most of the words comes below all that have
    all of them, which is what the query language promises (0.2 would rank a little better)."""

    freshness: float = 0.8
    """How much the newest document gains where recent ones are asked for."""
    half_life: float = 3.0
    """Years in which that gain halves."""


RANKING = Ranking()
