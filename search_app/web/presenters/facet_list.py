"""The page with all values of one facet, with a box to look for one among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_app.search.results import SearchResults
from search_app.web import labels, urls
from search_app.web.i18n import display, gettext, ngettext, number
from search_app.web.presenters.facets import chosen, value
from search_app.web.presenters.parts import Chosen, Link

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """One value: choosing it, leaving it out, and what is so now."""

    text: str
    lang: str
    count: str
    url: str
    exclude: Link | None
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetPage:
    """The values of `facet.html`."""

    title: str
    summary: str
    find: str
    action: str
    hidden: Sequence[tuple[str, str]]
    chosen: Chosen
    rows: Sequence[Row]
    back: str
    cut: str


def facet_page(results: SearchResults, name: str, find: str) -> FacetPage:
    """Everything that `facet.html` prints; `find` keeps the values that contain it."""
    state = results.state
    rows = []
    for item in results.facets.get(name, ()):
        if not item.count and not item.selected:
            continue
        box = value(name, item)
        if find.strip().lower() not in box.text.lower():
            continue
        rows.append(
            Row(
                box.text, box.lang, box.count,
                urls.link("/search", state.toggled(name, item.value).params()),
                None if item.selected or item.excluded else Link(
                    urls.link("/search", state.excluding(name, item.value).params()),
                    box.exclude_text,
                ),
                item.selected,
            )
        )  # fmt: skip
    title = labels.facet(name)
    return FacetPage(
        title=title,
        summary=ngettext("%(count)s 项", "%(count)s 项", len(rows), count=number(len(rows))),
        find=find,
        action=urls.path_link(f"/facets/{name}"),
        hidden=[*state.params(), *display().params()],
        chosen=chosen(state),
        rows=rows[:MOST],
        back=urls.link("/search", state.params()),
        cut=gettext("只列出前 %(count)s 项，请用上面的输入框缩小范围。", count=number(MOST))
        if len(rows) > MOST
        else "",
    )
