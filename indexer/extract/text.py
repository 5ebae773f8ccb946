"""Text files: pages that were saved as text, with their navigation and footers as lines.

The head of such a page (site name, navigation, headline, date and source) ends
where the first real paragraph begins; the headline is the line that stands before
the date, or else the first that is no site name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.errors import PageRejected
from indexer.extract.body import Block, Body, build_body, tidy
from indexer.extract.dates import Moment, find_moment
from indexer.extract.lines import fold, line_rules

MAX_CHARACTERS = 4 << 20
MAX_LINES = 100_000
_HEAD_LINES = 30
_PARAGRAPH = 60
_SENTENCE_END = re.compile(r"[。！？；!?;]")
_DATE_ONLY = re.compile(r"^[\s\d年月日::/.\-T时分秒]{8,30}$")
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.{0,4000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_VALUE = re.compile(r"^(\w+)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_FRONT_LABELS = {"date": "时间", "source": "来源", "author": "作者"}
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_MARKDOWN_IMAGE = re.compile(r"^!\[([^\]]*)\]\([^)]*\)$")
_MARKDOWN_LINK = re.compile(r'!?\[([^\[\]]{0,300})\]\([^()\s]{0,1000}(?:\s"[^"]{0,300}")?\)')
_MARKDOWN_MARKS = re.compile(r"(\*\*|__|`)([^*_`]{1,300})\1")


@dataclass(frozen=True, slots=True)
class TextPage:
    """What was read out of the lines of one text file."""

    title: str
    page_title: str
    moment: Moment | None
    body: Body


def read_text(text: str, *, markdown: bool = False) -> TextPage:
    """Read a page out of its lines. Raises `PageRejected` (reason "too_large")."""
    if text.count("\n") > MAX_LINES or len(text) > MAX_CHARACTERS:
        raise PageRejected("文本过长 (text too long)", reason="too_large")
    if markdown:
        text = _FRONT_MATTER.sub(_front_matter, text, count=1)
    lines = [line for line in (tidy(raw) for raw in text.splitlines()) if line]
    blocks = [_markdown(line) for line in lines] if markdown else [Block(line) for line in lines]
    head = _head_length(blocks)
    stamp, moment = _stamp(blocks[:head])
    title_at = _title_index(blocks, head, stamp)
    title = blocks[title_at].text if title_at is not None else ""
    start = max(-1 if at is None else at for at in (stamp, title_at)) + 1
    about = [b for b in blocks[:start] if line_rules().is_about_page(b.text)]
    body = build_body([*about, *_with_images(blocks[start:], title)], title)
    page_title = blocks[0].text if blocks else ""
    return TextPage(title, page_title, moment, body)


def _front_matter(match: re.Match[str]) -> str:
    """The head that static sites put before a page, as the lines of a saved one."""
    values = dict(_FRONT_VALUE.findall(match[1]))
    stamp = [f"{label}:{values[key]}" for key, label in _FRONT_LABELS.items() if values.get(key)]
    title = f"# {values['title']}\n" if values.get("title") else ""
    return f"{title}{' '.join(stamp)}\n"


def _with_images(blocks: list[Block], title: str) -> list[Block]:
    """A headline that comes again inside the text is the alternative text of an image."""
    marked = []
    for before, block in zip([Block(""), *blocks], blocks, strict=False):
        if block.text == title:
            marked.append(Block("", "image"))
        else:
            marked.append(Block(block.text, block.kind, centred=before.text == title))
    return marked


def _markdown(line: str) -> Block:
    heading = _MARKDOWN_HEADING.match(line)
    if heading:
        return Block(heading[2], "heading")
    image = _MARKDOWN_IMAGE.match(line)
    if image:
        return Block("", "image")
    line = _MARKDOWN_LINK.sub(r"\1", line)
    line = _MARKDOWN_MARKS.sub(r"\2", line)
    if line.startswith(">"):
        return Block(line.lstrip("> "), "quote")
    if re.match(r"^(?:[-*+]|\d+[.)])\s", line):
        return Block(re.sub(r"^[-*+]\s+", "", line), "list")
    return Block(line)


def _head_length(blocks: list[Block]) -> int:
    """How many blocks stand before the first paragraph of prose."""
    rules = line_rules()
    for index, block in enumerate(blocks[:_HEAD_LINES]):
        text = block.text
        if (
            len(text) >= _PARAGRAPH
            and _SENTENCE_END.search(text)
            and not rules.is_about_page(text)
            and not rules.is_navigation(text)
        ):
            return index
    return min(len(blocks), _HEAD_LINES)


def _stamp(head: list[Block]) -> tuple[int | None, Moment | None]:
    """The head line that carries the date of publication."""
    rules = line_rules()
    for index, block in enumerate(head):
        text = fold(block.text)
        moment = find_moment(text)
        if moment and (
            _DATE_ONLY.match(text)
            or rules.is_about_page(text)
            or (moment.start == 0 and len(text) < 40 and moment.time)
        ):
            return index, moment
    return None, None


def _title_index(blocks: list[Block], head: int, stamp: int | None) -> int | None:
    rules = line_rules()
    limit = stamp if stamp is not None else max(1, head)
    candidates = []
    for index, block in enumerate(blocks[:limit]):
        text = block.text
        if (
            rules.is_furniture(text)
            or rules.is_navigation(text)
            or rules.is_about_page(text)
            or _DATE_ONLY.match(text)
            or len(text) > 100
        ):
            continue
        candidates.append(index)
    named = [i for i in candidates if i > 1 or not rules.is_site_title(blocks[i].text)]
    headings = [index for index in named if blocks[index].kind == "heading"]
    if headings:
        return headings[0]
    if stamp is not None:
        # The headline stands right before the date; a column's name is shorter.
        long = [index for index in named if len(blocks[index].text) >= 8]
        if long:
            return long[-1]
    return next(iter(named or candidates), None)
