"""The search box of every page."""

from __future__ import annotations

from collections.abc import Iterable

from search_app.web import urls
from search_app.web.i18n import display
from search_app.web.presenters.parts import SearchForm


def search_form(text: str = "", pairs: Iterable[tuple[str, str]] = ()) -> SearchForm:
    """The form with `text` in its box; `pairs` are parameters that it sends along."""
    return SearchForm(
        action=urls.path_link("/search"),
        text=text,
        suggest=urls.path_link("/api/v1/suggest"),
        hidden=[*pairs, *display().params()],
    )
