"""The headline of a page: among what it declares and what it shows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from indexer.extract.body import tidy
from indexer.extract.lines import line_rules
from indexer.extract.metadata import MAX_TITLE, Head, metadata_rules
from indexer.extract.outline import Outline, text_of

_EMPHASIS = ("b", "big", "center", "font", "strong")
_BESIDE = 12
_PROSE = 20_000
"""Characters of the article that titles are compared with."""
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may be the headline, and the number of its element."""

    text: str
    index: int


def find_headings(outline: Outline, container: int | None, page_title: str) -> list[Heading]:
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
        elif tag in _EMPHASIS and size >= 8 and abs(index - at) <= _BESIDE:
            rank = 6  # old pages set headlines in large or bold type
        else:
            continue
        text = tidy(text_of(element))
        if len(text) < 2 or (rank > 1 and outline.link_density(index) > 0.9):
            continue
        distance = abs(index - at) // 40 + (20 if index > end else 0)
        found.append((rank * 2 + distance, index, text))
    found.sort()
    return [Heading(text, index) for _, index, text in found[:16]]


def choose_title(head: Head, headings: list[Heading], prose: str) -> tuple[str, int | None]:
    """The headline, and the number of the element that shows it.

    A heading that the page's title confirms; else, of what is declared and of the
    headings, the one whose words the article (`prose`) uses most.
    """
    stated = [head.page_title, *head.values.get("title", ())]
    keys = [_key(clean_title(text)) for text in stated if text]
    # The site's name is part of the page's title and can be a heading too.
    confirmed = [
        (_names_site(heading.text), doubt, place)
        for place, heading in enumerate(headings)
        if (doubt := _doubt(_key(clean_title(heading.text)), keys)) is not None
    ]
    if confirmed:
        heading = headings[min(confirmed)[2]]
        return clean_title(heading.text), heading.index
    declared = [clean_title(head.first("title"), cut_site=True)]
    declared += [str(head.linked.get("headline", ""))]
    declared += [clean_title(head.page_title, cut_site=True), *title_parts(head.page_title)[1:]]
    candidates: list[tuple[str, int | None]] = [(text, None) for text in declared if len(text) >= 4]
    candidates += [(clean_title(h.text), h.index) for h in headings[:5] if len(h.text) >= 6]
    prose = prose[:_PROSE]
    pairs, prose_key = Counter(_pairs(prose)), _key(prose)
    best: tuple[str, int | None] = ("", None)
    most = -1.0
    for text, index in candidates:
        # What stands in the article itself must be taken up in it again.
        share = _share(text, pairs, 1 + (_key(text) in prose_key))
        score = share + (0.15 if index is None else 0.0) - 0.5 * _names_site(text)
        if score > most:
            best, most = (text, index), score
    return best


def _names_site(text: str) -> bool:
    return bool(line_rules().is_site_title(text) or metadata_rules().site_name.search(text))


def _doubt(key: str, stated: list[str]) -> int | None:
    """0 where a declared title holds this heading whole, 1 where the heading goes on
    after a declared title or most of it, None where no title confirms it."""
    if len(key) < 4:
        return None
    for other in stated:
        if key in other and (len(key) >= 8 or other.startswith(key) or len(key) * 2 > len(other)):
            return 0
    if any(len(o) >= 8 and key.startswith(o[: max(8, len(o) * 2 // 3)]) for o in stated):
        return 1
    return None


def clean_title(text: str, *, cut_site: bool = False) -> str:
    """A headline without tags of media and, where asked, without the site's name behind it."""
    rules = metadata_rules()
    text = tidy(rules.tags.sub("", text))
    if not cut_site:
        return text
    parts = title_parts(text)
    if len(parts) < 2:
        return text
    return parts[0] if len(parts[0]) >= 6 else max(parts, key=len)


def title_parts(text: str) -> list[str]:
    """The parts of a page's title: headline, column, site."""
    return [part for part in map(tidy, metadata_rules().separators.split(text)) if part]


def _key(text: str) -> str:
    return _SIGNS.sub("", text).lower()


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


def _share(text: str, pairs: Counter[str], times: int) -> float:
    """Share of the pairs of characters of `text` that occur so many times."""
    own = _pairs(_key(text))
    return sum(pairs[pair] >= times for pair in own) / len(own) if own else 0.0
