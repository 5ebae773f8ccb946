"""HTML pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from bs4 import BeautifulSoup

from indexer.document import Attachment
from indexer.extract.body import Block, Body, build_body
from indexer.extract.text import read_text


@dataclass(slots=True)
class HtmlPage:
    title: str
    page_title: str
    body: Body
    url: str | None = None
    date: str | None = None
    time: str | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    attachments: list[Attachment] = field(default_factory=list)


def read_html(markup: str) -> HtmlPage:
    soup = BeautifulSoup(markup, "lxml")
    page_title = soup.title.get_text() if soup.title else ""
    for tag in soup(["script", "style", "noscript"]):
        tag.decompose()
    read = read_text(soup.get_text("\n"))
    return HtmlPage(page_title, page_title, read.body, date=read.moment.date if read.moment else None, source=read.body.source)
