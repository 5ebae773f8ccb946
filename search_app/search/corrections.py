"""Did you mean: words of the index that sound like what was typed, or nearly look like it.

    东西部写作 → 东西部协作   残疾入 → 残疾人   残人疾 → 残疾人

Only what the index itself holds often is offered, and only in place of something that it
holds hardly or not at all. Offering is all that this does: nothing is searched instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyzer
from indexer.analysis.normalise import normalise
from indexer.analysis.suggestions import KINDS, spell
from search_app.search.suggest import BOOSTS, Suggester

LONGEST = 12  # characters of a word that is corrected
LONGEST_QUERY = 60
RUNS = re.compile("[々〇㐀-䶿一-鿿豈-﫿]+|[a-z]+(?:'[a-z]+)*")
LEAST = 3  # documents that the offered word must be in, if no dictionary of ours has it
TIMES = 8  # how much more often than what was typed
SAME_SOUND, EXCHANGED, LIKE_SOUND, ONE_CHARACTER = 8.0, 4.0, 3.0, 1.0
# What many speakers do not tell apart: zh and z, ch and c, sh and s, ng and n.
_ALIKE = re.compile("(?<=[zcs])h|(?<=n)g")
_OURS = frozenset({KINDS.index("place"), KINDS.index("term")})
_EVERY = frozenset(range(len(KINDS)))
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: str
    score: float


class Corrector:
    """Finds what may have been meant among the words of one generation."""

    def __init__(self, suggester: Suggester, analyzer: Analyzer) -> None:
        self._suggester = suggester
        self._analyzer = analyzer
        self._terms = frozenset(analyzer.terms)

    def corrections(self, text: str, limit: int = 2) -> tuple[str, ...]:
        """Whole queries that may have been meant, the likeliest first; often none.

        Everything but the corrected words stays as typed, signs of the query language too.
        """
        if len(text) > LONGEST_QUERY:
            return ()
        folded = normalise(text)
        choices = [
            changes
            for match in RUNS.finditer(folded)
            if (changes := self._changes(match[0], match.start()))
        ]
        if not choices:
            return ()
        best = [changes[0] for changes in choices]
        queries = [_apply(text, best)]
        # Beside the best of all: each word's next best, one at a time.
        for number, changes in enumerate(choices):
            for other in changes[1:limit]:
                queries.append(_apply(text, [*best[:number], other, *best[number + 1 :]]))
        return tuple(dict.fromkeys(queries))[:limit]

    def _changes(self, run: str, offset: int) -> list[_Change]:
        """What may stand in place of a run, or of a part of it; the best first."""
        if run.isascii():
            found = self._of_letters(run.replace("'", ""))
            return _ranked(_Change(offset, offset + len(run), *each) for each in found.items())
        if self._count(run) >= LEAST or self._analyzer.is_word(run):
            return []
        if len(run) <= LONGEST:
            # Of good words only our terms are thought of: 法国总统 is not meant for 美国总统.
            good = all(map(self._known, self._analyzer.tokens(run).words))
            whole = self._of_han(run, by_looks=_OURS if good else _EVERY)
            if whole:
                return _ranked(_Change(offset, offset + len(run), *each) for each in whole.items())
        return _ranked(self._of_parts(run, offset))

    def _of_parts(self, run: str, offset: int) -> Iterator[_Change]:
        """The same for neighbouring words of a run. They keep their length, and by looks alone
        only what is no word of the index is touched."""
        words = self._analyzer.tokens(run).words
        known = [self._known(word) for word in words]
        starts = np.cumsum([0, *map(len, words)]).tolist()
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                start, end = starts[first], starts[last]
                size = end - start
                # Two characters are enough where neither belongs to a word.
                if not 2 <= size <= LONGEST or size == len(run):
                    continue
                if size < (4 if all(known[first:last]) else 2 if not any(known[first:last]) else 3):
                    continue
                by_looks = _NONE if any(known[first:last]) else _EVERY
                found = self._of_han(run[start:end], by_looks=by_looks)
                for other, score in found.items():
                    if len(other) == size and (size > 2 or other in self._terms):
                        yield _Change(offset + start, offset + end, other, score * size**2)

    def _known(self, word: str) -> bool:
        return len(word) > 1 and (self._count(word) > 0 or self._analyzer.is_word(word))

    def _of_letters(self, letters: str) -> dict[str, float]:
        """Words that are spelled so in pinyin."""
        if len(letters) < 4:
            return {}
        texts = self._words[0]
        return {texts[n]: self._weigh(n) for n in self._suggester.spelled(letters) if n in texts}

    def _of_han(self, run: str, *, by_looks: frozenset[int]) -> dict[str, float]:
        """Words that sound like the run, have two of its characters exchanged or, of the kinds
        `by_looks`, differ in one."""
        typed = self._count(run)
        found: dict[str, float] = {}
        spelling = spell(run)[0]
        texts, by_sound, _ = self._words
        kinds = [
            (self._suggester.spelled(spelling), SAME_SOUND),
            (self._exchanged(run), EXCHANGED),
        ]
        if len(run) == 2 and not typed:
            # One of three characters left out: 残人. Of two, any other character would fit.
            kinds.append((self._one_character(run, longer=True), ONE_CHARACTER))
        if len(run) > 2:
            kinds.append((by_sound.get(_ALIKE.sub("", spelling), []), LIKE_SOUND))
            if by_looks:
                kinds.append((self._one_character(run), ONE_CHARACTER))
        for numbers, factor in kinds:
            for number in numbers:
                other = texts.get(number)
                if other is None or other == run or other in found:
                    continue
                count = int(self._suggester.weights[number])
                kind = int(self._suggester.kinds[number])
                if factor == ONE_CHARACTER and kind not in by_looks:
                    continue
                if factor != ONE_CHARACTER and len(other) != len(run):
                    continue
                shared = sum(a == b for a, b in zip(run, other, strict=False))
                # Two words of two characters that only sound alike are mere chance.
                alike = shared or len(run) > 2 or factor == EXCHANGED
                if alike and count >= max(1 if kind in _OURS else LEAST, TIMES * typed):
                    found[other] = factor * self._weigh(number) * (1 + shared)
        return found

    def _exchanged(self, run: str) -> list[int]:
        """Entries that are the run with two neighbouring characters exchanged."""
        swapped = {run[:n] + run[n + 1] + run[n] + run[n + 2 :] for n in range(len(run) - 1)}
        return [number for text in swapped for number in self._suggester.named(text)]

    def _weigh(self, number: int) -> float:
        boost = BOOSTS[KINDS[int(self._suggester.kinds[number])]]
        return boost * float(np.log1p(self._suggester.weights[number]))

    def _count(self, word: str) -> int:
        """Documents that have the word, as far as suggestions know it."""
        numbers = self._suggester.named(word)
        return max((int(self._suggester.weights[n]) for n in numbers), default=0)

    # -- tables made when they are first needed ----------------------------------------------

    @cached_property
    def _words(
        self,
    ) -> tuple[
        dict[int, str], dict[str, list[int]], dict[int, tuple[NDArray[np.uint32], list[int]]]
    ]:
        """Words by entry, entries by their blurred spelling, and by length as rows of code points."""
        suggester = self._suggester
        texts: dict[int, str] = {}
        lengths: dict[int, list[int]] = {}
        for number in np.flatnonzero(suggester.kinds != KINDS.index("title")).tolist():
            text = suggester.texts[number]
            if len(text) <= LONGEST:
                texts[number] = text
                lengths.setdefault(len(text), []).append(number)
        by_sound: dict[str, list[int]] = {}
        for spelling, number in suggester.spellings():
            if number in texts:
                by_sound.setdefault(_ALIKE.sub("", spelling), []).append(number)
        rows = {
            length: (
                np.array([list(map(ord, texts[n])) for n in numbers], dtype=np.uint32),
                numbers,
            )
            for length, numbers in lengths.items()
        }
        return texts, by_sound, rows

    def _one_character(self, run: str, *, longer: bool = False) -> list[int]:
        """Entries that differ from the run by one character put, left out or written otherwise;
        `longer`: only those that have one more."""
        typed = np.array(list(map(ord, run)), dtype=np.uint32)
        size = len(typed)
        found: list[int] = []
        for length in (size + 1,) if longer else (size - 1, size, size + 1):
            rows, numbers = self._words[2].get(length, (None, []))
            if rows is None or length < 2:
                continue
            short = min(size, length)
            # How many characters agree from the left, and how many from the right.
            left = np.cumprod(rows[:, :short] == typed[:short], axis=1).sum(axis=1)
            right = np.cumprod(rows[:, ::-1][:, :short] == typed[::-1][:short], axis=1).sum(axis=1)
            close = left + right >= max(size, length) - 1
            found += [numbers[place] for place in np.flatnonzero(close).tolist()]
        return found


def _ranked(changes: Iterable[_Change]) -> list[_Change]:
    return sorted(changes, key=lambda change: (-change.score, change.text))[:3]


def _apply(text: str, changes: list[_Change]) -> str:
    for change in sorted(changes, key=lambda change: -change.start):
        text = text[: change.start] + change.text + text[change.end :]
    return text
