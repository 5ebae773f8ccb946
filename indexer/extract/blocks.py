"""The article's part of a page to blocks of text, through BeautifulSoup.

Only the container that was found comes here, so the soup stays small. The walk
keeps its own stack: no depth of nesting breaks it.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from indexer.extract.body import Block, Kind, tidy

# fmt: off
_BREAKING = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
))
# fmt: on
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_KINDS: dict[str, Kind] = {
    "li": "list",
    "dd": "list",
    "blockquote": "quote",
    "figcaption": "caption",
}
_CAPTION_NAME = re.compile(
    r"caption|img-?(desc|info|title|note|txt)|pic-?(desc|info|txt)|tushuo|photo-?desc", re.I
)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_LONG_CELL = 120
_CELL = " | "


def read_blocks(markup: str) -> list[Block]:
    """Blocks of the markup in reading order."""
    return _Walk().blocks_of(BeautifulSoup(markup, "lxml"))


class _Walk:
    """One walk over a soup; text gathers in `pending` until a block-level tag breaks it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pending: list[str] = []
        self.kinds: list[Kind] = []
        self.centred = 0

    def blocks_of(self, soup: Tag) -> list[Block]:
        # (node, leaving): a node is met once on the way in and once on the way out.
        stack: list[tuple[object, bool]] = [(soup, False)]
        while stack:
            node, leaving = stack.pop()
            if isinstance(node, NavigableString):
                if not isinstance(node, PreformattedString):
                    self.pending.append(str(node))
                continue
            if not isinstance(node, Tag):
                continue
            name = node.name
            kind = _kind(node)
            if leaving:
                self._flush()
                if kind:
                    self.kinds.pop()
                self.centred -= _is_centred(node)
                continue
            if name == "img":
                self._flush()
                self.blocks.append(Block("", "image"))
                continue
            if name == "table":
                rows = _rows(node)
                if rows:
                    self._flush()
                    self.blocks.extend(Block(row, "table") for row in rows)
                    continue
            if name in _BREAKING or kind:
                self._flush()
                if name == "br":
                    continue
                if kind:
                    self.kinds.append(kind)
                self.centred += _is_centred(node)
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.contents))
        self._flush()
        return self.blocks

    def _flush(self) -> None:
        text = tidy("".join(self.pending))
        self.pending.clear()
        if text:
            kind: Kind = self.kinds[-1] if self.kinds else "paragraph"
            self.blocks.append(Block(text, kind, self.centred > 0))


def _kind(node: Tag) -> Kind | None:
    name = node.name
    if name in _HEADINGS:
        return "heading"
    if name in _KINDS:
        return _KINDS[name]
    names = node.get("class")
    if names and _CAPTION_NAME.search(" ".join(names) if isinstance(names, list) else names):
        return "caption"
    return None


def _is_centred(node: Tag) -> bool:
    return (
        node.name == "center"
        or str(node.get("align", "")).lower() == "center"
        or "center" in str(node.get("class", ""))
        or bool(_CENTRED.search(str(node.get("style", ""))))
    )


def _rows(table: Tag) -> list[str]:
    """The rows of a table of data, one line each; none where it only lays out the page."""
    if table.find("table") is not None:
        return []
    rows: list[list[str]] = []
    for row in table.find_all("tr"):
        cells = [tidy(cell.get_text("")) for cell in row.find_all(["td", "th"])]
        if any(len(cell) > _LONG_CELL for cell in cells) and len(cells) < 2:
            return []
        rows.append(cells)
    if len(rows) < 2 or max(len(cells) for cells in rows) < 2:
        return []
    return [_CELL.join(cell for cell in cells if cell) for cells in rows if any(cells)]
