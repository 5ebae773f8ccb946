"""Suggestions while someone types: by what is written, by pinyin and by its first letters.

They come from a file that the index was built with (`indexer.analysis.suggestions`). Its
arrays are searched as they lie there: opening takes a few milliseconds, an answer less.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import normalise
from indexer.analysis.suggestions import FILE, KINDS, spell

# How much more a word of this kind is worth than any word as frequent.
BOOSTS = {"title": 0.5, "word": 1.0, "phrase": 4.0, "place": 20.0, "term": 60.0}
# A spelling that is typed to its end, and one typed out rather than by first letters.
COMPLETE = 6.0
SPELLED = 3.0
MOST_TYPED = 64
LONGEST_TAIL = 8

# What stands before the word that is being typed and stays: words, signs of the query language.
_LEAD = re.compile(r'^.*[\s"()|:,;-]', re.DOTALL)
_LETTERS_AT_END = re.compile(r"^(.*[^\x00-\x7f])([a-z']+)$", re.DOTALL)

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole query that may be meant; `kind` is one of `KINDS`."""

    text: str
    kind: str


class Strings:
    """Texts in one run of UTF-8 bytes, read one at a time."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], name: str) -> None:
        self._data = arrays[name].tobytes()
        self._bounds = arrays[f"{name}_bounds"].tolist()

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, number: int) -> str:
        start, end = self._bounds[number], self._bounds[number + 1]
        return self._data[start:end].decode("utf-8", "surrogatepass")


class Suggester:
    """The suggestions of one generation; read only, safe to share between threads."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.texts = Strings(arrays, "text")
        self.kinds = arrays["kinds"]
        self.weights = arrays["weights"]
        boosts = np.array([BOOSTS[kind] for kind in KINDS], dtype=np.float32)
        self._scores = boosts[self.kinds] * self.weights
        self._keys = {name: Strings(arrays, name) for name in ("full", "short")}
        self._owners = {name: arrays[f"{name}_entries"] for name in ("full", "short")}

    def complete(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Whole queries that begin as `text` does, the likeliest first, or with a word after it.

        Only the last word is completed; what stands before it stays as typed.
        """
        text = text[-MOST_TYPED:] if len(text) > MOST_TYPED else text
        folded = normalise(text)
        match = _LEAD.match(folded)
        place = match.end() if match else 0
        lead, tail = text[:place], folded[place:]
        if not tail:
            return []
        numbers, scores = self._matches(tail)
        if not len(numbers):
            kept, numbers, scores = self._inner(tail)
            lead = text[: place + kept]
        return self._best(numbers, scores, lead, tail, limit)

    def _matches(self, tail: str) -> tuple[Index, NDArray[np.float32]]:
        """Entries that the tail begins, with their scores."""
        if not tail.isascii():
            numbers = self._written(tail)
            return numbers, self._scores[numbers]
        letters = re.sub("[^a-z0-9]", "", tail)
        if not letters:
            return _NONE, _NO_SCORES
        found: dict[int, float] = {}
        for name, factor in (("short", 1.0), ("full", SPELLED)):
            keys, owners = self._keys[name], self._owners[name]
            start, end = self._range(keys, letters)
            exact = self._end(keys, start, end, letters)
            numbers = owners[start:end].astype(np.int64)
            scores = self._scores[numbers] * factor
            scores[: exact - start] *= COMPLETE
            for best in _top(scores, 64).tolist():
                number = int(numbers[best])
                found[number] = max(found.get(number, 0.0), float(scores[best]))
        for number in self._written(tail).tolist():
            found.setdefault(number, float(self._scores[number]))
        return (
            np.fromiter(found, np.int64, len(found)),
            np.fromiter(found.values(), np.float32, len(found)),
        )

    def _inner(self, tail: str) -> tuple[int, Index, NDArray[np.float32]]:
        """The longest end of the tail that begins entries, and how much stands before it."""
        if mixed := _LETTERS_AT_END.match(tail):
            written, letters = mixed[1], mixed[2].replace("'", "")
            numbers = self._written(written)[:2000]
            fitting = [n for n in numbers.tolist() if self._goes_on(n, len(written), letters)]
            if fitting:
                chosen = np.array(fitting, dtype=np.int64)
                return 0, chosen, self._scores[chosen]
            return len(written), *self._matches(letters)
        for kept in range(max(1, len(tail) - LONGEST_TAIL), len(tail)):
            numbers = self._written(tail[kept:])
            numbers = numbers[self.kinds[numbers] != KINDS.index("title")]
            if len(numbers):
                return kept, numbers, self._scores[numbers]
        return 0, _NONE, _NO_SCORES

    def _goes_on(self, number: int, typed: int, letters: str) -> bool:
        """Whether an entry's spelling after `typed` characters begins with `letters`."""
        full, short = spell(normalise(self.texts[number])[typed:], len(letters) + 1)
        return full.startswith(letters) or short.startswith(letters)

    def _best(
        self, numbers: Index, scores: NDArray[np.float32], lead: str, tail: str, limit: int
    ) -> list[Suggestion]:
        """The best words first, then a few titles (titles only where nothing stands before)."""
        words: list[Suggestion] = []
        titles: list[Suggestion] = []
        for place in _top(scores, limit + 40).tolist():
            number = int(numbers[place])
            text, kind = self.texts[number], KINDS[int(self.kinds[number])]
            if not lead and normalise(text) == tail:
                continue
            if kind != "title":
                words.append(Suggestion(lead + text, kind))
            elif not lead.strip():
                titles.append(Suggestion(text, kind))
        some = min(len(titles), max(limit // 4, limit - len(words)))
        return words[: limit - some] + titles[:some]

    # -- the sorted tables -----------------------------------------------------------------

    def _written(self, prefix: str) -> Index:
        """Entries whose folded text begins so."""
        every = range(len(self.texts))
        start = bisect_left(every, prefix, key=self._folded)
        end = bisect_left(every, prefix + "\U0010ffff", key=self._folded)
        return np.arange(start, end, dtype=np.int64)

    def _folded(self, number: int) -> str:
        return normalise(self.texts[number])

    @staticmethod
    def _range(keys: Strings, prefix: str) -> tuple[int, int]:
        every = range(len(keys))
        start = bisect_left(every, prefix, key=keys.__getitem__)
        return start, bisect_left(every, prefix + "\U0010ffff", key=keys.__getitem__)

    @staticmethod
    def _end(keys: Strings, start: int, end: int, key: str) -> int:
        """Where keys equal to `key` end."""
        return bisect_left(range(len(keys)), key + "\0", start, end, key=keys.__getitem__)

    def spelled(self, spelling: str) -> list[int]:
        """Entries whose whole spelling in pinyin is this."""
        keys = self._keys["full"]
        start, end = self._range(keys, spelling)
        return [int(n) for n in self._owners["full"][start : self._end(keys, start, end, spelling)]]

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Every entry with its spelling."""
        keys = self._keys["full"]
        return zip((keys[n] for n in range(len(keys))), self._owners["full"].tolist(), strict=True)

    def named(self, text: str) -> list[int]:
        """Entries whose folded text is this."""
        every = range(len(self.texts))
        start = bisect_left(every, text, key=self._folded)
        end = bisect_left(every, text + "\0", start, key=self._folded)
        return list(range(start, end))


def _top(scores: NDArray[np.float32], count: int) -> Index:
    """The places of the highest scores, highest first, ties in order."""
    if len(scores) > count:
        places = np.sort(np.argpartition(-scores, count)[:count])
    else:
        places = np.arange(len(scores))
    order: Index = places[np.argsort(-scores[places], kind="stable")]
    return order


_NONE: Index = np.zeros(0, dtype=np.int64)
_NO_SCORES = np.zeros(0, dtype=np.float32)


def open_suggester(folder: Path) -> Suggester | None:
    """The suggestions of a generation's folder; None where it has none that can be read."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as arrays:
            return Suggester(dict(arrays))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None
