"""The passages of a text that show a query's words best, and the marks in them.

Works on finished places alone: (start, end, word) for every occurrence, in characters of
the text as it was written. Nothing is segmented here and nothing is folded, so a mark
always lies on what stands in the document. The only tag in the output is `<mark>`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from search_app.search.windows import best_windows

SENTENCE_ENDS = "。！？；!?\n"
_CLOSING = "”’」』）)】》"
_ENDS_AND_CLOSING = SENTENCE_ENDS + _CLOSING
_SENTENCE_END = re.compile(f"[{SENTENCE_ENDS}]")
_ENDS_THEN_CLOSING = re.compile(f"[{SENTENCE_ENDS}]+[{_CLOSING}]*")
_NEEDS_ESCAPE = re.compile("[&<>\"']")

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = Callable[[int, int], Iterable[Span]]
"""Gives the places between two characters of a text, sorted; some more do no harm."""


class Body(NamedTuple):
    """A text with what cutting passages asks of it again and again."""

    text: str
    ends: Sequence[int]
    """Where the signs stand that end a sentence."""
    plain: bool
    """Whether nothing in it needs to be escaped."""

    @classmethod
    def of(cls, text: str) -> Body:
        ends = [match.start() for match in _SENTENCE_END.finditer(text)]
        return cls(text, ends, not _NEEDS_ESCAPE.search(text))


Place: TypeAlias = tuple[int, int, int]
"""One occurrence of a word of the query: start, end, and the number of the word (from 0; a
synonym has the number of the word that it stands for)."""


def merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans, those that overlap joined."""
    result: list[tuple[int, int]] = []
    reach = -1
    for start, end in sorted(places):
        if start >= reach:
            result.append((start, end))
            reach = end
        elif end > reach:
            result[-1] = (result[-1][0], end)
            reach = end
    return result


def highlight(text: str, places: Sequence[tuple[int, int]]) -> str:
    """The whole text as HTML with the given spans marked.

    >>> highlight("残疾人<就业>", [(0, 3)])
    '<mark>残疾人</mark>&lt;就业&gt;'
    """
    if not places:
        return escape(text)
    return _marked(text, 0, len(text), sorted(places), not _NEEDS_ESCAPE.search(text))


def snippets(text: str, places: Sequence[Place], count: int = 2, length: int = 120) -> list[str]:
    """At most `count` passages of about `length` characters as HTML, in the order of the text.

    The first passage is the one with most of the query's words, the next ones add words not
    shown yet; without any place it is the beginning of the text.
    """
    if count < 1:
        return []
    places = sorted(places)
    starts, ends, words = np.array(places, dtype=np.int64).reshape(-1, 3).T
    rows = np.zeros(len(starts), dtype=np.int64)
    (windows,) = best_windows(rows, starts, ends, words, 1, length, count)
    spans = [place[:2] for place in places]
    return shown(Body.of(text), windows, lambda low, high: spans, length)


def shown(body: Body, windows: Sequence[Span], spans: Spans, length: int = 120) -> list[str]:
    """Chosen stretches of a text as passages, marked; the beginning where none is chosen."""
    size = len(body.text)
    if not size:
        return []
    if not windows:
        start, end = _widened(body, 0, 0, length, 0, size)
        lead = _html(body, start, end, ())
        return [lead] if lead else []
    return [
        _html(body, start, end, spans(start, end)) for start, end in passages(body, windows, length)
    ]


def passages(body: Body, windows: Sequence[Span], length: int) -> list[Span]:
    """Stretches (best first) widened to sentences: in the order of the text, apart from each
    other."""
    if len(windows) == 1:
        start, end = windows[0]
        return [_widened(body, start, end, length, 0, len(body.text))]
    chosen: list[Span] = []
    for start, end in windows:
        low = max([stop for _, stop in chosen if stop <= start], default=0)
        high = min([first for first, _ in chosen if first >= end], default=len(body.text))
        if not any(start < stop and end > first for first, stop in chosen):
            chosen.append(_widened(body, start, end, length, low, high))
    chosen.sort()
    return chosen


def _widened(body: Body, start: int, end: int, length: int, low: int, high: int) -> Span:
    """[start, end) widened to whole sentences inside [low, high) as far as `length` allows."""
    # Called for each passage of each page: comparisons in place of min and max.
    room = length - (end - start)
    least = length // 4
    reach = start - (room if room > least else least)
    reach = max(reach, low)
    begin = _behind(body, reach, start)
    if begin < 0:
        begin = reach if reach == low else max(reach, start - max(room // 3, 8))
    elif end - begin < least:
        # The sentence is short: the one before it helps, where that ends in time.
        before = _behind(body, reach, begin - 1)
        if before >= 0 and end - before <= length // 2:
            begin = before
    limit = end + room if room > 0 else end
    if begin + length < limit:
        limit = begin + length if begin + length > end else end
    if limit >= high:
        return begin, high
    stop = _behind(body, end, limit)
    if stop < 0:
        # No sentence ends in time: finish the one that is open if that is not far.
        stop, last = limit, min(high, limit + length // 3)
        at = bisect_left(body.ends, limit)
        if at < len(body.ends) and body.ends[at] < last:
            found = _ENDS_THEN_CLOSING.match(body.text, body.ends[at], last)
            stop = found.end() if found else limit
    return begin, (stop if stop < high else high)


def _behind(body: Body, low: int, high: int) -> int:
    """The place behind the last sentence end in [low, high), its closing marks taken along as
    far as `high`; -1 where no sentence ends there."""
    text, ends, _ = body
    number = bisect_left(ends, high) - 1
    if number < 0 or ends[number] < low:
        return -1
    at = ends[number] + 1
    while at < high and text[at] in _CLOSING:
        at += 1
    return at


def _html(body: Body, start: int, end: int, spans: Iterable[Span]) -> str:
    text = body.text
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    if start == end:
        return ""
    html = _marked(text, start, end, spans, body.plain).replace("\n", " ")
    if start and text[start - 1] not in _ENDS_AND_CLOSING:
        html = "…" + html
    if end < len(text) and text[end - 1] not in _ENDS_AND_CLOSING and text[end] != "\n":
        html += "…"
    return html


def _marked(text: str, start: int, end: int, spans: Iterable[Span], plain: bool) -> str:
    """[start, end) of a text as HTML, marked where sorted spans lie; those that overlap as one."""
    # Where marks begin and end, in turn.
    cuts = [start]
    for first, last in spans:
        begin, stop = (first if first > start else start), (last if last < end else end)
        if begin >= stop:
            continue
        if begin >= cuts[-1]:
            cuts += (begin, stop)
        elif stop > cuts[-1]:
            cuts[-1] = stop
    cuts.append(end)
    parts = [text[a:b] for a, b in pairwise(cuts)]
    if not plain:
        parts = [escape(part) for part in parts]
    html = parts[0]
    for at in range(1, len(parts), 2):
        html += f"<mark>{parts[at]}</mark>{parts[at + 1]}"
    return html
