"""An Atom feed (RFC 4287) of any search, newest documents first."""

from __future__ import annotations

import re

from flask import Blueprint, Response, render_template

from search_app.search.results import SearchHit
from search_app.web import urls
from search_app.web.gateway import service, state
from search_app.web.i18n import display, gettext

blueprint = Blueprint("feeds", __name__)

ENTRIES = 30

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_TAG = re.compile(r"</?mark>")


def safe(text: str) -> str:
    """Text without the characters that XML 1.0 cannot carry."""
    return _NOT_XML.sub("", text)


def when(date: str | None) -> str:
    """A date of the archive as RFC 3339; what is unknown of it is its beginning."""
    known = _DATE.match(date or "")
    year, month, day = known.groups("01") if known else ("1970", "01", "01")
    return f"{year}-{month}-{day}T00:00:00+08:00"


def entry(hit: SearchHit) -> dict[str, str]:
    """What the template prints of a hit."""
    address = urls.outside(f"/documents/{urls.segment(hit.id)}", display().params())
    summary = " … ".join(_TAG.sub("", text) for text in hit.snippets)
    return {
        "id": f"urn:xiezuo:document:{urls.segment(hit.id)}",
        "title": safe(hit.title) or gettext("（无标题）"),
        "updated": when(hit.date),
        "author": safe(hit.source or gettext("来源不明")),
        "url": address,
        "summary": safe(summary),
    }


@blueprint.get("/feed.atom")
def feed() -> Response:
    """The newest documents of a search."""
    wanted = state().with_sort("newest").with_per_page(ENTRIES)
    results = service().search(wanted, ())
    pairs = state().with_page(1).params()
    extra = display().params()
    title = gettext("协作档案检索")
    if wanted.text:
        title = gettext("“%(text)s” – 协作档案检索", text=safe(wanted.text[:80]))
    entries = [entry(hit) for hit in results.hits]
    xml = render_template(
        "feed.xml",
        title=title,
        lang=display().lang,
        itself=urls.outside("/feed.atom", [*pairs, *extra]),
        page=urls.outside("/search", [*pairs, *extra]),
        updated=max((item["updated"] for item in entries), default=when(None)),
        entries=entries,
    )
    return Response(xml, content_type="application/atom+xml; charset=utf-8")
