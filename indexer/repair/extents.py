"""How far a name reaches in the run that is the same at all its places.

A context that happens to be the same everywhere belongs to the sentence (中共X in 中共X委员).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from itertools import product

from indexer.repair.candidates import FREQUENT, NAME_SIGNS, Candidate
from indexer.repair.signals import signals
from indexer.repair.vocabulary import is_word

LONGEST_EDGE = 4
"""Characters of a word that is cut from an edge of a name."""
_EDGES = frozenset("省市县区州镇乡村的国全各在和与向对为是由将要会及等副")
_ALNUM = re.compile("[a-z0-9]+")


def variants(candidate: Candidate, known: Container[str]) -> Iterator[Candidate]:
    """The candidate, and what is left without words at its edges: a context that happens to
    be the same at all occurrences belongs to the sentence, not to the name."""
    text = candidate.text
    first, last = _core(text)
    marked = first < last < len(text) or first > 0
    lefts, left_rows = _cuts(text, 1, known, first, marked)
    rights, right_rows = _cuts(text[::-1], -1, known, len(text) - last, marked)
    both = dict.fromkeys([*product(lefts, rights), *product((0, *left_rows), (0, *right_rows))])
    for left, right in both:
        size = len(text) - left - right
        if size >= 2:
            yield Candidate(
                text[left : left + size],
                tuple(start + left for start in candidate.starts),
                candidate.origin,
            )


def _core(text: str) -> tuple[int, int]:
    """Where the parts of a name begin and end that no sentence has; the ends of the text
    where there are none."""
    rules = signals()
    spans = [
        match.span()
        for pattern in (rules.brands, rules.tails, rules.weak_tails, _ALNUM)
        for match in pattern.finditer(text)
    ]
    if not spans:
        return len(text), 0
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    # A sign joins what stands before it to the name (半岛·体育), and ends a name itself (官网:).
    signs = [at for at, sign in enumerate(text) if sign in NAME_SIGNS]
    if signs:
        first = 0 if signs[0] < last else first
        last = max(last, signs[-1] + 1)
    return first, last


def outside_core(text: str) -> int:
    """Characters of a name beside its core; 0 where it has none."""
    first, last = _core(text)
    return max(0, len(text) - (last - first)) if last > first else 0


def _cuts(
    text: str, step: int, known: Container[str], most: int, marked: bool
) -> tuple[list[int], set[int]]:
    """How many characters may be cut from the begin of a text: none, a word of up to four, or
    all but the core (`most`); and as many words, or words and frequent signs, as stand there in
    a row. A text with `step` -1 is spelled backwards."""

    def is_edge(part: str) -> bool:
        part = part[::step]
        return part in _EDGES or part in known or (not marked and len(part) > 1 and is_word(part))

    def is_edge_or_sign(part: str) -> bool:
        return part in FREQUENT or is_edge(part)

    words = [size for size in range(1, LONGEST_EDGE + 1) if is_edge(text[:size])]
    words += [most] if most < len(text) else []
    most = min(most, len(text) - 2)
    words = [0, *(size for size in dict.fromkeys(words) if 0 < size <= most)]
    rows = {_row(text, is_edge), _row(text, is_edge_or_sign)} if len(words) > 1 else set()
    return words, {size for size in rows if size <= most} - {*words}


def _row(text: str, is_edge: Callable[[str], bool]) -> int:
    """Where the words end that stand in a row from the begin of a text on, two signs before
    its end at the latest."""
    reached = [True] + [False] * max(0, len(text) - 2)
    for at, there in enumerate(reached):
        for size in range(1, min(LONGEST_EDGE, len(reached) - 1 - at) + 1) if there else ():
            reached[at + size] |= is_edge(text[at : at + size])
    return max(at for at, there in enumerate(reached) if there)
