"""The lines that stand around an article: where pages show date, source and editors.

A line is what a browser would show as one: text of inline elements joined, broken
at block-level ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.extract.body import tidy
from indexer.extract.outline import INLINE, Outline

MAX_LINE = 200
_BEFORE = 80
_REGION = 400
_INSIDE = 40
_AFTER = 60


@dataclass(slots=True)
class Around:
    """Short lines by where they stand: between headline and article (the dateline's
    place), in the article's first elements, in its last ones, behind it, and before
    the headline."""

    dateline: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)


def lines_around(outline: Outline, container: int, title_at: int | None) -> Around:
    """Read the lines around the element numbered `container`; the headline's is `title_at`."""
    end = outline.end(container)
    around = Around()
    if title_at is not None and container < title_at < end:
        # The container holds the headline too: its dateline follows inside.
        around.dateline = list(visual_lines(outline, title_at + 1, min(end, title_at + _INSIDE)))
        around.before = list(visual_lines(outline, max(0, title_at - _BEFORE), title_at))
    else:
        start = container - _BEFORE
        if title_at is not None and container - _REGION <= title_at < container:
            start = outline.end(title_at)
            around.before = list(visual_lines(outline, max(0, title_at - _BEFORE), title_at))
        around.dateline = list(visual_lines(outline, max(0, start), container))
        around.opening = list(visual_lines(outline, container, min(end, container + _INSIDE)))
    around.ending = list(visual_lines(outline, max(container, end - _INSIDE // 2), end))
    around.after = list(visual_lines(outline, end, end + _AFTER))
    return around


def visual_lines(outline: Outline, start: int, stop: int) -> Iterator[str]:
    """Short lines of the elements numbered `start` (inclusive) to `stop` (exclusive)."""
    elements, parent = outline.elements, outline.parent
    stop = min(stop, len(elements))
    pending: list[str] = []
    for index in range(start, stop):
        element = elements[index]
        inline = element.tag in INLINE and element.tag != "br"
        if not inline:
            yield from _line(pending)
        if element.text:
            pending.append(element.text)
        # Elements that end before the next one begins give their tails now.
        above = parent[index + 1] if index + 1 < len(elements) else -1
        closing = index
        while closing != above and closing >= 0:
            closed = elements[closing]
            if closed.tag not in INLINE or closed.tag == "br":
                yield from _line(pending)
            if closed.tail and closing >= start:
                pending.append(closed.tail)
            closing = parent[closing]
    yield from _line(pending)


def _line(pending: list[str]) -> Iterator[str]:
    if pending:
        # Neighbouring elements are set apart by the page's style, not by blanks.
        text = tidy(" ".join(pending))
        pending.clear()
        if 1 < len(text) <= MAX_LINE:
            yield text
