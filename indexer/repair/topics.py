"""How well a word goes with the rest of a page: its places, its time, its subject.

Contexts tell what kind of word stood there (a province, a vice-premier); the rest of the
page tells which one: a page that names 广州 and 湛江 is about 广东.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files

from indexer.document import Document
from indexer.facets.gazetteer import Gazetteer

FOLLOWED_BONUS = 3.0
PLACE_BONUS = 3.3
TOPIC_BONUS = 2.2
OUT_OF_OFFICE = -12.0
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)(?=年|[-/.]\d)")


def _rows(name: str) -> list[list[str]]:
    text = files("indexer.repair").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line.strip() and line[0] != "#"]


@functools.cache
def _topics() -> dict[str, tuple[str, ...]]:
    return {word: tuple(related.split()) for word, related in _rows("topics.tsv")}


@functools.cache
def _leaders() -> dict[str, tuple[str, str]]:
    return {
        row[0]: (row[1], row[2] if len(row) > 2 and row[2] else "9999")
        for row in _rows("leaders.tsv")
    }


class Affinity:
    """Bonuses in nats for words on one page; made once per page."""

    def __init__(self, document: Document) -> None:
        self._text = f"{document.title}\n{document.text}"
        self._month = _month(document)
        self._places: Counter[str] | None = None

    def __call__(self, word: str) -> float:
        """The bonus of a word; negative for a name that was not in office then."""
        bonus = 0.0
        related = _topics().get(word)
        if related:
            hits = sum(1 for one in related if one in self._text)
            bonus += TOPIC_BONUS * math.log1p(hits)
        bonus += PLACE_BONUS * math.log1p(self._place_names()[word])
        term = _leaders().get(word)
        if term and self._month and not term[0] <= self._month <= term[1]:
            bonus += OUT_OF_OFFICE
        return bonus

    def leads_to(self, followers: Iterable[str]) -> Counter[str]:
        """Province → how many of these runs of text begin with a place in it: what stands
        directly before 昆明 is 云南, if it is a place at all."""
        provinces: Counter[str] = Counter()
        gazetteer = Gazetteer.shipped()
        for text in followers:
            for length in (5, 4, 3, 2):
                name = gazetteer.names.get(text[:length])
                if name and name.codes and (name.full or name.trust == "sure"):
                    within = {gazetteer.province(code) for code in name.codes}
                    if len(within) == 1:
                        provinces.update(within)
                    break
        return provinces

    def _place_names(self) -> Counter[str]:
        """Short name of a province or city → how many names on the page lie in it."""
        if self._places is None:
            self._places = Counter()
            gazetteer = Gazetteer.shipped()
            seen = {
                self._text[start:end]: name
                for start, end, name in gazetteer.find(self._text)
                if len(name.codes) == 1 and (name.full or name.trust == "sure")
            }
            for name in seen.values():
                for code in gazetteer.codes(name.codes[0]):
                    self._places[gazetteer[code].short] += 1
        return self._places


def _month(document: Document) -> str:
    """When the page was written, as YYYY-MM, or the year that its text names most; "" where
    neither is known."""
    if document.date and len(document.date) >= 7:
        return document.date[:7]
    years = Counter(_YEAR.findall(document.text))
    if document.date:
        return document.date[:4] + "-06"
    return f"{years.most_common(1)[0][0]}-06" if years else ""
