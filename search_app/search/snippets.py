"""The passages of a text that show a query's words best, and the marks in them.

Works on finished places alone: (start, end, word) for every occurrence, in characters of
the text as it was written. Nothing is segmented here and nothing is folded, so a mark
always lies on what stands in the document. The only tag in the output is `<mark>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import pairwise, repeat
from typing import NamedTuple, TypeAlias

import numpy as np

from search_app.search.windows import best_windows

SENTENCE_ENDS = "。！？；!?\n"
_CLOSING = "”’」』）)】》"
_ENDS_AND_CLOSING = SENTENCE_ENDS + _CLOSING
_SENTENCE_END = re.compile(f"[{SENTENCE_ENDS}]+[{_CLOSING}]*")
_NEEDS_ESCAPE = re.compile("[&<>\"']")

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = Callable[[int, int], Iterable[Span]]
"""Gives the places between two characters of a text, sorted; some more do no harm."""

Place: TypeAlias = tuple[int, int, int]
"""One occurrence of a word of the query: start, end, and the number of the word (from 0; a
synonym has the number of the word that it stands for)."""


class Passage(NamedTuple):
    start: int
    end: int


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
    return _marked(text, 0, len(text), sorted(places))


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
    return shown(text, windows, lambda low, high: spans, length)


def shown(text: str, windows: Sequence[Span], spans: Spans, length: int = 120) -> list[str]:
    """Chosen stretches of a text as passages, marked; the beginning where none is chosen."""
    if not text:
        return []
    if not windows:
        lead = _html(text, *_widened(text, 0, 0, length, 0, len(text)), ())
        return [lead] if lead else []
    return [
        _html(text, start, end, spans(start, end)) for start, end in passages(text, windows, length)
    ]


def passages(text: str, windows: Sequence[tuple[int, int]], length: int) -> list[Passage]:
    """Stretches (best first) widened to sentences: in the order of the text, apart from each
    other."""
    if len(windows) == 1:
        return [_widened(text, *windows[0], length, 0, len(text))]
    chosen: list[Passage] = []
    for start, end in windows:
        low = max([p.end for p in chosen if p.end <= start], default=0)
        high = min([p.start for p in chosen if p.start >= end], default=len(text))
        if not any(start < p.end and end > p.start for p in chosen):
            chosen.append(_widened(text, start, end, length, low, high))
    chosen.sort()
    return chosen


def _widened(text: str, start: int, end: int, length: int, low: int, high: int) -> Passage:
    """[start, end) widened to whole sentences inside [low, high) as far as `length` allows."""
    room = length - (end - start)
    reach = max(low, start - max(room, length // 4))
    begin = _behind(text, reach, start)
    if begin < 0:
        begin = reach if reach == low else max(reach, start - max(room // 3, 8))
    elif end - begin < length // 4:
        # The sentence is short: the one before it helps, where that ends in time.
        before = _behind(text, reach, begin - 1)
        if before >= 0 and end - before <= length // 2:
            begin = before
    limit = max(min(end + max(room, 0), begin + length), end)
    if limit >= high:
        return Passage(begin, high)
    stop = _behind(text, end, limit)
    if stop < 0:
        # No sentence ends in time: finish the one that is open if that is not far.
        found = _SENTENCE_END.search(text, limit, min(high, limit + length // 3))
        stop = found.end() if found else limit
    return Passage(begin, min(stop, high))


def _behind(text: str, low: int, high: int) -> int:
    """The place behind the last sentence end in [low, high), its closing marks taken along as
    far as `high`; -1 where no sentence ends there."""
    at = max(map(text.rfind, SENTENCE_ENDS, repeat(low), repeat(high)))
    if at < 0:
        return -1
    at += 1
    while at < high and text[at] in _CLOSING:
        at += 1
    return at


def _html(text: str, start: int, end: int, spans: Iterable[Span]) -> str:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    if start == end:
        return ""
    body = _marked(text, start, end, spans)
    if "\n" in body:
        body = body.replace("\n", " ")
    if start and text[start - 1] not in _ENDS_AND_CLOSING:
        body = "…" + body
    if end < len(text) and text[end - 1] not in _ENDS_AND_CLOSING and text[end] != "\n":
        body += "…"
    return body


def _marked(text: str, start: int, end: int, spans: Iterable[Span]) -> str:
    """[start, end) of a text as HTML, marked where sorted spans lie; those that overlap as one."""
    # Where marks begin and end, in turn.
    cuts = [start]
    for first, last in spans:
        begin, stop = (first if first > start else start), (last if last < end else end)
        if begin >= stop:
            continue
        if begin < cuts[-1]:
            cuts[-1] = max(cuts[-1], stop)
        else:
            cuts += (begin, stop)
    cuts.append(end)
    parts = [text[a:b] for a, b in pairwise(cuts)]
    # Most passages hold nothing to escape: one look saves many calls.
    if _NEEDS_ESCAPE.search(text, start, end):
        parts = [escape(part) for part in parts]
    body = parts[0]
    for at in range(1, len(parts), 2):
        body += f"<mark>{parts[at]}</mark>{parts[at + 1]}"
    return body
