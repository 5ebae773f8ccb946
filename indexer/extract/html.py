"""HTML pages: cut, parse, find the article, read it.

    markup ── cut_markup ──▶ lxml tree ── find_container ──▶ soup of the article ──▶ blocks ──▶ body
                                  └── headings, lines around it, head ──▶ title, date, source, author
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from indexer.document import Attachment
from indexer.errors import PageRejected
from indexer.extract.around import Around, lines_around
from indexer.extract.blocks import read_blocks
from indexer.extract.body import Body, build_body, tidy
from indexer.extract.markup import cut_markup
from indexer.extract.metadata import (
    MAX_TITLE,
    Head,
    Heading,
    choose_byline,
    choose_date,
    choose_title,
    metadata_rules,
    read_head,
)
from indexer.extract.prune import prune
from indexer.extract.tree import MAX_ELEMENTS, Outline, find_container

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ATTACHMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|txt|csv)(?:$|[?#])", re.IGNORECASE)


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


def read_html(page: str, *, use_known: bool = True) -> HtmlPage:
    """Read an HTML page. Raises `PageRejected` (reason "too_large" or "no_article").

    `use_known` False leaves the known containers out, so that what the scorer
    does alone can be measured.
    """
    markup = cut_markup(page)
    root = _parse(markup.text)
    head = read_head(root, markup.scripts, markup.saved_from)
    body_element = root.find(".//body")
    outline = Outline(body_element if body_element is not None else root)
    container = find_container(outline, use_known=use_known)
    result = HtmlPage(page_title=head.page_title, url=head.url)
    headings = _headings(outline, container, head.page_title)
    prose = "".join(outline.elements[container].itertext()) if container is not None else ""
    result.title, title_at = choose_title(head, headings, prose)
    if container is None:
        return result
    around = lines_around(outline, container, title_at)
    result.attachments = _attachments(outline.elements[container])
    prune(outline, container)
    part = etree.tostring(outline.elements[container], encoding="unicode", method="html", with_tail=False)
    result.body = build_body(read_blocks(part), result.title)
    _describe(result, head, around, markup.scripts)
    return result


def _parse(text: str) -> Element:
    parser = etree.HTMLParser(recover=True, huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root: Element | None = etree.fromstring(text or "<p></p>", parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageRejected(f"网页无法解析 (cannot be parsed): {error}", reason="no_article") from None
    if root is None:
        raise PageRejected("网页没有内容 (nothing to parse)", reason="no_article")
    return root


def _headings(outline: Outline, container: int | None, page_title: str) -> list[Heading]:
    """Lines that may be the headline, best first: headings and elements named as titles
    near the article's beginning, and any line with which the page's title begins."""
    names = metadata_rules().title_names
    at = container if container is not None else 0
    end = outline.end(at)
    found: list[tuple[int, int, str]] = []
    opening = page_title[:4]
    for index, element in enumerate(outline.elements):
        size = outline.length[index]
        if not 2 <= size <= MAX_TITLE:
            continue
        tag = element.tag
        if tag in ("h1", "h2", "h3", "h4"):
            rank = int(tag[1])
        elif names.search(outline.name(index)):
            rank = 3
        elif len(opening) == 4 and element.text and element.text.strip()[:4] == opening:
            rank = 5
        else:
            continue
        text = tidy("".join(element.itertext()))
        if len(text) < 2 or (rank > 1 and outline.link_density(index) > 0.9):
            continue
        distance = abs(index - at) // 40 + (20 if index > end else 0)
        found.append((rank * 2 + distance, index, text))
    found.sort()
    return [Heading(text, index) for _, index, text in found[:16]]


def _attachments(element: Element) -> list[Attachment]:
    found = {}
    for link in element.iter("a"):
        href = link.get("href") or ""
        if _ATTACHMENT.search(href):
            title = tidy("".join(link.itertext())) or href.rsplit("/", 1)[-1]
            found.setdefault(href, Attachment(title, href))
    return list(found.values())[:100]


def _describe(result: HtmlPage, head: Head, around: Around, scripts: list[str]) -> None:
    moment = choose_date(head, around, result.url, scripts)
    if moment:
        result.date, result.time = moment.date, moment.time
    source, author, editor = choose_byline(head, around)
    result.source = source or result.body.source
    result.author = author or result.body.author
    result.editor = editor or result.body.editor
