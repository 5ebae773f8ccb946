"""Date, source, author and editor of an HTML page.

A page states each of them in several places that may disagree. The order of trust:
what stands with the headline for all to see, then what the head declares, then
lines farther off, scripts and the address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from indexer.extract.around import Around
from indexer.extract.body import tidy
from indexer.extract.dates import Moment, date_of_url, find_moment, parse_date
from indexer.extract.lines import fold, line_rules
from indexer.extract.metadata import Head, metadata_rules
from indexer.extract.outline import text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_BYLINE = 120
_NAME = re.compile(r"[一-鿿A-Za-z0-9·]+")


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
    label = metadata_rules().date_label
    fallback = None
    for line in lines:
        text = fold(line)
        moment = find_moment(text)
        if moment is None or len(moment.date) < 10:
            continue
        share = (moment.end - moment.start) / len(text.strip())
        if label.search(text[: moment.start]) or (
            need != "labelled"
            and (share >= 0.8 or (moment.time and share >= 0.4) or line_rules().is_about_page(line))
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
            words = metadata_rules().beside_date.sub(" ", text).split("/")[-1].split()
            word = words[0].strip("·|,，:：-—丨") if words else ""
            if 2 <= len(word) <= 12 and len(words) <= 3 and _NAME.fullmatch(word) and _source(word):
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
