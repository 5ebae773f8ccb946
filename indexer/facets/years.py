"""In which year was the document published?

The date that extraction found wins. Where it found none: the URL's date, a dateline
or an upload date in the text, then the event's own date when the text gives its
year. A copyright line or the time of crawling is never asked.
"""

from __future__ import annotations

import re

from indexer.document import Document


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


_YMD = (
    r"((?:19[89]|20[0-4])\d)\s?[-/.年]\s?(1[0-2]|0?[1-9])\s?[-/.月]\s?(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_URL = re.compile(
    r"(?<!\d)((?:19[89]|20[0-4])\d)[-/_]?(0[1-9]|1[0-2])(?:[-/_]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_VISIBLE = re.compile(
    rf"(?:(?:发布|发表|更新|刊发)?(?:时间|日期)|日期)[:：]?\s*{_YMD}|^\s*{_YMD}日?(?:\s|$)",
    re.MULTILINE,
)
_DATELINE = re.compile(rf"{_YMD}日?(?:[上下]午)?(?:讯|电|消息|报道)")
_EVENT_FULL = re.compile(
    rf"(?<![自从至截到于])(?<!截至){_YMD}日(?:[上下]午|晚|，|,|在|召开|举行|，由)"
)
_EVENT = re.compile(r"(?<![\d年])(1[0-2]|[1-9])月(3[01]|[12]\d|[1-9])日")
_YEAR_BESIDE = re.compile(
    r"(?<![\d自从至截到曾于比较])(20[0-4]\d)年(?!\d|以来|底|初|末|[上下]半年|开始|至|前|间)"
)

_HEAD, _LINES, _NEAR = 400, 16, 30
"""How far from the beginning (characters; lines) a date is looked for, and how far behind an
event's day and month its year may stand."""


def _from_url(url: str) -> str | None:
    match = _URL.search(url)
    return "-".join(part for part in match.groups() if part) if match else None


def _from_text(text: str) -> str | None:
    lines = "\n".join(text.split("\n", _LINES)[:_LINES])[:_HEAD]
    head = text[:_HEAD]
    for pattern, where in ((_VISIBLE, lines), (_DATELINE, head), (_EVENT_FULL, head)):
        match = pattern.search(where)
        if match:
            year, month, day = (part for part in match.groups() if part)
            return _iso(year, month, day)
    event = _EVENT.search(head)
    if event is None:
        return None
    rest = re.split(r"[。！？\n]", head[event.end() :], maxsplit=1)[0][:_NEAR]
    year_beside = _YEAR_BESIDE.search(rest)
    return _iso(year_beside[1], event[1], event[2]) if year_beside else None


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{int(month):02d}-{int(day):02d}"
