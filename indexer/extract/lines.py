"""Lines of a page that are not its article: the rules of `data/furniture.yaml`, interpreted.

A saved page keeps navigation, licences, image names and sharing widgets as lines
among its paragraphs. The same rules serve text files and the blocks of HTML pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

# Only what rules look for; the text itself stays as it was written.
_FOLD = str.maketrans("：，（）｜；！？【】　\xa0＞／", ":,()|;!?[]  >/")
_INLINE_REPORTER = re.compile(r"^.{0,60}?\((?:本报|本网|见习|通讯员|实习)*记者\s*([^)]{2,30})\)")
_NAMES = r"[一-鿿·]{2,4}(?:[\s、][一-鿿·]{2,4}){0,3}"
_CLOSING_BYLINE = re.compile(
    r"^(?:(?P<source>\S{2,16}?(?:网|报|台|社|号|端|联|局|会|办|部))\s+)?"
    rf"(?P<author>{_NAMES})\s?/\s?(?:文|图|文图|图文|摄)"
    rf"(?:[\s,、]{{1,4}}{_NAMES}\s?/\s?(?:图|文|摄|文图|摄影|编辑)){{0,4}}$"
)


def load_rules(name: str) -> dict[str, Any]:
    """One rule file of this package, as YAML gives it."""
    text = (files("indexer.extract") / "data" / name).read_text(encoding="utf-8")
    rules: dict[str, Any] = yaml.safe_load(text)
    return rules


def fold(line: str) -> str:
    """Full-width signs as the rules write them; one character for one."""
    return line.translate(_FOLD)


MAX_LINE = 160
"""Characters of a line beyond which it is no furniture."""


def is_prose(line: str) -> bool:
    """Whether a line is long or has a sentence in it: what rules must be wary of."""
    return len(line) > MAX_LINE or (len(line) > 30 and "。" in line)


@dataclass(frozen=True, slots=True)
class Byline:
    """What one line says about the page."""

    source: str | None = None
    author: str | None = None
    editor: str | None = None


@dataclass(frozen=True)
class LineRules:
    """The compiled rules; every question takes a line as it was written."""

    end: re.Pattern[str]
    legal: re.Pattern[str]
    foot: re.Pattern[str]
    related: re.Pattern[str]
    closing: re.Pattern[str]
    drop: re.Pattern[str]
    navigation: re.Pattern[str]
    caption: re.Pattern[str]
    site_title: re.Pattern[str]
    source: tuple[re.Pattern[str], ...]
    author: tuple[re.Pattern[str], ...]
    editor: tuple[re.Pattern[str], ...]
    label: re.Pattern[str]
    label_above: re.Pattern[str]
    signature: re.Pattern[str]

    def ends_article(self, line: str) -> bool:
        """Whether nothing of the article follows, where it is over in the main."""
        folded = fold(line[:MAX_LINE]).strip()
        return bool(self.legal.match(folded) or (not is_prose(line) and self.end.match(folded)))

    def begins_related(self, line: str) -> bool:
        """Whether the line heads links to other pages."""
        return len(line) <= 60 and bool(self.related.match(fold(line).strip(" [<")))

    def closes_article(self, line: str) -> bool:
        """Whether the line names the editors, as the last of an article."""
        return len(line) <= 60 and bool(self.closing.match(fold(line).strip(" [<")))

    def is_foot(self, line: str) -> bool:
        """Whether the line would be furniture in front of a licence."""
        return len(line) <= 120 and bool(self.foot.match(fold(line).strip()))

    def is_furniture(self, line: str) -> bool:
        """Whether the line is never part of an article."""
        if is_prose(line):
            return False
        folded = fold(line).strip()
        return bool(self.drop.match(folded) or self.navigation.match(folded))

    def is_navigation(self, line: str) -> bool:
        return bool(self.navigation.match(fold(line[:400]).strip()))

    def is_caption(self, line: str) -> bool:
        return len(line) <= 120 and bool(self.caption.search(fold(line)))

    def is_site_title(self, line: str) -> bool:
        return bool(self.site_title.search(line[:200]))

    def is_about_page(self, line: str, *, above: bool = True) -> bool:
        """Whether the line labels date, source or editors.

        `above`: it stands above the article, or as its last, where more labels are
        the page's own.
        """
        if len(line) > MAX_LINE:
            return False
        folded = fold(line)
        return bool(self.label.search(folded) or (above and self.label_above.search(folded)))

    def signature_of(self, line: str) -> str | None:
        """The person that a line at the article's end names, where it does nothing else."""
        match = self.signature.fullmatch(fold(line).strip()) if len(line) <= 60 else None
        return match["value"].strip() if match else None

    def byline(self, line: str) -> Byline:
        folded = fold(line)
        return Byline(
            _value(self.source, folded), _value(self.author, folded), _value(self.editor, folded)
        )


def _value(patterns: tuple[re.Pattern[str], ...], line: str) -> str | None:
    for pattern in patterns:
        match = pattern.search(line)
        if match:
            return match["value"].strip(" :·-—、,") or None
    return None


@lru_cache(maxsize=1)
def line_rules() -> LineRules:
    """The shipped rules, compiled once per process."""
    furniture, bylines = load_rules("furniture.yaml"), load_rules("bylines.yaml")

    def any_of(patterns: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

    name = rf"(?!{bylines['not_names']})[一-鿿·]{{2,5}}"
    names = rf"{name}(?:[\s、,]{{1,2}}{name}(?![一-鿿:])){{0,4}}"

    def each_of(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern.replace("{names}", names)) for pattern in patterns)

    return LineRules(
        end=any_of(furniture["end"]),
        legal=any_of(furniture["legal"]),
        foot=any_of(furniture["foot"]),
        related=any_of(furniture["related"]),
        closing=re.compile(furniture["closing"]),
        drop=any_of(furniture["drop"]),
        navigation=any_of(furniture["navigation"]),
        caption=any_of(furniture["caption"]),
        site_title=any_of(furniture["site_title"]),
        source=each_of(bylines["source"]),
        author=each_of(bylines["author"]),
        editor=each_of(bylines["editor"]),
        label=re.compile(bylines["label"]),
        label_above=re.compile(bylines["label_above"]),
        signature=re.compile(bylines["signature"].replace("{names}", names)),
    )


def inline_reporter(text: str) -> str | None:
    """Author out of a dateline: 深圳新闻网2023年4月29日讯(记者 田也)…"""
    match = _INLINE_REPORTER.match(fold(text[:MAX_LINE]))
    return match[1].split(" 通讯员")[0].strip() if match else None


def closing_byline(line: str) -> tuple[str | None, str] | None:
    """Source and author of a last line such as 深圳残疾人网 许建香/文 廖泽南/图."""
    if len(line) > 80:
        return None
    match = _CLOSING_BYLINE.match(line.strip().strip("()（）"))
    return (match["source"], match["author"]) if match else None
