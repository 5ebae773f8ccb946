"""Figures about the elements of a page: how much text, link and prose each holds.

Text is prose where it comes in sentences and not in links. Each run of prose
speaks for the elements around it, most for the nearest, as in arc90's Readability;
lengths are counted in characters and commas of any width, since Chinese has no
blanks to count words by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# fmt: off
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em",
    "font", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on
"""Elements whose text flows on in the line around them."""

MIN_RUN = 12
SHORT_RUN = 25
LONGEST_CLAUSE = 80
"""Characters that prose, in Chinese or English, goes without a comma or a full stop."""


class Outline:
    """Figures about every element of a page, by its number in document order."""

    def __init__(self, root: Element) -> None:
        self.elements: list[Element] = list(root.iter(etree.Element))
        count = len(self.elements)
        self.number = {element: index for index, element in enumerate(self.elements)}
        self.parent = [-1] * count
        self.length = [0] * count
        """Characters of text in the subtree."""
        self.linked = [0] * count
        """Those of them inside links."""
        self.prose = [0.0] * count
        """Characters in runs of prose in the subtree."""
        self.credit = [0.0] * count
        self.height = 0
        """Levels of nesting."""
        self._measure()

    def _measure(self) -> None:
        elements, number = self.elements, self.number
        parent, length, linked, prose = self.parent, self.length, self.linked, self.prose
        count = len(elements)
        heights = [1] * count
        run = [0] * count
        run_linked = [0] * count
        commas = [0] * count
        breaks = [0] * count
        for index in range(count - 1, -1, -1):
            element = elements[index]
            above = element.getparent()
            up = number[above] if above is not None and index else -1
            parent[index] = up
            tag = element.tag
            text = element.text
            if text:
                size = _size(text)
                if size:
                    run[index] += size
                    length[index] += size
                    if size > 5:
                        commas[index] += _commas(text)
            if up < 0:
                self.height = heights[index]
                continue
            if heights[up] <= heights[index]:
                heights[up] = heights[index] + 1
            tail = element.tail
            if tail:
                size = _size(tail)
                if size:
                    run[up] += size
                    length[up] += size
                    if size > 5:
                        commas[up] += _commas(tail)
            if tag == "a":
                linked[index] = run_linked[index] = length[index]
            if tag in INLINE:
                run[up] += run[index]
                run_linked[up] += run_linked[index]
                commas[up] += commas[index]
                breaks[up] += breaks[index] + (tag == "br")
            else:
                value = _prose(run[index], run_linked[index], commas[index])
                if value:
                    prose[index] += value
                    self._speak(index, value, breaks[index])
            length[up] += length[index]
            linked[up] += linked[index]
            prose[up] += prose[index]

    def _speak(self, index: int, value: float, breaks: int) -> None:
        """Give the credit of a run to the elements around it."""
        shares = (0.8, 0.8, 0.4, 0.2) if breaks > 1 or value > 300 else (0.3, 1.0, 0.5, 0.25)
        element: Element | None = self.elements[index]
        for share in shares:
            if element is None:
                return
            self.credit[self.number[element]] += value * share
            element = element.getparent()
            if element is not None and element not in self.number:
                return

    def end(self, index: int) -> int:
        """One past the number of the last element of the subtree."""
        last = index + 1
        count = len(self.elements)
        while last < count and self.parent[last] >= index:
            last += 1
        return last

    def link_density(self, index: int) -> float:
        return self.linked[index] / self.length[index] if self.length[index] else 0.0

    def name(self, index: int) -> str:
        element = self.elements[index]
        return f"{element.get('class') or ''} {element.get('id') or ''}"

    def remove(self, index: int) -> None:
        """Empty an element, and take its figures out of those around it."""
        element = self.elements[index]
        length, linked, prose = self.length[index], self.linked[index], self.prose[index]
        up = self.parent[index]
        above = up
        while above >= 0:
            self.length[above] -= length
            self.linked[above] -= linked
            self.prose[above] -= prose
            above = self.parent[above]
        element.clear(keep_tail=True)  # type: ignore[call-arg]  # lxml-stubs lag behind


def text_of(element: Element) -> str:
    """All text of a subtree, as it stands."""
    return "".join(map(str, element.itertext()))


# A dot counts before a blank: addresses are full of dots.
_COMMA = re.compile(r"[，。、；！？,;]|\.(?=\s)")


def _size(text: str) -> int:
    """Characters that are seen: markup is indented with any number of blanks."""
    return len(text) - text.count(" ") - text.count("\n") - text.count("\t") - text.count("\r")


def _commas(text: str) -> int:
    return len(_COMMA.findall(text))


def _prose(run: int, linked: int, commas: int) -> float:
    free = run - linked
    if run < MIN_RUN or (run < SHORT_RUN and not commas) or free * 2 < run:
        return 0.0
    # Words that go on without a sign are menus and lists of search words.
    return min(free, (commas + 1) * LONGEST_CLAUSE) * (1.0 if commas else 0.4)
