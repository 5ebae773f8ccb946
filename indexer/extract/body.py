"""Blocks of a page to a body: paragraphs, captions apart, bylines taken out.

HTML pages and text files both arrive here as blocks in reading order, so that one
set of rules decides what is article and what is furniture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from indexer.document import Caption, Span
from indexer.extract.lines import closing_byline, inline_reporter, line_rules

Kind = Literal["paragraph", "heading", "table", "list", "quote", "caption", "image"]
_SPACES = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
_SENTENCE = re.compile(r"[。！？；!?;…]")
_IMAGE_NAME = re.compile(r"^\S{1,80}\.(?:jpe?g|png|gif|bmp|webp)$", re.IGNORECASE)
CAPTION_LENGTH = 60
NEARLY_ALL = 0.95
LAST_PART = 0.5
"""Share of the text behind which a closing line may end the article."""


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text with no line break in it. An image is a block without text."""

    text: str
    kind: Kind = "paragraph"
    centred: bool = False


@dataclass(slots=True)
class Body:
    """The article, with what its lines told about it."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    source: str | None = None
    author: str | None = None
    editor: str | None = None


def tidy(text: str) -> str:
    """Outer blanks off, inner runs of blanks and breaks to one space."""
    return _SPACES.sub(" ", text).strip()


def build_body(blocks: Sequence[Block], title: str) -> Body:
    """Join what is article among `blocks`."""
    rules = line_rules()
    body = Body()
    kept: list[Block] = []
    captions: list[tuple[str, int]] = []
    total = sum(len(block.text) for block in blocks)
    seen = 0
    after_image = False
    for at, block in enumerate(blocks):
        text = tidy(block.text)
        seen += len(text)
        if block.kind == "image" or _IMAGE_NAME.match(text):
            after_image = True
            continue
        if not text:
            continue
        if kept and seen > total * LAST_PART and rules.ends_article(text):
            _drop_foot(kept)
            break
        if rules.begins_related(text):
            if kept and not _has_sentences(blocks[at + 1 :], total):
                break
            continue
        if block.kind != "table" and (rules.is_furniture(text) or rules.ends_article(text)):
            continue
        if text == title:
            after_image = True  # the alternative text of an image repeats the title
            continue
        outer = not kept or seen > total * NEARLY_ALL
        if rules.is_about_page(text, above=outer) and not _is_prose(text):
            _note(body, text)
            ended = kept and seen > total * LAST_PART and rules.closes_article(text)
            if ended and not _has_sentences(blocks[at + 1 :], total):
                break
            continue
        caption = block.kind == "caption" or (
            block.kind == "paragraph"
            and (rules.is_caption(text) or (after_image and _is_caption_like(text, block.centred)))
        )
        after_image = False
        if caption:
            captions.append((text, len(kept)))
        else:
            kept.append(Block(text, block.kind))
    _take_closing_byline(body, kept)
    if body.author is None:
        body.author = next(filter(None, (inline_reporter(b.text) for b in kept[:3])), None)
    _join(body, kept, captions)
    return body


def _drop_foot(kept: list[Block]) -> None:
    """Addresses and such in front of the line at which the page's foot was known."""
    while len(kept) > 1 and line_rules().is_foot(kept[-1].text):
        kept.pop()


def _has_sentences(blocks: Sequence[Block], total: int) -> bool:
    """Whether a fair part of the page's text follows, in full sentences."""
    return (
        sum(len(b.text) for b in blocks if len(b.text) > 40 and b.text.count("。")) > 0.15 * total
    )


def _is_prose(text: str) -> bool:
    return len(text) > 60 and bool(_SENTENCE.search(text[:-1]))


def _is_caption_like(text: str, centred: bool) -> bool:
    """Whether a line behind an image is its caption. A full sentence must be centred for it."""
    if len(text) > CAPTION_LENGTH or text[-1] in "::,，、：" or _SENTENCE.search(text[:-1]):
        return False
    return centred or not _SENTENCE.search(text)


def _note(body: Body, text: str) -> None:
    byline = line_rules().byline(text)
    body.source = body.source or byline.source
    body.author = body.author or byline.author
    body.editor = body.editor or byline.editor


def _take_closing_byline(body: Body, kept: list[Block]) -> None:
    """Lines that sign the article at its end: source and author, not text."""
    while len(kept) > 1:
        last = kept[-1].text
        found = closing_byline(last)
        name = line_rules().signature_of(last)
        if found:
            body.source = body.source or found[0]
            body.author = body.author or found[1]
        elif name:
            body.author = body.author or name
        else:
            return
        kept.pop()


def _join(body: Body, kept: list[Block], captions: list[tuple[str, int]]) -> None:
    starts = []
    offset = 0
    for block in kept:
        starts.append(offset)
        if block.kind in ("heading", "table", "list", "quote"):
            body.spans.append(Span(block.kind, offset, offset + len(block.text)))
        offset += len(block.text) + 1
    body.text = "\n".join(block.text for block in kept)
    end = len(body.text)
    body.captions = [
        Caption(text, starts[index] if index < len(starts) else end) for text, index in captions
    ]
