"""What is cut out of a page's markup before any tree is made of it.

Scripts, styles, comments and images written as data are most of the bytes of a
saved page. They are cut in one pass whose time is linear in the page, also where
an opening has no end. Scripts are kept aside: some hold the article or its date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.errors import PageRejected

MAX_MARKUP = 4 << 20
"""Characters of markup, without scripts and images, that a page may have."""

MAX_TAGS = 100_000
"""Tags that a page may have; the largest honest pages have a tenth of it."""

MAX_SCRIPTS = 2 << 20
"""Characters of scripts that are kept to be looked through."""

_CUT = (
    "script",
    "style",
    "noscript",
    "svg",
    "object",
    "iframe",
    "select",
    "template",
    "math",
    "canvas",
    "video",
    "audio",
)
_OPENING = re.compile(rf"<!--|<({'|'.join(_CUT)})(?=[\s>/])", re.IGNORECASE)
_CLOSING = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _CUT}
_TAG_END = re.compile(r"[^>]*>")
_SRCDOC = re.compile(r"""\ssrcdoc\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
# Attributes that no rule looks at and that can be very long.
_LONG_ATTRIBUTE = re.compile(
    r"""\s(?:style|src|srcset|data-[\w-]+|on\w+|poster|background)\s*=\s*(?:"[^"]{200,}"|'[^']{200,}')""",
    re.IGNORECASE,
)
_LONG_TAG = re.compile(r"<([a-zA-Z][\w:-]{0,20})[^<>]{8000,}")
_INLINE_TAG = re.compile(
    r"</?(?:font|span|b|strong|i|em|u|s|big|small|sub|sup|ins|del|label|center|o:p|a)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_DOCUMENT_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_DOCUMENT_START = re.compile(r"<(?:!doctype|\?xml|/?html|/?body)\b[^>]*>", re.IGNORECASE)
# References to characters that no text may hold (XML 1.0, 2.2).
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|127)|x0*(?:[0-8bcef]|1[0-9a-f]|7f|feff|fffe|ffff))(?:;|\b)",
    re.IGNORECASE,
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(\S+?)\s*-->", re.IGNORECASE)


@dataclass(slots=True)
class Markup:
    """Markup to be parsed, and the scripts that were cut out of it."""

    text: str
    scripts: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    saved_from: str | None = None


def cut_markup(page: str) -> Markup:
    """Cut what no tree is needed for. Raises `PageRejected` (reason "too_large")."""
    saved = _SAVED_FROM.search(page, 0, 4096)
    markup = Markup("", saved_from=saved[1] if saved else None)
    kept: list[str] = []
    position = 0
    endless: set[str] = set()
    script_room = MAX_SCRIPTS
    while opening := _OPENING.search(page, position):
        kept.append(page[position : opening.start()])
        name = (opening[1] or "").lower()
        if not name:
            end = -1 if "<!--" in endless else page.find("-->", opening.end())
            if end < 0:  # a comment without end: only its sign is cut
                endless.add("<!--")
            position = opening.end() if end < 0 else end + 3
            continue
        tag_end = _TAG_END.match(page, opening.end())
        if not tag_end:
            position = len(page)
            break
        closing = None if name in endless else _CLOSING[name].search(page, tag_end.end())
        if closing is None:
            endless.add(name)
            position = tag_end.end()
            continue
        if name == "script" and closing.start() - tag_end.end() <= script_room:
            script = page[tag_end.end() : closing.start()]
            script_room -= len(script)
            if len(script) > 20:
                markup.scripts.append(script)
        elif name == "iframe":
            frame = _SRCDOC.search(tag_end[0])
            if frame:
                markup.frames.append(frame[1][1:-1])
        position = closing.end()
    kept.append(page[position:])
    text = "".join(kept)
    if len(text) > 1 << 16:
        text = _LONG_ATTRIBUTE.sub("", text)
        # Of thousands of attributes a parser compares each with each.
        text = _LONG_TAG.sub(r"<\1", text)
    if len(text) > MAX_MARKUP:
        raise PageRejected(
            f"网页正文标记超过 {MAX_MARKUP >> 20} MB (too much markup)", reason="too_large"
        )
    if text.count("<") > MAX_TAGS:
        raise PageRejected(f"网页标记超过 {MAX_TAGS} 个 (too many tags)", reason="too_large")
    markup.text = _one_document(_CONTROL_REFERENCE.sub("", text))
    return markup


def flatten(text: str) -> str:
    """Markup without inline elements: where they are left open, every one nests deeper."""
    return _INLINE_TAG.sub("", text)


def _one_document(text: str) -> str:
    """Pages glued together (`</html>` twice) are read as one: a parser may stop at the first end."""
    if len(_DOCUMENT_END.findall(text)) > 2:
        text = _DOCUMENT_START.sub("", _DOCUMENT_END.sub("", text))
    return text
