"""Title, date, source, author and address of an HTML page.

A page states each of them in several places that may disagree. The order of trust:
what stands beside the article for all to see, then what the head declares, then
scripts and the address.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from indexer.extract.around import Around
from indexer.extract.body import tidy
from indexer.extract.dates import Moment, date_of_url, find_moment, parse_date
from indexer.extract.lines import fold, line_rules, load_rules
from indexer.extract.tree import text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_TITLE = 200
MAX_VALUE = 500
MAX_BYLINE = 120
_HEADINGS = ("h1", "h2", "h3")
_SIGNS = re.compile(r"[\W_]+")
_NAME = re.compile(r"[一-鿿A-Za-z0-9·]+")
# What stands beside a date and names nobody.
_NOT_SOURCE = re.compile(
    r"[\[【(（][^\]】)）]*[\]】)）]|\d[\d:.,万+]*\s*[次人条个]?(?!\w)|[\d:.|]+|发布(?:时间|日期|于)?|发表(?:时间|于)?|更新|阅读|浏览|点击|评论|分享(?:到)?|收藏|字号|字体|打印|举报"
    r"|原创|关注|跟贴|参与|来自|正文|首页|已?编辑于"
)
_LABELLED = re.compile(
    r"(?:时间|日期|(?:发布|发表|发稿|更新|刊登|刊发|编辑|转载)于?|\bdate|\btime)\s*:?\s*[^\d。,]{0,6}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class MetadataRules:
    meta: dict[str, dict[str, int]]
    no_author: re.Pattern[str]
    no_source: re.Pattern[str]
    title_names: re.Pattern[str]
    separators: re.Pattern[str]
    site_name: re.Pattern[str]
    tags: re.Pattern[str]
    ids: dict[str, str]
    script_dates: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def metadata_rules() -> MetadataRules:
    """The rules of `data/metadata.yaml`, compiled once per process."""
    rules = load_rules("metadata.yaml")

    def pattern(name: str) -> re.Pattern[str]:
        return re.compile(rules[name], re.IGNORECASE)

    return MetadataRules(
        meta={
            key: {name: rank for rank, name in enumerate(names)}
            for key, names in rules["meta"].items()
        },
        no_author=pattern("no_author"),
        no_source=pattern("no_source"),
        title_names=pattern("title_names"),
        site_name=pattern("site_name"),
        separators=re.compile(rules["title_separators"]),
        tags=re.compile(rules["title_tags"]),
        ids={name: kind for kind, names in rules["ids"].items() for name in names},
        script_dates=tuple(re.compile(p) for p in rules["script_dates"]),
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may be the headline, and the number of its element."""

    text: str
    index: int


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
                head.page_title = tidy(text_of(element)[: 4 * MAX_TITLE])[:MAX_TITLE]
        elif tag == "meta":
            names = [element.get(key) for key in ("name", "property", "itemprop", "http-equiv")]
            content = tidy((element.get("content") or "")[:MAX_VALUE])
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
        (url for url in (saved_from, canonical, head.first("url")) if url and is_article_url(url)),
        None,
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
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and (
            (len(path) > 1 and not re.fullmatch(r"(index|default|home)(\.\w+)?", path))
            or len(parts.query) > 3
        )
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
    pairs = _pairs(prose[:20000])
    best: tuple[str, int | None] = ("", None)
    most = -1.0
    for text, index in candidates:
        score = _share(text, pairs) + (0.15 if index is None else 0.0)
        if _names_site(text):
            score -= 0.5
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


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _share(text: str, pairs: set[str]) -> float:
    own = _pairs(_key(text))
    return len(own & pairs) / len(own) if own else 0.0


# --- date ----------------------------------------------------------------------


def choose_date(head: Head, around: Around, url: str | None, scripts: list[str]) -> Moment | None:
    """The moment of publication."""
    shown = _shown_date(around.dateline, "any") or _shown_date(around.opening, "clear")
    declared = next(
        (moment for moment in map(parse_date, head.values.get("date", ())) if moment), None
    ) or parse_date(head.linked.get("datePublished") or head.linked.get("pubDate"))
    if shown and declared and shown.date != declared.date and shown.date != date_of_url(url):
        shown = None
    # Farther off other items have dates too, so only what says that it is one counts.
    weaker = (
        _shown_date(around.ending, "clear")
        or _shown_date(around.after, "labelled")
        or _shown_date(around.before, "labelled")
    )
    found = _more_exact(shown, declared) or weaker or _script_date(scripts)
    of_url = None if found else date_of_url(url)
    return Moment(of_url) if of_url else found


def _more_exact(first: Moment | None, second: Moment | None) -> Moment | None:
    if first and second and not first.time:
        return second if second.time else first
    return first or second


def _shown_date(lines: list[str], need: Literal["any", "clear", "labelled"]) -> Moment | None:
    """The first date that is labelled or, unless that is needed, fills its line or has
    a time of day beside it; of "any" kind, one in a short line where none is clear."""
    fallback = None
    for line in lines:
        text = fold(line)
        moment = find_moment(text)
        if moment is None or len(moment.date) < 10:
            continue
        share = (moment.end - moment.start) / len(text.strip())
        if _LABELLED.search(text[: moment.start]) or (
            need != "labelled" and (share >= 0.8 or (moment.time and share >= 0.4))
        ):
            return moment
        if need == "any" and fallback is None and (len(text) < 60 or moment.time):
            fallback = moment
    return fallback


def _script_date(scripts: list[str]) -> Moment | None:
    """The date that scripts state, where all that they state is of one day."""
    for pattern in metadata_rules().script_dates:
        stated = [
            moment
            for script in scripts
            for match in pattern.finditer(script)
            if (moment := parse_date(match["value"]))
        ]
        if len({moment.date for moment in stated}) == 1:
            return stated[0]
    return None


# --- source and author ---------------------------------------------------------


def choose_byline(
    head: Head, around: Around, named: dict[str, str]
) -> tuple[str | None, str | None, str | None]:
    """Source, author and editor: as shown with the headline, else as elements are named,
    else behind the article, else as the head declares."""
    source, author, editor = _labelled(around.dateline)
    source = source or _source(named.get("source")) or _bare_source(around.dateline)
    author = author or _author(named.get("author"))
    later = _labelled(around.opening + around.ending + around.after + around.before)
    return (
        source or later[0] or _source(head.first("source")),
        author or later[1] or _author(head.first("author")),
        editor or later[2] or head.first("editor") or None,
    )


def _labelled(lines: list[str]) -> tuple[str | None, str | None, str | None]:
    source = author = editor = None
    for line in lines:
        if len(line) > MAX_BYLINE or "。" in line:
            continue
        byline = line_rules().byline(line)
        source = source or _source(byline.source)
        author = author or _author(byline.author)
        editor = editor or byline.editor
    return source, author, editor


def _source(text: str | None) -> str | None:
    if not text or len(text) > 40 or metadata_rules().no_source.match(text):
        return None
    return text


def _author(text: str | None) -> str | None:
    if not text or len(text) > 40 or metadata_rules().no_author.match(text):
        return None
    return text


def _bare_source(dateline: list[str]) -> str | None:
    """A source without a label: a name beside the date, or as the line before or behind it."""
    for at, line in enumerate(dateline[:12]):
        moment = find_moment(fold(line))
        if moment is None:
            continue
        beside = [dateline[i] for i in (at - 1, at + 1) if 0 <= i < len(dateline)]
        for text in (line[: moment.start], line[moment.end :], *beside):
            words = _NOT_SOURCE.sub(" ", text).split("/")[-1].split()
            word = words[0].strip("·|,，:：-—丨") if words else ""
            if 2 <= len(word) <= 12 and len(words) <= 3 and _NAME.fullmatch(word):
                return word
        return None
    return None


def named_values(elements: list[Element]) -> dict[str, str]:
    """Texts of elements whose id says what they hold."""
    names = metadata_rules().ids
    found: dict[str, str] = {}
    for element in elements:
        identity = element.get("id")
        if identity and identity in names:
            found.setdefault(names[identity], tidy(text_of(element))[:80])
    return found
