"""Title, date, source, author and address of an HTML page.

A page states each of them in several places that may disagree. The order of trust:
what stands beside the article for all to see, then what the head declares, then
scripts and the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lxml import etree

from indexer.extract.body import tidy
from indexer.extract.dates import Moment, date_of_url, find_moment, parse_date
from indexer.extract.lines import fold, line_rules, load_rules

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_TITLE = 200
_HEADINGS = ("h1", "h2", "h3")
_SIGNS = re.compile(r"[\W_]+")
_LABELLED = re.compile(r"(?:发布|发表|发稿|更新|录入|成文|创建)?(?:时间|日期|于)\s*:?")


@dataclass(frozen=True)
class MetadataRules:
    meta: dict[str, dict[str, int]]
    no_author: re.Pattern[str]
    no_source: re.Pattern[str]
    title_names: re.Pattern[str]
    date_names: re.Pattern[str]
    separators: re.Pattern[str]
    tags: re.Pattern[str]
    script_dates: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def metadata_rules() -> MetadataRules:
    """The rules of `data/metadata.yaml`, compiled once per process."""
    rules = load_rules("metadata.yaml")

    def pattern(name: str) -> re.Pattern[str]:
        return re.compile(rules[name], re.IGNORECASE)

    return MetadataRules(
        meta={key: {name: rank for rank, name in enumerate(names)} for key, names in rules["meta"].items()},
        no_author=pattern("no_author"),
        no_source=pattern("no_source"),
        title_names=pattern("title_names"),
        date_names=pattern("date_names"),
        separators=re.compile(rules["title_separators"]),
        tags=re.compile(rules["title_tags"]),
        script_dates=tuple(re.compile(p) for p in rules["script_dates"]),
    )


@dataclass(slots=True)
class Head:
    """What the head of a page declares; the value of each kind by the order of trust."""

    page_title: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    url: str | None = None
    linked: dict[str, Any] = field(default_factory=dict)

    def first(self, kind: str) -> str:
        return next(iter(self.values.get(kind, ())), "")


def read_head(root: Element, scripts: list[str], saved_from: str | None) -> Head:
    """Read title, meta, canonical link and JSON-LD."""
    rules = metadata_rules()
    head = Head()
    ranked: dict[str, list[tuple[int, str]]] = {}
    canonical = None
    for element in root.iter("title", "meta", "link", "base"):
        tag = element.tag
        if tag == "title":
            if not head.page_title:
                head.page_title = tidy("".join(element.itertext()))[:MAX_TITLE]
        elif tag == "meta":
            names = [element.get(key) for key in ("name", "property", "itemprop", "http-equiv")]
            content = tidy(element.get("content") or "")
            for name in names:
                if name and content:
                    for kind, known in rules.meta.items():
                        rank = known.get(name.lower())
                        if rank is not None:
                            ranked.setdefault(kind, []).append((rank, content))
        elif tag == "link" and (element.get("rel") or "").lower() == "canonical":
            canonical = element.get("href")
    head.values = {kind: [value for _, value in sorted(found)] for kind, found in ranked.items()}
    head.url = next(
        (url for url in (saved_from, canonical, head.first("url")) if url and is_article_url(url)), None
    )
    for script in scripts:
        if '"@type"' in script or '"datePublished"' in script:
            head.linked.update(_linked_data(script))
    return head


def is_article_url(url: str) -> bool:
    """Whether an address can be that of one page rather than of a whole site."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    path = parts.path.strip("/")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and (
        (len(path) > 1 and not re.fullmatch(r"(index|default|home)(\.\w+)?", path)) or len(parts.query) > 3
    )


def _linked_data(script: str) -> dict[str, Any]:
    try:
        data = json.loads(script.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return {}
    found: dict[str, Any] = {}
    queue = [data]
    while queue:
        item = queue.pop(0)
        if isinstance(item, list):
            queue.extend(item[:50])
        elif isinstance(item, dict):
            if isinstance(item.get("@graph"), list):
                queue.extend(item["@graph"][:50])
            for key in ("headline", "datePublished", "pubDate", "articleBody"):
                if isinstance(item.get(key), str):
                    found.setdefault(key, item[key])
    return found


# --- title ---------------------------------------------------------------------


def choose_title(head: Head, headings: list[str]) -> str:
    """The headline: a heading that the page's title confirms, else what declares one.

    `headings` are headings and title elements around the article, best first.
    """
    rules = metadata_rules()
    stated = [head.page_title, *head.values.get("title", ())]
    keys = [_key(text) for text in stated if text]
    plausible = [text for text in headings if 4 <= len(text) <= MAX_TITLE]
    for text in plausible:
        key = _key(clean_title(text))
        if len(key) >= 3 and any(key in other for other in keys):
            return clean_title(text)
    for text in plausible:
        key = _key(clean_title(text))
        if any(len(other) >= 8 and other[: max(8, len(other) // 2)] in key for other in keys):
            return clean_title(text)
    for text in (head.first("title"), str(head.linked.get("headline", ""))):
        cut = clean_title(text, head.page_title)
        if len(cut) >= 4 and not line_rules().is_site_title(cut):
            return cut
    title = clean_title(head.page_title, cut_site=True)
    if (not title or rules_say_site(head.page_title)) and plausible:
        return clean_title(plausible[0])
    return title or (clean_title(plausible[0]) if plausible else "")


def rules_say_site(title: str) -> bool:
    return line_rules().is_site_title(title)


def clean_title(text: str, page_title: str = "", *, cut_site: bool = False) -> str:
    """A headline without media tags and, where asked, without the site's name behind it."""
    rules = metadata_rules()
    text = tidy(rules.tags.sub("", text))
    if not cut_site:
        return text
    parts = rules.separators.split(text)
    parts = [tidy(part) for part in parts if part and tidy(part)]
    if len(parts) < 2:
        return text
    first = text[: text.find(parts[0]) + len(parts[0])]
    if len(parts[0]) >= 6:
        return first
    return max(parts, key=len)


def _key(text: str) -> str:
    return _SIGNS.sub("", text).lower()


# --- date ----------------------------------------------------------------------


def choose_date(head: Head, near: list[str], url: str | None, scripts: list[str]) -> Moment | None:
    """The moment of publication. `near` are the lines around headline and article."""
    shown = _shown_date(near)
    declared = next(
        (moment for moment in map(parse_date, head.values.get("date", ())) if moment), None
    ) or parse_date(head.linked.get("datePublished") or head.linked.get("pubDate"))
    if shown and declared and shown.date[:10] != declared.date[:10]:
        # The visible one may be another item's; the address decides, else the head.
        return shown if shown.date == date_of_url(url) else declared
    for moment in (_more_exact(shown, declared), _script_date(scripts)):
        if moment:
            return moment
    of_url = date_of_url(url)
    return Moment(of_url) if of_url else None


def _more_exact(first: Moment | None, second: Moment | None) -> Moment | None:
    if first and second and not first.time:
        return second if second.time else first
    return first or second


def _shown_date(near: list[str]) -> Moment | None:
    rules = line_rules()
    fallback = None
    for line in near:
        text = fold(line)
        moment = find_moment(text)
        if moment is None or len(moment.date) < 10:
            continue
        labelled = bool(_LABELLED.search(text[: moment.start + 1])) or rules.is_about_page(text)
        alone = moment.end - moment.start >= 0.5 * len(text.strip())
        if labelled or alone or moment.time:
            return moment
        if fallback is None and len(text) < 60:
            fallback = moment
    return fallback


def _script_date(scripts: list[str]) -> Moment | None:
    for pattern in metadata_rules().script_dates:
        for script in scripts:
            for match in pattern.finditer(script):
                moment = parse_date(match["value"])
                if moment:
                    return moment
    return None


# --- source and author ---------------------------------------------------------


def choose_byline(head: Head, near: list[str]) -> tuple[str | None, str | None, str | None]:
    """Source, author and editor out of the lines around the article, else the head."""
    rules = metadata_rules()
    source = author = editor = None
    for line in near:
        if len(line) > 160:
            continue
        byline = line_rules().byline(line)
        source = source or byline.source
        author = author or byline.author
        editor = editor or byline.editor
    if not source:
        source = head.first("source") or None
    if not author:
        author = head.first("author") or None
    editor = editor or head.first("editor") or None
    if source and (rules.no_source.match(source) or source.startswith("http") or len(source) > 40):
        source = None
    if author and (rules.no_author.match(author) or len(author) > 40):
        author = None
    return source, author, editor


# --- lines around the article ----------------------------------------------------


def texts_around(elements: list[Element], start: int, end: int) -> Iterator[str]:
    """The short lines of the elements numbered `start` to `end`, in order."""
    for element in elements[start:end]:
        for text in (element.text, element.tail):
            if text:
                text = tidy(text)
                if 2 <= len(text) <= 160:
                    yield text


def drop_comments(root: Element) -> None:
    """Comments and processing instructions out of the tree, texts around them kept."""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
