"""Records of a `.jsonl` that hold text: the fields as they are given.

Bulk archives come this way, so nothing is done here that the record does not need.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from indexer.document import Document, RawPage
from indexer.errors import PageRejected
from indexer.extract.dates import parse_date
from indexer.extract.encoding import CONTROLS
from indexer.extract.identity import document_id, safe_url

# Days that every month has; the others are looked at more closely.
_ISO = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")


def extract_record(page: RawPage) -> Document:
    """The document of a record with `text`. Raises `PageRejected` (reason "empty")."""
    record: Mapping[str, Any] = page.record or {}
    line = page.data
    # Only an escape can bring in control characters and lone surrogates.
    escaped = b"\\u" in line
    text = _string(record.get("text"), escaped)
    title = _string(record.get("title"), escaped)
    if not text and not title:
        raise PageRejected("记录没有正文也没有标题 (neither text nor title)", reason="empty")
    if "\n" in text or "\r" in text:
        text = _paragraphs(text)
    url = _string(record.get("url"), escaped) or None
    given = record.get("date")
    date: str | None
    time: str | None = None
    if given.__class__ is str and len(given) == 10 and _ISO.fullmatch(given):
        date = given
    elif given:
        moment = parse_date(given)
        date, time = (moment.date, moment.time) if moment else (None, None)
    else:
        date = None
    sha256 = hashlib.sha256(line).hexdigest()
    return Document(
        id=document_id(record.get("id"), url, page.path, sha256),
        path=page.path,
        title=title,
        text=text,
        url=url if url and safe_url(url) else None,
        date=date,
        time=time,
        source=_string(record.get("source"), escaped) or None,
        author=_string(record.get("author"), escaped) or None,
        sha256=sha256,
        replaced=text.count("\ufffd") / len(text) if "\ufffd" in text else 0.0,
    )


def _string(value: object, escaped: bool) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value) if isinstance(value, (int, float)) else ""
    if escaped:
        value = CONTROLS.sub("", value)
    return value.strip()


def _paragraphs(text: str) -> str:
    """One line feed between paragraphs, none of the blanks around it."""
    if "\r" not in text and "\n\n" not in text and "\n " not in text and "\n\u3000" not in text:
        return text
    return re.sub(r"\s*\n\s*", "\n", text.replace("\r", "\n"))
