"""The way from a request to search: the service of the application and the state of the address."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import current_app, g, request

from search_app.search.service import SearchService
from search_app.search.state import SearchState


def service() -> SearchService:
    """The application's service, made at its first use."""
    ready = current_app.extensions.get("search_app.service")
    if ready is None:
        ready = current_app.config["SERVICE"] or SearchService(
            Path(current_app.config["INDEX_DIR"])
        )
        current_app.extensions["search_app.service"] = ready
    return cast(SearchService, ready)


def state() -> SearchState:
    """The search that the address of the request under way names."""
    if "search_state" not in g:
        g.search_state = SearchState.from_params(request.args.to_dict(flat=False))
    return cast(SearchState, g.search_state)


def original(document_id: str) -> tuple[bytes, str, str] | None:
    """The saved bytes of a page with media type and encoding; None where none are kept."""
    read = getattr(service(), "original", None)
    if read is None:
        return None
    try:
        kept: tuple[bytes, str, str] | None = read(document_id)
    except KeyError:
        return None
    return kept
