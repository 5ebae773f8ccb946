"""From a raw page to its Document, whatever kind of page it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timezone

from indexer.document import Document, RawPage
from indexer.errors import PageRejected
from indexer.extract.encoding import CONTROLS, MAX_REPLACED, Decoded, decode
from indexer.extract.html import read_html
from indexer.extract.identity import document_id
from indexer.extract.pagekind import REASONS
from indexer.extract.records import extract_record
from indexer.extract.text import read_text

_BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"PK\x03\x04",
    b"\x7fELF",
    b"MZ",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"Rar!",
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


MAX_BYTES = 32 << 20
"""Bytes of a page; images that browsers save inside a page make some of them large."""


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """`keep_non_articles` indexes list pages and the like, flagged, instead of rejecting them.

    `max_replaced` is the share of undecodable characters from which a page is rejected.
    """

    keep_non_articles: bool = False
    max_replaced: float = MAX_REPLACED


def extract(page: RawPage, *, options: ExtractOptions = ExtractOptions()) -> Document:
    """The document of one raw page.

    Raises `PageRejected` with `reason` "empty", "binary", "encoding", "too_large",
    "too_deep", "list_page", "forum" or "no_article".
    """
    if page.kind == "record":
        record = page.record or {}
        if not record.get("text") and isinstance(record.get("html"), str):
            return _extract_html_record(page, options)
        return extract_record(page)
    if not page.data.strip():
        raise PageRejected("文件是空的 (empty file)", reason="empty")
    if len(page.data) > MAX_BYTES:
        raise PageRejected(f"网页超过 {MAX_BYTES >> 20} MB (page too large)", reason="too_large")
    if page.data.startswith(_BINARY):
        raise PageRejected("这是二进制文件,不是网页 (binary file)", reason="binary")
    decoded = decode(page.data, given=page.encoding, max_replaced=options.max_replaced)
    document = _common(page, decoded)
    if page.kind == "html":
        return _from_html(document, decoded.text, options)
    read = read_text(decoded.text, markdown=page.kind == "markdown")
    if not read.body.text and not read.title:
        raise PageRejected("没有正文 (no text)", reason="empty")
    body = read.body
    return document.replace(
        title=read.title,
        page_title=read.page_title,
        text=body.text,
        date=read.moment.date if read.moment else None,
        time=read.moment.time if read.moment else None,
        source=body.source,
        author=body.author,
        editor=body.editor,
        spans=tuple(body.spans),
        captions=tuple(body.captions),
        language=_language(body.text or read.title),
    )


def _common(page: RawPage, decoded: Decoded) -> Document:
    sha256 = hashlib.sha256(page.data).hexdigest()
    saved = None
    if page.modified is not None:
        saved = datetime.fromtimestamp(page.modified, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Document(
        id=document_id(None, None, page.path, sha256),
        path=page.path,
        encoding=decoded.encoding,
        replaced=round(decoded.replaced, 6),
        sha256=sha256,
        saved=saved,
        flags=("encoding_repaired",) if decoded.repaired else (),
    )


def _from_html(document: Document, markup: str, options: ExtractOptions) -> Document:
    read = read_html(markup)
    body = read.body
    rejected = read.reason
    if rejected and not options.keep_non_articles:
        raise PageRejected(REASONS[rejected], reason=rejected)
    return document.replace(
        id=document_id(None, read.url, document.path, document.sha256),
        url=read.url,
        title=read.title,
        page_title=read.page_title,
        text=body.text,
        date=read.date,
        time=read.time,
        source=read.source,
        author=read.author,
        editor=read.editor,
        spans=tuple(body.spans),
        captions=tuple(body.captions),
        attachments=tuple(read.attachments),
        language=_language(body.text or read.title),
        flags=document.flags + ((rejected,) if rejected else ()),
    )


def _extract_html_record(page: RawPage, options: ExtractOptions) -> Document:
    """A record that holds a page: its own fields, where given, stand above the page's."""
    record = dict(page.record or {})
    markup = CONTROLS.sub("", str(record["html"]))
    if not markup.strip():
        raise PageRejected("记录是空的 (empty record)", reason="empty")
    document = _from_html(_common(page, Decoded(markup, "utf-8")), markup, options)
    record["text"] = document.text
    given = extract_record(RawPage(page.path, page.data, "record", record))
    return document.replace(
        id=given.id,
        url=given.url or document.url,
        title=given.title or document.title,
        date=given.date or document.date,
        time=given.time if given.date else document.time,
        source=given.source or document.source,
        author=given.author or document.author,
    )


def _language(text: str) -> str:
    sample = text[:2000]
    return "zh" if len(_HAN.findall(sample)) * 8 >= len(sample) else "en"
