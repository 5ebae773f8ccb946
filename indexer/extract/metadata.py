"""What the head of a page declares of it: title, date, source, author, address.

Sites follow many customs, listed in `data/metadata.yaml` in the order of trust.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from indexer.extract.body import tidy
from indexer.extract.lines import load_rules
from indexer.extract.outline import text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_TITLE = 200
MAX_VALUE = 500
_COLUMN_PAGE = re.compile(r"(?:(?:index|default|home|main|list)(?:_?\d{1,3})?(?:\.\w+)?)?")


@dataclass(frozen=True)
class MetadataRules:
    meta: dict[str, list[tuple[str, int]]]
    """Name of a declaration → what it declares, and its rank in the order of trust."""
    no_author: re.Pattern[str]
    no_source: re.Pattern[str]
    title_names: re.Pattern[str]
    separators: re.Pattern[str]
    site_name: re.Pattern[str]
    tags: re.Pattern[str]
    ids: dict[str, str]
    script_dates: tuple[re.Pattern[str], ...]
    date_label: re.Pattern[str]
    beside_date: re.Pattern[str]


@lru_cache(maxsize=1)
def metadata_rules() -> MetadataRules:
    """The rules of `data/metadata.yaml`, compiled once per process."""
    rules = load_rules("metadata.yaml")

    def pattern(name: str) -> re.Pattern[str]:
        return re.compile(rules[name], re.IGNORECASE)

    meta: dict[str, list[tuple[str, int]]] = {}
    for kind, names in rules["meta"].items():
        for rank, name in enumerate(names):
            meta.setdefault(name, []).append((kind, rank))
    return MetadataRules(
        meta=meta,
        no_author=pattern("no_author"),
        no_source=pattern("no_source"),
        title_names=pattern("title_names"),
        site_name=pattern("site_name"),
        separators=re.compile(rules["title_separators"]),
        tags=re.compile(rules["title_tags"]),
        ids={name: kind for kind, names in rules["ids"].items() for name in names},
        script_dates=tuple(re.compile(p) for p in rules["script_dates"]),
        date_label=pattern("date_label"),
        beside_date=pattern("beside_date"),
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
    for element in root.iter("title", "meta", "link"):
        tag = element.tag
        if tag == "title":
            if not head.page_title:
                head.page_title = tidy(text_of(element)[: 4 * MAX_TITLE])[:MAX_TITLE]
        elif tag == "meta":
            names = [element.get(key) for key in ("name", "property", "itemprop", "http-equiv")]
            content = tidy((element.get("content") or "")[:MAX_VALUE])
            for name in names:
                if name and content:
                    for kind, rank in rules.meta.get(name.lower(), ()):
                        ranked.setdefault(kind, []).append((rank, content))
        elif tag == "link" and (element.get("rel") or "").lower() == "canonical":
            canonical = element.get("href")
    head.values = {kind: [value for _, value in sorted(found)] for kind, found in ranked.items()}
    head.url = next(
        (url for url in (saved_from, canonical, head.first("url")) if url and is_article_url(url)),
        None,
    )
    for script in scripts:
        if '"@type"' in script or '"datePublished"' in script:
            head.linked.update(_linked_data(script))
    return head


def is_article_url(url: str) -> bool:
    """Whether an address can be that of one page rather than of a site or a column.

    Some systems declare the column's address on every article of it; taken for
    theirs, they would all become one document.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return False
    name = parts.path.rstrip("/").rsplit("/", 1)[-1].lower()
    if _COLUMN_PAGE.fullmatch(name):
        return len(parts.query) > 3
    return (
        bool(re.search(r"\d", parts.path)) or "." in name or len(name) > 20 or len(parts.query) > 3
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
            for key in ("headline", "datePublished", "pubDate"):
                if isinstance(item.get(key), str):
                    found.setdefault(key, item[key])
    return found
