"""Articles that are not in the page's tree: strings of scripts, and frames saved inside.

Pages built in the browser come as a shell and a script with the article as JSON.
They are only looked through where the tree gave little.
"""

from __future__ import annotations

import html
import json
import re
from functools import lru_cache

from indexer.extract.lines import load_rules

MIN_TEXT = 80
_HAN = re.compile(r"[\u3400-\u9fff]")
_TAG = re.compile(r"<[^>]{1,400}>")
_TEMPLATE = re.compile(r"^\s*<(?:div|p|section|article|table|h\d)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rules = load_rules("pagekinds.yaml")["script"]
    string = r"""(?:"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"|'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)')"""
    content, title = (
        re.compile(
            rf"""["']?\b(?:{rules[key]})["']?\s*[:=]\s*{string}""", re.IGNORECASE | re.DOTALL
        )
        for key in ("content", "title")
    )
    return content, title


def article_in_scripts(scripts: list[str]) -> tuple[str, str] | None:
    """Markup and title of the longest article that a script holds as a string."""
    content, title = _patterns()
    best, best_title, most = "", "", MIN_TEXT
    for script in scripts:
        if len(script) < MIN_TEXT:
            continue
        if _TEMPLATE.match(script):
            candidates = [script]
        else:
            candidates = [_literal(match) for match in content.finditer(script)]
        for markup in candidates:
            size = len(_HAN.findall(_TAG.sub("", markup)))
            if size > most:
                named = title.search(script)
                best, most = markup, size
                best_title = _literal(named) if named else ""
    return (best, _TAG.sub("", best_title)) if best else None


def _literal(match: re.Match[str]) -> str:
    """The value of a string literal; escaped markup in it is unescaped."""
    text = match["double"]
    if text is None:
        text = match["single"].replace('"', '\\"').replace("\\'", "'")
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        value = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": " "}.get(m[1], m[1]), text)
    if "&lt;" in value[:400] or "&quot;" in value[:40]:
        value = html.unescape(value).strip('"')
        if "\\u003" in value[:100] or "\\u003C" in value:
            value = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), value)
    return str(value)
