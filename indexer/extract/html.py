"""HTML pages: cut, parse, find the article, read it.

markup ── cut_markup ──▶ lxml tree ── find_container ──▶ soup of the article ──▶ blocks ──▶ body
                              └── headings, lines around it, head ──▶ title, date, source, author
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

from indexer.document import Attachment
from indexer.errors import PageRejected
from indexer.extract.around import Around, lines_around
from indexer.extract.blocks import read_blocks
from indexer.extract.body import Body, build_body, tidy
from indexer.extract.bylines import choose_byline, choose_date, named_values
from indexer.extract.container import find_container, is_known
from indexer.extract.embedded import article_in_scripts
from indexer.extract.identity import safe_url
from indexer.extract.markup import Markup, cut_markup, flatten
from indexer.extract.metadata import MAX_TITLE, Head, read_head
from indexer.extract.outline import Outline, text_of
from indexer.extract.pagekind import Reason, is_forum, is_list, without_article
from indexer.extract.prune import prune
from indexer.extract.titles import choose_title, find_headings

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ATTACHMENT = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|txt|csv)(?:$|[?#])", re.IGNORECASE
)


MAX_DEPTH = 200
"""Levels of nesting; parsers stop, without a word, at 256."""
_THIN = 120
"""Characters of body under which other places are looked into."""
_FRAMES = 8
_BEHIND = 40
"""Elements behind the article in which its attachments may still be listed."""


@dataclass(slots=True)
class HtmlPage:
    """What was read out of an HTML page."""

    title: str = ""
    page_title: str = ""
    body: Body = field(default_factory=Body)
    url: str | None = None
    date: str | None = None
    time: str | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    reason: Reason | None = None
    """Why the page has no article of its own, where it has none."""


def read_html(page: str, *, use_known: bool = True) -> HtmlPage:
    """Read an HTML page. Raises `PageRejected` (reason "too_large" or "no_article").

    `use_known` False leaves the known containers out, so that what the scorer
    does alone can be measured.
    """
    markup = cut_markup(page)
    result = _read_tree(markup, use_known)
    if len(result.body.text) < _THIN:
        _look_inside(result, markup, use_known)
    return result


def _read_tree(markup: Markup, use_known: bool) -> HtmlPage:
    root, outline = _shallow_tree(markup.text)
    head = read_head(root, markup.scripts, markup.saved_from)
    container = find_container(outline, use_known=use_known)
    result = HtmlPage(page_title=head.page_title, url=head.url)
    headings = find_headings(outline, container, head.page_title)
    prose = text_of(outline.elements[container]) if container is not None else ""
    result.title, title_at = choose_title(head, headings, prose)
    if is_forum(outline, head.page_title, head.first("generator")):
        result.reason = "forum"
    elif container is not None and is_list(outline, container):
        result.reason = "list_page"
    around = lines_around(outline, container or 0, title_at)
    _describe(result, head, around, named_values(outline.elements), markup.scripts)
    result.attachments = _attachments(
        outline, container if container is not None else title_at or 0, head.url
    )
    if container is not None:
        known = is_known(outline, container)
        prune(outline, container)
        part = etree.tostring(
            outline.elements[container], encoding="unicode", method="html", with_tail=False
        )
        result.body = build_body(read_blocks(part), result.title)
        _complete(result)
    result.reason = result.reason or without_article(
        outline,
        result.body.text or "".join(caption.text for caption in result.body.captions),
        confirmed=title_at is not None and result.date is not None,
        known=container is not None and known,
        attachments=bool(result.attachments),
    )
    return result


def _look_inside(result: HtmlPage, markup: Markup, use_known: bool) -> None:
    """Where the tree gave little: the article may be in a saved frame or in a script."""
    for frame in markup.frames[:_FRAMES]:
        inner = _read_tree(cut_markup(unescape(frame)), use_known)
        if len(inner.body.text) > 2 * len(result.body.text) and not inner.reason:
            result.body, result.attachments = inner.body, inner.attachments
            result.title = inner.title or result.title
            result.reason = None
            for name in ("date", "time", "source", "author", "editor"):
                setattr(result, name, getattr(inner, name) or getattr(result, name))
    found = article_in_scripts(markup.scripts)
    if found:
        blocks = read_blocks(cut_markup(found[0]).text)
        body = build_body(blocks, result.title or found[1])
        if len(body.text) > 2 * len(result.body.text):
            result.body, result.reason = body, None
            result.title = result.title or found[1]
            _complete(result)


def _shallow_tree(text: str) -> tuple[Element, Outline]:
    """Root and outline. Raises `PageRejected` (reason "too_deep")."""
    for attempt in (text, flatten(text) if text.count("<") > MAX_DEPTH else ""):
        if attempt:
            root = _parse(attempt)
            body = root.find(".//body")
            outline = Outline(body if body is not None else root)
            if outline.height <= MAX_DEPTH:
                return root, outline
    raise PageRejected(f"网页标记嵌套超过 {MAX_DEPTH} 层 (nested too deep)", reason="too_deep")


def _parse(text: str) -> Element:
    parser = etree.HTMLParser(
        recover=True, huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root: Element | None = etree.fromstring(text or "<p></p>", parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageRejected(
            f"网页无法解析 (cannot be parsed): {error}", reason="no_article"
        ) from None
    if root is None:
        raise PageRejected("网页没有内容 (nothing to parse)", reason="no_article")
    return root


def _attachments(outline: Outline, start: int, url: str | None) -> list[Attachment]:
    """Files that the article, or what stands right behind it, links to."""
    found: dict[str, Attachment] = {}
    for element in outline.elements[start : outline.end(start) + _BEHIND]:
        href = (element.get("href") or "").strip() if element.tag == "a" else ""
        if not _ATTACHMENT.search(href) or not safe_url(href):
            continue
        title = tidy(text_of(element))[:MAX_TITLE] or href.rsplit("/", 1)[-1]
        with suppress(ValueError):  # what looks like an address may be none
            href = urljoin(url or "", href)
        found.setdefault(href, Attachment(title, href))
    return list(found.values())[:100]


def _describe(
    result: HtmlPage, head: Head, around: Around, named: dict[str, str], scripts: list[str]
) -> None:
    moment = choose_date(head, around, result.url, scripts)
    if moment:
        result.date, result.time = moment.date, moment.time
    result.source, result.author, editor = choose_byline(head, around, named)
    result.editor = editor or named.get("editor")


def _complete(result: HtmlPage) -> None:
    """What only the lines of the body told."""
    result.source = result.source or result.body.source
    result.author = result.author or result.body.author
    result.editor = result.editor or result.body.editor
