"""Query trees: what is wanted, free of any engine.

`query.py` builds a tree from what was typed, an engine's read side evaluates it.
Nodes are frozen, hashable (so plans can be cached) and hold plain values only.

Which documents a node matches, and what it scores
--------------------------------------------------
==============  ==============================================  =======================
node            matches                                         scores
==============  ==============================================  =======================
`MatchAll`      every document                                  0
`Word`          coarse postings ∪ sub-word postings of the      weight · BM25F (ranking.py)
                normalised word in any of its fields
`Run`           the exact run of characters (no gap between     weight · BM25F, with the
                tokens), found over the coarse stream           run as one term
`Prefix`        words that begin with `text`                    as one term: union of the
`Wildcard`      words that match `*` and `?`                    expansions, tf summed,
`Fuzzy`         words within `distance` edits                   bounded by `limit`
`FieldFilter`   documents with one of the facet `values`        0
`Range`         lo ≤ facet value ≤ hi (either end may be None)  0
`All`           every child matches                             sum of the children
`Any`           at least one child matches                      "sum", or "max" (synonyms:
                                                                the best alternative only)
`Most`          at least `minimum` of the children match        sum of `scoring` if given, else
                                                                of the children; more for all
`Not`           the child does not match                        0
==============  ==============================================  =======================

`Most` is "words side by side". It stands at most once in a tree: at the root, or directly
under a root `All` beside filters and `Not`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from indexer.schema import TEXT_FIELDS

DEFAULT_FIELDS: tuple[str, ...] = tuple(field.name for field in TEXT_FIELDS)
"""Fields that a word without a field prefix is looked for in."""


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the analyser normalises it: a term of the lexicon or of its sub-words."""

    text: str
    fields: tuple[str, ...] = DEFAULT_FIELDS
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """An exact run of characters, normalised; it may cut across words. One space stands for a
    break (any punctuation, a blank line) that must be in the text, too."""

    text: str
    fields: tuple[str, ...] = DEFAULT_FIELDS
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with `text`; at most `limit` of them, the most frequent first."""

    text: str
    fields: tuple[str, ...] = DEFAULT_FIELDS
    weight: float = 1.0
    limit: int = 256


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words that match a pattern of `*` (any characters) and `?` (one character)."""

    text: str
    fields: tuple[str, ...] = DEFAULT_FIELDS
    weight: float = 1.0
    limit: int = 256


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words within `distance` edits of `text` (Damerau-Levenshtein)."""

    text: str
    distance: int = 1
    fields: tuple[str, ...] = DEFAULT_FIELDS
    weight: float = 1.0
    limit: int = 64


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """Documents that have one of `values` in a facet column."""

    facet: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose numeric facet lies in [lo, hi]; None leaves an end open."""

    facet: str
    lo: int | None = None
    hi: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every child matches."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one child matches. `combine` "sum" for OR, "max" for synonyms of one word."""

    children: tuple[Node, ...]
    combine: Literal["sum", "max"] = "sum"


@dataclass(frozen=True, slots=True)
class Most:
    """Words side by side: at least `minimum` of the children match, and where it is less than
    all but more than one, those that match hold at least half of the idf of all (in a
    collection large enough for idf to tell anything).

    Where `scoring` is given, a matching document's score is the sum of those nodes (the
    children then only decide what matches): a word can so be required together with its
    synonyms and still be scored by its parts. Documents with all children gain
    (`Ranking.all_words`). `sequence` are the words as typed, in order, for proximity.
    """

    children: tuple[Node, ...]
    minimum: int
    scoring: tuple[Node, ...] = ()
    sequence: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not match. Alone it means: every document but those."""

    child: Node


Node: TypeAlias = (
    MatchAll | Word | Run | Prefix | Wildcard | Fuzzy | FieldFilter | Range | All | Any | Most | Not
)
Leaf: TypeAlias = Word | Run | Prefix | Wildcard | Fuzzy
"""Nodes that look at text, and so can be highlighted."""


def leaves(node: Node) -> Iterator[Leaf]:
    """The text leaves of a tree from left to right, each once, those under `Not` left out."""
    return iter(dict.fromkeys(_leaves(node)))


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, (All, Any, Most)):
        for child in node.children:
            yield from _leaves(child)
        if isinstance(node, Most):
            for child in node.scoring:
                yield from _leaves(child)
    elif isinstance(node, (Word, Run, Prefix, Wildcard, Fuzzy)):
        yield node
