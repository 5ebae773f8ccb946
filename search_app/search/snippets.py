"""The passages of a text that show a query's words best, and the marks in them.

Works on finished places alone: (start, end, word) for every occurrence, in characters of
the text as it was written. Nothing is segmented here and nothing is folded, so a mark
always lies on what stands in the document. The only tag in the output is `<mark>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

SENTENCE_ENDS = "。！？；!?\n"
_CLOSING = "”’」』）)】》"
_MOST_PLACES = 200
"""Occurrences looked at per document; what comes later is hardly a better passage."""


class Place(NamedTuple):
    """One occurrence of a word of the query; `word` numbers the query's words from 0, so
    that a synonym has the number of the word that it stands for."""

    start: int
    end: int
    word: int


class Passage(NamedTuple):
    start: int
    end: int


def merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans, those that overlap joined."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if result and start < result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def highlight(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The whole text as HTML with the given spans marked.

    >>> highlight("残疾人<就业>", [(0, 3)])
    '<mark>残疾人</mark>&lt;就业&gt;'
    """
    return _marked(text, 0, len(text), merged(places))


def snippets(text: str, places: Sequence[Place], count: int = 2, length: int = 120) -> list[str]:
    """At most `count` passages of about `length` characters as HTML, in the order of the text.

    The first passage is the one with most of the query's words, the next ones add words not
    shown yet; without any place it is the beginning of the text.
    """
    if not text or count < 1:
        return []
    if not places:
        end = _end_of_passage(text, 0, min(length, len(text)), length)
        return [_html(text, Passage(0, end), [])]
    places = sorted(places)[:_MOST_PLACES]
    spans = merged([(start, end) for start, end, _ in places])
    chosen = passages(text, places, count, length)
    return [_html(text, passage, spans) for passage in chosen]


def passages(text: str, places: Sequence[Place], count: int, length: int) -> list[Passage]:
    """The best passages, sorted and apart from each other. `places` are sorted."""
    chosen: list[Passage] = []
    shown: set[int] = set()
    words = {word for _, _, word in places}
    while len(chosen) < count:
        window = _best_window(places, length, shown, chosen)
        if window is None:
            break
        first, last = window
        start = places[first].start
        end = max(place.end for place in places[first : last + 1])
        passage = _cut(text, start, end, length, chosen)
        chosen.append(passage)
        shown.update(
            place.word
            for place in places[first:]
            if passage.start <= place.start and place.end <= passage.end
        )
        if shown >= words and len(chosen) >= 1 and count > 1 and len(words) > 1:
            # Everything is shown; one more passage would only repeat it.
            break
    return sorted(chosen)


def _best_window(
    places: Sequence[Place], length: int, shown: set[int], taken: Sequence[Passage]
) -> tuple[int, int] | None:
    """Places (first, last) within `length` characters: most new words, then most words, then
    closest together; the earliest of equals."""
    best: tuple[int, int, int, int] | None = None
    result = None
    last = 0
    total = len(places)
    inside: dict[int, int] = {}
    for first, (start, end, word) in enumerate(places):
        last = max(last, first)
        while last < total and places[last].end <= start + length:
            inside[places[last].word] = inside.get(places[last].word, 0) + 1
            last += 1
        if last == first:  # one place longer than a passage
            inside[word] = inside.get(word, 0) + 1
            last += 1
        if not any(start < p.end and end > p.start for p in taken):
            fresh = len(inside) if not shown else sum(1 for w in inside if w not in shown)
            # Marks in a window beyond one per word help little.
            rank = (
                fresh,
                len(inside),
                min(last - first, 2 * len(inside)),
                -start if not start else 0,
            )
            if best is None or rank[:3] > best[:3]:
                best, result = rank, (first, last - 1)
        left = inside[word] - 1
        if left:
            inside[word] = left
        else:
            del inside[word]
    return result


def _cut(text: str, start: int, end: int, length: int, taken: Sequence[Passage]) -> Passage:
    """A passage around [start, end): from the beginning of its sentence if that is near."""
    low = max((p.end for p in taken if p.end <= start), default=0)
    high = min((p.start for p in taken if p.start >= end), default=len(text))
    room = max(length - (end - start), 0)
    reach = max(low, start - max(room, length // 4))
    begin = _start_of_sentence(text, reach, start)
    if begin < 0:
        begin = reach if reach == low else max(reach, start - max(room // 3, 8))
    stop = _end_of_passage(text, end, min(high, max(begin + length, end)), length, high)
    while begin < start and text[begin].isspace():
        begin += 1
    return Passage(begin, stop)


def _start_of_sentence(text: str, low: int, at: int) -> int:
    """Just behind the last sentence end in [low, at), 0 at the beginning of the text, or -1."""
    best = max(text.rfind(sign, low, at) for sign in SENTENCE_ENDS)
    if best < 0:
        return 0 if low == 0 else -1
    best += 1
    while best < at and text[best] in _CLOSING:
        best += 1
    return best


def _end_of_passage(text: str, at: int, limit: int, length: int, high: int | None = None) -> int:
    """Behind the last sentence end in [at, limit), or a little further, else `limit`."""
    high = len(text) if high is None else high
    if limit >= high:
        return high
    best = max(text.rfind(sign, at, limit) for sign in SENTENCE_ENDS)
    if best < 0:
        # The sentence goes on: finish it if that is not far.
        far = min(limit + length // 3, high)
        ends = [place for sign in SENTENCE_ENDS if (place := text.find(sign, limit, far)) >= 0]
        if not ends:
            return limit
        best = min(ends)
    best += 1
    while best < high and text[best] in _CLOSING:
        best += 1
    return best


def _html(text: str, passage: Passage, spans: Sequence[tuple[int, int]]) -> str:
    start, end = passage
    while end > start and text[end - 1].isspace():
        end -= 1
    before = "…" if start and text[start - 1] not in SENTENCE_ENDS + _CLOSING else ""
    after = "…" if end < len(text) and text[end - 1] not in SENTENCE_ENDS + _CLOSING else ""
    if after and text[end] in "\n":
        after = ""
    body = _marked(text, start, end, spans)
    if "\n" in body:
        body = " ".join(body.split("\n"))
    return before + body + after


def _marked(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    parts = []
    at = start
    for first, last in spans:
        if last <= at:
            continue
        if first >= end:
            break
        first, last = max(first, at), min(last, end)
        parts.append(escape(text[at:first]))
        parts.append("<mark>")
        parts.append(escape(text[first:last]))
        parts.append("</mark>")
        at = last
    parts.append(escape(text[at:end]))
    return "".join(parts)
