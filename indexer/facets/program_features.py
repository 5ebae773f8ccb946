"""What a text says about programs: the features and cues of `program_rules`, by sentence.

A feature counts in full where the sentence itself speaks of assistance (or of disabled
people), in part where only its item or document does, and not at all elsewhere. Of cues only
the presence counts.
"""

from __future__ import annotations

import bisect
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.facets.program_rules import ABOUT, FOREIGN, KINDS, Array, Feature, Rules
from indexer.facets.text import Reading

IN_SENTENCE, IN_ITEM, IN_DOCUMENT = 1.0, 0.85, 0.55
ABROAD = 0.3
OTHER_SENTENCE, STRAY_SENTENCE = 0.9, 0.3
STRAY = 0.5
"""Words that count for less than this do not add up from sentence to sentence."""
DENSE = 0.3
"""Share of sentences that speak of assistance from which an item is about it."""
NEAR, CLOSE = (24, 40), (10, 14)
"""Characters before and behind a word in which `with` and `without` look."""
LISTED = 0.6
"""How much a word counts that is one of several in a bare list (产业、就业、教育、医疗)."""
CUES = 5.0
"""Length of the vector of a document's cues."""


@dataclass
class Sentence:
    """What was found in one sentence: features with their values, and the contexts it has."""

    reading: Reading
    start: int
    end: int
    item: int
    hits: dict[int, float] = field(default_factory=dict)
    contexts: set[str] = field(default_factory=set)
    cues: set[int] = field(default_factory=set)


def observe(rules: Rules, readings: Sequence[Reading]) -> list[Sentence]:
    """All sentences with what they hold, before contexts are weighed."""
    found = []
    for reading in readings:
        items = _items(reading)
        for start, end in reading.sentences:
            sentence = Sentence(reading, start, end, items(start))
            _scan(rules, sentence)
            found.append(sentence)
    return found


def _scan(rules: Rules, sentence: Sentence) -> None:
    text = sentence.reading.text[sentence.start : sentence.end]
    commas = text.count("、")
    lengths, words = rules.lengths, rules.words
    for position in range(len(text) - 1):
        for length in lengths.get(text[position : position + 2], ()):
            word = text[position : position + length]
            entry = words.get(word)
            if entry is None:
                continue
            sentence.contexts.update(entry.contexts)
            if entry.cue >= 0:
                sentence.cues.add(entry.cue)
            for number in entry.features:
                feature = rules.features[number]
                end = position + length
                if not _beside(feature, text, position, end):
                    continue
                listed = commas >= 3 and (
                    text[position - 1 : position] == "、" or text[end : end + 1] == "、"
                )
                value = LISTED if listed else 1.0
                sentence.hits[number] = max(sentence.hits.get(number, 0.0), value)


def _beside(feature: Feature, text: str, start: int, end: int) -> bool:
    """Whether the words around a hit are what the feature asks for."""
    if feature.needs is not None:
        before, after = NEAR
        if not feature.needs.search(text[max(0, start - before) : end + after]):
            return False
    if feature.without is not None:
        before, after = CLOSE
        if feature.without.search(text[max(0, start - before) : end + after]):
            return False
    return True


_HEADING = re.compile(r"[。！？；，]")


def _items(reading: Reading) -> Callable[[int], int]:
    """A function from a position to the number of its news item.

    Roundups (国内联播快讯) put several items below one another, each with a heading: a short
    line without punctuation. Other texts are one item.
    """
    starts = [0]
    position = 0
    lines = reading.text.split("\n")
    headings = [
        bool(line.strip()) and len(line.strip()) <= 34 and not _HEADING.search(line)
        for line in lines
    ]
    if sum(headings) >= 3:
        for line, heading in zip(lines, headings, strict=True):
            if heading:
                starts.append(position)
            position += len(line) + 1
    return lambda where: bisect.bisect_right(starts, where)


def factors(
    rules: Rules, sentences: Sequence[Sentence]
) -> Iterator[tuple[Sentence, dict[str, float]]]:
    """Each sentence with how much its words count in each context."""
    sizes: Counter[int] = Counter(sentence.item for sentence in sentences)
    spoken: Counter[tuple[int, str]] = Counter(
        (sentence.item, kind) for sentence in sentences for kind in sentence.contexts
    )
    for sentence in sentences:
        if not sentence.hits:
            yield sentence, {}
            continue
        share = {kind: spoken[sentence.item, kind] / sizes[sentence.item] for kind in KINDS}
        strength = {kind: _factor(kind in sentence.contexts, share[kind]) for kind in KINDS}
        if FOREIGN in sentence.contexts:
            strength["aid"] *= ABROAD
        own = bool(sentence.contexts & {"aid", "disability"})
        about = max(share["aid"], share["disability"]) >= DENSE
        counts: dict[str, float] = {}
        for program, scales in rules.context_of.items():
            counts[program] = max(strength[kind] * scale for kind, scale in scales.items())
            if program in rules.own_sentence and not own:
                counts[program] *= OTHER_SENTENCE if about else STRAY_SENTENCE
        yield sentence, counts


def _factor(spoken: bool, share: float) -> float:
    """How much a word counts by whether its sentence has the context, and how much of its item."""
    if spoken:
        return IN_SENTENCE
    if share >= DENSE:
        return IN_ITEM
    return IN_DOCUMENT if share else 0.0


@dataclass(frozen=True)
class Found:
    """What a document holds: its sentences, and the values of features and cues.

    `weighed` gives per sentence the numbers of its features (as in `Rules.features`) with what
    they count there.
    """

    sentences: tuple[Sentence, ...]
    weighed: tuple[Mapping[int, float], ...]
    values: Array
    """One per name in `Rules.names`."""
    cues: NDArray[np.intp]
    """Numbers of the cues, ascending."""
    strengths: Array
    """Their values: rarity, so scaled that all squares together are `CUES` squared."""


def observe_all(rules: Rules, readings: Sequence[Reading]) -> Found:
    """Features and cues of a document."""
    sentences = tuple(observe(rules, readings))
    totals: dict[int, float] = {}
    weighed: list[dict[int, float]] = []
    for sentence, factor in factors(rules, sentences):
        own: dict[int, float] = {}
        for number, value in sentence.hits.items():
            counted = value * factor[rules.features[number].program]
            if counted <= 0:
                continue
            own[number] = counted
            total = totals.get(number, 0.0)
            totals[number] = max(total, counted) if counted < STRAY else total + counted
        weighed.append(own)
    values = np.zeros(len(rules.names))
    for place, kind in enumerate(ABOUT.values()):
        values[place] = sum(kind in s.contexts for s in sentences) / max(1, len(sentences))
    for number, total in totals.items():
        values[len(ABOUT) + number] = saturate(total)
    cues = np.array(sorted(set().union(*(s.cues for s in sentences))), dtype=np.intp)
    rarity = rules.rarity[cues]
    length = math.sqrt(float(rarity @ rarity))
    return Found(
        sentences, tuple(weighed), values, cues, rarity * (CUES / length) if length else rarity
    )


def saturate(total: float) -> float:
    """Repetition adds ever less: 1 → 1, 2 → 1.35, 4 → 1.7."""
    return total if total <= 1.0 else 1.0 + 0.35 * math.log2(total)
