"""What a page itself says of the words that may have stood on it: its subject, places, time.

Contexts tell what kind of word stood there (a province, a vice-premier); the rest of the
page tells which one: a page that names 广州 and 湛江 is about 广东.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.document import Document
from indexer.facets.gazetteer import Gazetteer
from indexer.repair import offices
from indexer.repair.topics import Floats, Topics, page_words

_YEAR = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)(?=年|[-/.]\d)")


@dataclass(frozen=True, slots=True)
class Called:
    """An office named beside a gap: who held it `then`, when the page was written, and `ever`."""

    then: frozenset[str]
    ever: frozenset[str]


class Affinity:
    """The evidence of one page; made once per page."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = f"{document.title}\n{document.text}"
        self._subject: Floats | None = None

    def subject(self, topics: Topics) -> Floats:
        """Nats for each word of a table of topics from the other words of the page."""
        if self._subject is None:
            self._subject = topics.scores(page_words(self._document))
        return self._subject

    def in_year(self, topics: Topics) -> Floats:
        """Nats for each word of a table of topics from the year that the page was written in."""
        return topics.in_year(int(self.month[:4] or 0))

    @functools.cached_property
    def month(self) -> str:
        """When the page was written, as YYYY-MM, by the year that its text names most where
        it has no date; "" where neither is known."""
        date = self._document.date
        if date:
            return date[:7] if len(date) >= 7 else date[:4] + "-06"
        years = Counter(_YEAR.findall(self._document.text))
        return f"{years.most_common(1)[0][0]}-06" if years else ""

    def out_of_office(self, word: str) -> bool:
        """Whether a name was in no office of the list when the page was written."""
        career = offices.shipped().careers.get(word)
        return bool(career and self.month and not career[0] <= self.month <= career[1])

    def called(self, places: Iterable[tuple[str, str]]) -> list[Called]:
        """The different offices that stand beside some places (text before, text behind)."""
        known = offices.shipped()
        beside = dict.fromkeys(known.beside(left, right) for left, right in places)
        return [
            Called(
                frozenset(name for office in one for name in known.holders(office, self.month)),
                frozenset(name for office in one for name in known.holders(office, "")),
            )
            for one in beside
            if one
        ]

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

    @functools.cached_property
    def places(self) -> Counter[str]:
        """Short name of a province or city → how many names on the page lie in it."""
        found: Counter[str] = Counter()
        gazetteer = Gazetteer.shipped()
        seen = {
            self._text[start:end]: name
            for start, end, name in gazetteer.find(self._text)
            if len(name.codes) == 1 and (name.full or name.trust == "sure")
        }
        for name in seen.values():
            for code in gazetteer.codes(name.codes[0]):
                found[gazetteer[code].short] += 1
        return found
