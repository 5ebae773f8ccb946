"""What one member of a reprint family has that another has not, as passages.

Both texts are cut into sentences; sentences that are equal but for signs and spaces are the
same, and those in between are compared by their characters, so that a changed figure shows
as a changed sentence and not as one missing and one added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;]?[”’」』）)]*")
_UNSEEN = re.compile(r"[\W_]+")
ALIKE = 0.6
"""Least likeness of two sentences (2·M/T of their characters) to be one that was changed."""
MOST_CHARACTERS = 1000
"""Characters of a changed passage up to which every one of them is looked for."""
MOST_SENTENCES = 2000
"""Sentences compared of either text: bounds the time for very long pages."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of sentences that differs.

    `start:end` lie in the first text, `other_start:other_end` in the second, end exclusive;
    one of the two is empty for what is "added" or "missing" in the second.
    """

    kind: Literal["added", "missing", "changed"]
    start: int
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True)
class Differences:
    """`same`: share of the longer text's word characters that both have (0 to 1)."""

    same: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    words: str


def differences(first: str, second: str) -> Differences:
    """How the second text differs from the first."""
    left, right = _sentences(first), _sentences(second)
    # Sentences that come again and again are no anchors: they would make this quadratic.
    matcher = SequenceMatcher(None, [one.words for one in left], [one.words for one in right])
    passages: list[Passage] = []
    same = 0
    for _, a, b, c, d in matcher.get_opcodes():
        if [s.words for s in left[a:b]] == [s.words for s in right[c:d]]:
            same += sum(len(sentence.words) for sentence in left[a:b])
            continue
        passage = _passage(left, right, (a, b), (c, d))
        passages.append(passage)
        if passage.kind == "changed":
            same += _common(left[a:b], right[c:d])
    longer = max(sum(len(s.words) for s in left), sum(len(s.words) for s in right))
    return Differences(same / longer if longer else 1.0, tuple(passages))


def _sentences(text: str) -> list[_Sentence]:
    return list(_cut(text))[:MOST_SENTENCES]


def _cut(text: str) -> Iterator[_Sentence]:
    for match in _SENTENCE.finditer(text):
        words = _UNSEEN.sub("", match.group()).lower()
        if words:
            lead = len(match.group()) - len(match.group().lstrip())
            yield _Sentence(match.start() + lead, match.end(), words)


def _passage(
    left: list[_Sentence], right: list[_Sentence], here: tuple[int, int], there: tuple[int, int]
) -> Passage:
    start, end = _extent(left, here)
    other_start, other_end = _extent(right, there)
    kind: Literal["added", "missing", "changed"] = "changed"
    if start == end:
        kind = "added"
    elif other_start == other_end:
        kind = "missing"
    return Passage(kind, start, end, other_start, other_end)


def _extent(sentences: list[_Sentence], span: tuple[int, int]) -> tuple[int, int]:
    first, last = span
    if first < last:
        return sentences[first].start, sentences[last - 1].end
    at = sentences[first].start if first < len(sentences) else 0
    if first == len(sentences) and sentences:
        at = sentences[-1].end
    return at, at


def _common(left: list[_Sentence], right: list[_Sentence]) -> int:
    """Characters that the sentences of a changed passage share, where they are alike."""
    one, other = "".join(s.words for s in left), "".join(s.words for s in right)
    matcher = SequenceMatcher(None, one, other, autojunk=len(one) > MOST_CHARACTERS)
    if matcher.quick_ratio() < ALIKE:
        return 0
    return sum(block.size for block in matcher.get_matching_blocks())
