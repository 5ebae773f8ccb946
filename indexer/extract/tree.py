"""Which element of a page holds its article?

Text is prose where it comes in sentences and not in links. Each run of prose
speaks for the elements around it, most for the nearest, as in arc90's Readability;
lengths are counted in characters and commas in any width, since Chinese has no
blanks to count words by. A known container, where the page has one, goes before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from indexer.extract.lines import load_rules

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
"""Elements whose text flows on in the line around them."""
MIN_RUN = 12
SHORT_RUN = 25
LONGEST_CLAUSE = 80
"""Characters that prose, in Chinese or English, goes without a comma or a full stop."""


@dataclass(frozen=True)
class ContainerRules:
    ids: frozenset[str]
    classes: frozenset[str]
    likely: re.Pattern[str]
    unlikely: re.Pattern[str]
    cut: re.Pattern[str]


@lru_cache(maxsize=1)
def container_rules() -> ContainerRules:
    """The rules of `data/containers.yaml`, compiled once per process."""
    rules = load_rules("containers.yaml")
    known: list[str] = rules["known"]
    return ContainerRules(
        ids=frozenset(name[1:] for name in known if name.startswith("#")),
        classes=frozenset(name[1:] for name in known if name.startswith(".")),
        likely=re.compile(rules["likely"], re.IGNORECASE),
        unlikely=re.compile(rules["unlikely"], re.IGNORECASE),
        cut=re.compile(rules["cut"], re.IGNORECASE),
    )


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
        """Take an element out of the tree and its figures out of those around it."""
        element = self.elements[index]
        length, linked, prose = self.length[index], self.linked[index], self.prose[index]
        up = self.parent[index]
        above = up
        while above >= 0:
            self.length[above] -= length
            self.linked[above] -= linked
            self.prose[above] -= prose
            above = self.parent[above]
        drop(element)


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


def drop(element: Element) -> None:
    """Remove an element, its tail kept in place."""
    above = element.getparent()
    if above is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            above.text = (above.text or "") + element.tail
    above.remove(element)


def find_container(outline: Outline, *, use_known: bool = True) -> int | None:
    """The number of the element that holds the article, or None where there is no prose."""
    scored = _best_scored(outline)
    if use_known:
        known = _best_known(outline)
        if known is not None and (
            scored is None or outline.prose[known] >= 0.3 * outline.prose[scored]
        ):
            return known
    return None if scored is None else _widened(outline, scored)


def is_known(outline: Outline, index: int) -> bool:
    """Whether a rule names the element as a container of articles."""
    rules = container_rules()
    element = outline.elements[index]
    names = element.get("class")
    return element.get("id") in rules.ids or (
        names is not None and not rules.classes.isdisjoint(names.split())
    )


def _best_known(outline: Outline) -> int | None:
    best, most = None, 0.0
    for index in range(len(outline.elements)):
        # Of one inside the other the inner is meant, where it holds as much.
        if (
            is_known(outline, index)
            and outline.length[index] > 0
            and outline.prose[index] >= most * 0.95
        ):
            best, most = index, outline.prose[index]
    return best


def _best_scored(outline: Outline) -> int | None:
    rules = container_rules()
    best, most = None, 0.0
    for index, credit in enumerate(outline.credit):
        if credit <= most / 2 or outline.elements[index].tag in ("html", "p", "li"):
            continue
        purity = outline.prose[index] / max(1, outline.length[index])
        score = credit * (1 - outline.link_density(index)) * (0.4 + 0.6 * purity)
        name = outline.name(index)
        if name != " ":
            if rules.likely.search(name):
                score *= 1.25
            if rules.unlikely.search(name):
                score *= 0.4
        if score > most:
            best, most = index, score
    return best


def _widened(outline: Outline, index: int) -> int:
    """The element around it, where the article goes on beside the best one."""
    rules = container_rules()
    while True:
        up = outline.parent[index]
        if up < 0 or outline.elements[up].tag in ("html", "body"):
            return index
        beside = outline.prose[up] - outline.prose[index]
        if beside < 0.12 * outline.prose[index] or outline.link_density(up) > 0.35:
            return index
        if rules.unlikely.search(outline.name(up)):
            return index
        foreign = sum(
            outline.prose[child]
            for child in _children(outline, up)
            if child != index
            and (rules.unlikely.search(outline.name(child)) or outline.link_density(child) > 0.3)
        )
        beside -= foreign
        if beside < 0.12 * outline.prose[index]:
            return index
        if beside < 0.3 * (outline.length[up] - outline.length[index]):
            return index  # mostly something else than prose
        index = up


def _children(outline: Outline, index: int) -> list[int]:
    return [outline.number[child] for child in outline.elements[index] if child in outline.number]
