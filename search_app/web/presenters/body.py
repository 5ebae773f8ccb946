"""A document's text as blocks to read: paragraphs, headings, captions, with their marks.

Marks, replaced words and evidence are spans over the same text and may overlap; the text
is cut wherever one begins or ends, and each piece knows what it lies in.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from indexer.document import Document

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. `mark` numbers the mark that begins here (from 1, 0 inside of one, -1
    where there is none); `was` says what stood here before a page was tampered with."""

    text: str
    mark: int = -1
    was: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or another part of the body. `kind` is "p", "h", "cap", "quote" or "row";
    `anchor` is an element id where evidence points at."""

    kind: str
    pieces: Sequence[Piece]
    anchor: str = ""


class Counter:
    """Numbers the marks of a page in reading order."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


def pieces(
    text: str,
    start: int,
    end: int,
    marks: Spans,
    replaced: Sequence[tuple[int, int, str]],
    counter: Counter,
) -> list[Piece]:
    """`text[start:end]` cut at every border of a mark or a replaced word."""
    inside = [(max(a, start), min(b, end)) for a, b in marks if a < end and b > start]
    words = [(max(a, start), min(b, end), w) for a, b, w in replaced if a < end and b > start]
    borders = sorted(
        {
            start,
            end,
            *(x for a, b in inside for x in (a, b)),
            *(x for a, b, _ in words for x in (a, b)),
        }
    )
    starts = {a: 0 for a, _ in inside}
    found = []
    for a, b in pairwise(borders):
        mark = -1
        if any(x <= a and b <= y for x, y in inside):
            mark = counter.next() if a in starts else 0
        was = next((w for x, y, w in words if x <= a and b <= y), "")
        found.append(Piece(text[a:b], mark, was))
    return found


def _replaced(document: Document, field: str, unknown: str) -> list[tuple[int, int, str]]:
    return sorted(
        (start, end, repair.restored or unknown)
        for repair in document.repairs
        for where, start, end in repair.spans
        if where == field
    )


def title(document: Document, marks: Spans, unknown: str, counter: Counter) -> list[Piece]:
    """The title with its marks. `unknown` stands where a replaced word is not known."""
    text = document.title
    return pieces(text, 0, len(text), marks, _replaced(document, "title", unknown), counter)


_KINDS = {"heading": "h", "table": "row", "list": "p", "quote": "quote"}


SpanLike = TypeVar("SpanLike", bound=tuple[Any, ...])


def _among(spans: Sequence[SpanLike], start: int, end: int) -> Sequence[SpanLike]:
    """Those of sorted spans, none of which overlap, that touch a stretch of text."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    last = bisect_left(spans, end, key=lambda span: span[0])
    return spans[first:last]


def blocks(
    document: Document,
    marks: Spans,
    caption_marks: Spans,
    unknown: str,
    counter: Counter,
    anchors: Sequence[int] = (),
) -> list[Block]:
    """The body in reading order; a caption stands after the paragraph that it came behind.

    `caption_marks` point into the captions joined by blank lines (as the analyser has
    them); `anchors` are offsets in the text whose paragraph gets the id `at-<offset>`.
    """
    text = document.text
    replaced = _replaced(document, "text", unknown)
    # Where each caption begins in the joined text.
    begins, at = [], 0
    for caption in document.captions:
        begins.append(at)
        at += len(caption.text) + 2
    waiting = sorted(zip((c.offset for c in document.captions), range(len(begins)), strict=True))
    joined = "\n\n".join(caption.text for caption in document.captions)
    found: list[Block] = []

    def captions_before(limit: int) -> None:
        while waiting and waiting[0][0] <= limit:
            _, i = waiting.pop(0)
            begin, length = begins[i], len(document.captions[i].text)
            found.append(
                Block("cap", pieces(joined, begin, begin + length, caption_marks, (), counter))
            )

    # Everything is sorted, so each line looks only at what lies in it: a text of a million
    # characters with thousands of marks stays quick.
    spans = sorted(document.spans, key=lambda span: span.start)
    span_starts = [span.start for span in spans]
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        captions_before(start)
        if line.strip():
            before = bisect_right(span_starts, start) - 1
            inside = before >= 0 and end <= spans[before].end
            kind = _KINDS[spans[before].kind] if inside else "p"
            first = bisect_left(anchors, start)
            anchor = (
                f"at-{anchors[first]}" if first < len(anchors) and anchors[first] <= end else ""
            )
            found.append(
                Block(
                    kind,
                    pieces(
                        text, start, end,
                        _among(marks, start, end), _among(replaced, start, end), counter,
                    ),
                    anchor,
                )
            )  # fmt: skip
        start = end + 1
    captions_before(sys.maxsize)
    return found


def anchor_of(document: Document, offset: int, anchors: Sequence[int]) -> str:
    """The id of the paragraph in which an offset lies (the first anchor of its line)."""
    begin = document.text.rfind("\n", 0, offset) + 1
    end = document.text.find("\n", offset)
    end = len(document.text) if end < 0 else end
    return next((f"#at-{a}" for a in anchors if begin <= a < end + 1), "")
