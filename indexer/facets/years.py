"""In which year was the document published?

The date that extraction found wins. Where it found none: the URL's date, a dateline
or an upload date in the text, then the event's own date when the text gives its
year. A copyright line or the time of crawling is never asked.
"""

from __future__ import annotations

import re

from indexer.document import Document

FIRST, LAST = 1980, 2100


def publication_date(document: Document) -> str | None:
    """The document's date as ISO 8601, as exact as it is known, or None."""
    if document.date:
        return document.date
    return _from_url(document.url or "") or _from_text(document.text)


def year_of(date: str | None) -> int | None:
    """The year of an ISO 8601 date, or None."""
    if date and re.match(r"\d{4}", date):
        return int(date[:4])
    return None


_URL = re.compile(
    r"(?<!\d)((?:19[89]|20[0-4])\d)[-/_]?(0[1-9]|1[0-2])(?:[-/_]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_FULL = re.compile(r"(20[0-4]\d)年(\d{1,2})月(\d{1,2})日(?:讯|电|消息|报道)")
_EVENT = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_YEAR_BESIDE = re.compile(r"(?<!\d)(20[0-4]\d)年")


def _from_url(url: str) -> str | None:
    match = _URL.search(url)
    return "-".join(part for part in match.groups() if part) if match else None


def _from_text(text: str) -> str | None:
    head = text[:400]
    line = _FULL.search(head)
    if line:
        return f"{line[1]}-{int(line[2]):02d}-{int(line[3]):02d}"
    event = _EVENT.search(head)
    if not event or not 1 <= int(event[1]) <= 12 or not 1 <= int(event[2]) <= 31:
        return None
    year = _YEAR_BESIDE.search(head[event.end() : event.end() + 40])
    return f"{year[1]}-{int(event[1]):02d}-{int(event[2]):02d}" if year else None
