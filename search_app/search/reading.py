"""What a query was understood to be, as plain data, and the small pieces it is made from."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search_app.search import tree
from search_app.search.notes import Note
from search_app.search.results import Part

_SHORT_COMPOUND = 4


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing wanted among others side by side.

    `children` decide what matches (each basic word one), `scoring` what it is worth,
    `loose` is the loosest sensible reading, `sequence` are the basic words in order.
    `run` is what was typed without a break, where that is more than one word.
    """

    children: tuple[tree.Node, ...]
    scoring: tuple[tree.Node, ...]
    loose: tree.Node
    sequence: tuple[tree.Leaf, ...] = ()
    run: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted run: exactly so, or at worst by its words."""

    text: str
    exact: tree.Node
    concept: Concept


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as understood. `filters` must hold whatever is relaxed."""

    concepts: tuple[Concept, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    titles: tuple[tuple[str, tree.Node, Concept], ...] = ()
    filters: tuple[tree.Node, ...] = ()
    parts: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()


def least(children: int) -> int:
    """How many of some words side by side a document must have: both of two, most of more."""
    return children if children <= 2 else math.ceil(0.6 * children)


@lru_cache(maxsize=8192)
def cover(word: str, subwords: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """The fewest sub-words that tile a word, each tiled again; the word itself where none do."""
    size = len(word)
    if size < _SHORT_COMPOUND or not word.isalpha():
        return (word,)
    known = set(subwords(word))
    best: list[tuple[str, ...] | None] = [()] + [None] * size
    for end in range(2, size + 1):
        for start in range(end - 1):
            head, piece = best[start], word[start:end]
            if head is None or piece not in known:
                continue
            tiles = best[end]
            if tiles is None or len(head) + 1 < len(tiles):
                best[end] = (*head, piece)
    tiles = best[size]
    if not tiles:
        return (word,)
    return tuple(part for piece in tiles for part in cover(piece, subwords))


# Signs that a run was cut beside: what stood behind them would have said how they are read.
_CUT = re.compile(
    r"(?<=\d),(?=\d{1,2}$)"  # 1,20|0
    r"|(?<=[^\W\d_])[\[(<{〈《](?=[12]\d{0,3}[\])>}〉》]?$)"  # 国办发[20|18]12号
)
_CUT_BEFORE = re.compile(r"^\W?(\d{1,4})[\])>}〉》](?=\d|第)")  # 国办发[20|18]12号


def cut_reading(run: str) -> str:
    """A (folded) run with the signs left out that leave no gap in a text that goes on."""
    return _CUT_BEFORE.sub(r"\1", _CUT.sub("", run))


def phrase_node(words: Sequence[str], weight: float) -> tree.Node:
    """Words side by side with a weight: one word, or their run."""
    if len(words) == 1:
        return tree.Word(words[0], weight=weight)
    return tree.Run("".join(words), weight=weight)


def all_of(nodes: Iterable[tree.Node]) -> tree.Node:
    """All of some nodes; one alone stands for itself."""
    known = tuple(nodes)
    return known[0] if len(known) == 1 else tree.All(known)


def any_of(nodes: Iterable[tree.Node]) -> tree.Node:
    """The best of some nodes, each once; one alone stands for itself."""
    known = tuple(dict.fromkeys(nodes))
    return known[0] if len(known) == 1 else tree.Any(known, "max")


def scores_of(
    own: Sequence[tree.Node], strong: Sequence[tree.Node], weak: Sequence[tree.Node]
) -> tuple[tree.Node, ...]:
    """What counts for a word: itself with its parts, and the best of its synonyms."""
    others = [*strong, *weak]
    return (*own, any_of(others)) if others else tuple(own)
