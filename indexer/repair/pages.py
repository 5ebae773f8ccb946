"""A page as one stream: its title, unless that is a spammer's own line, then its body.

The title is one more place where a replaced word stood.
"""

from __future__ import annotations

from indexer.document import Document, Field
from indexer.repair.signals import signals
from indexer.repair.stream import Stream, stream


def page_stream(document: Document) -> Stream:
    """The stream of title and body; the offsets of the body are its own, those of the title
    below 0."""
    title = "" if signals().is_slogan(document.title) else document.title
    if not title:
        return stream(document.text)
    both = stream(f"{title}\n{document.text}")
    return Stream(both.text, both.classes, both.offsets - _shift(document))


def span(document: Document, one: Stream, start: int, size: int) -> tuple[Field, int, int]:
    """Where a run of so many characters of such a stream stands in the document."""
    begin, end = int(one.offsets[start]), int(one.offsets[start + size - 1]) + 1
    if begin >= 0:
        return "text", begin, end
    return "title", begin + _shift(document), end + _shift(document)


def _shift(document: Document) -> int:
    return len(document.title) + 1
