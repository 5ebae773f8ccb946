"""The way from a request to search: the service of the application and the state of the address."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Flask, current_app, g, request

from search_app.search.service import SearchService
from search_app.search.state import SearchState


def service() -> SearchService:
    """The application's service."""
    return cast(SearchService, current_app.extensions["search_app.service"])


def state() -> SearchState:
    """The search that the address of the request under way names."""
    if "search_state" not in g:
        g.search_state = SearchState.from_params(request.args.to_dict(flat=False))
    return cast(SearchState, g.search_state)


def original(document_id: str) -> tuple[bytes, str, str] | None:
    """The saved bytes of a page with media type and encoding; None where none are kept."""
    try:
        return service().original(document_id)
    except KeyError:
        return None


def install(app: Flask) -> None:
    """Give an application its service. The index is opened by the first search."""
    ready = app.config["SERVICE"] or SearchService(Path(app.config["INDEX_DIR"]))
    app.extensions["search_app.service"] = ready
