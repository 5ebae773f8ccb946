"""Dates and times as Chinese pages write them, to ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

_CHINA = timezone(timedelta(hours=8))
FIRST_YEAR, LAST_YEAR = 1949, 2099

_DATE = re.compile(
    r"(?<![\d.])((?:19|20)\d{2})\s*(?:年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号])?"
    r"|([-/.])(\d{1,2})\4(\d{1,2})(?!\d)"
    # Year apart from month and day, as on the pages of Xinhua.
    r"|\s(\d{2})\s*/\s*(\d{2})(?=\s))"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_TIME = re.compile(r"[\sT日号]*([01]?\d|2[0-3])\s*[::时]\s*([0-5]\d)(?:\s*[::分]\s*([0-5]\d))?")
_ZONE = re.compile(r"(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date (YYYY-MM-DD or YYYY-MM) with the time of day where it is shown."""

    date: str
    time: str | None = None
    start: int = 0
    end: int = 0


def valid(year: int, month: int, day: int) -> str | None:
    """ISO form of a date that exists and is plausible, else None."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def find_moment(text: str, start: int = 0) -> Moment | None:
    """The first complete date in `text`, with the time that follows it."""
    for match in _DATE.finditer(text, start):
        year = int(match[1])
        month = int(match[2] or match[5] or match[7])
        day = match[3] or match[6] or match[8]
        if day is None:
            if 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR:
                return Moment(f"{year}-{month:02d}", None, match.start(), match.end())
            continue
        iso = valid(year, month, int(day))
        if iso:
            return _with_time(text, iso, match.start(), match.end())
    return None


def _with_time(text: str, iso: str, start: int, end: int) -> Moment:
    clock = _TIME.match(text, end)
    if not clock:
        return Moment(iso, None, start, end)
    time = f"{int(clock[1]):02d}:{clock[2]}" + (f":{clock[3]}" if clock[3] else "")
    zone = _ZONE.match(text, clock.end())
    if not zone:
        return Moment(iso, time, start, clock.end())
    # A machine's timestamp: what the page's readers saw is the time in China.
    offset = zone[1].replace("Z", "+0000").replace(":", "")
    moment = datetime.strptime(
        f"{iso} {clock[1]}:{clock[2]}:{clock[3] or '00'} {offset}", "%Y-%m-%d %H:%M:%S %z"
    ).astimezone(_CHINA)
    return Moment(moment.date().isoformat(), f"{moment:%H:%M:%S}", start, zone.end())


def parse_date(value: object) -> Moment | None:
    """A date out of a metadata value: text in any usual form, a year or a POSIX time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _number(value)
    if not isinstance(value, str):
        return None
    value = value.strip()
    found = find_moment(value)
    if found:
        return found
    compact = _COMPACT.search(value)
    if compact:
        iso = valid(int(compact[1]), int(compact[2]), int(compact[3]))
        return Moment(iso) if iso else None
    if re.fullmatch(r"(?:19|20)\d{2}年?", value):
        return Moment(value[:4])
    month = re.fullmatch(r"((?:19|20)\d{2})[-/.](0?[1-9]|1[0-2])", value)
    if month:
        return Moment(f"{month[1]}-{int(month[2]):02d}")
    return _number(int(value)) if re.fullmatch(r"1\d{9}(\d{3})?", value) else None


def _number(value: float) -> Moment | None:
    if FIRST_YEAR <= value <= LAST_YEAR:
        return Moment(str(int(value)))
    if value > 1e11:  # milliseconds, as scripts count
        value /= 1000
    if not 6e8 < value < 4e9:
        return None
    moment = datetime.fromtimestamp(value, _CHINA)
    return Moment(moment.date().isoformat(), f"{moment:%H:%M:%S}")


_URL_DATES = (
    re.compile(r"/((?:19|20)\d{2})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?=[/_.\-]|\b)"),
    re.compile(r"/t((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])_\d"),
    re.compile(r"/((?:19|20)?\d{2})/(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/"),
    re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/"),
)


def date_of_url(url: str | None) -> str | None:
    """The date in an address (…/2020-07/22/…, …/t20180517_1.html, …/20/0229/…)."""
    for pattern in _URL_DATES if url else ():
        match = pattern.search(url or "")
        if match:
            year = int(match[1])
            iso = valid(year if year > 99 else 2000 + year, int(match[2]), int(match[3]))
            if iso:
                return iso
    return None
