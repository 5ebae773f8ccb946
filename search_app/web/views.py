"""The HTML pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from indexer.document import Document
from search_app.search.results import SearchResults
from search_app.search.service import SHOWN_FACETS
from search_app.search.state import FILTERS, SearchState
from search_app.web import urls
from search_app.web.display import NAMES
from search_app.web.errors import NotThere
from search_app.web.gateway import service, state
from search_app.web.i18n import gettext
from search_app.web.presenters.document import document_page
from search_app.web.presenters.facet_list import facet_page
from search_app.web.presenters.facets import PLACES
from search_app.web.presenters.family import family_page
from search_app.web.presenters.frame import frame
from search_app.web.presenters.overview import overview_page
from search_app.web.presenters.results import results_page
from search_app.web.presenters.start import start_page

blueprint = Blueprint("pages", __name__)

RECENT = 8


@blueprint.app_context_processor
def with_frame() -> dict[str, object]:
    """Every page is printed inside the frame, and links with `url`."""

    def url(path: str, **pairs: str) -> str:
        return urls.link(path, list(pairs.items()))

    return {"frame": frame(), "url": url}


def wanted_facets(search: SearchState) -> tuple[str, ...]:
    """The facets to count: cities and counties only below a chosen province."""
    below = [
        place for name, place in PLACES.items()
        if search.choice(name).values or search.choice(place)
    ]  # fmt: skip
    return (*SHOWN_FACETS, "flags", *below)


def canonical(search: SearchState) -> Response | None:
    """A redirect to the one address of a search, where a form without JavaScript sent a
    span of years as two fields or empty ones."""
    if not {"year_from", "year_to"} & request.args.keys():
        return None
    pairs = search.params()
    if request.args.get("page"):
        pairs = [pair for pair in pairs if pair[0] != "page"]
    kept = [(name, text) for name, text in request.args.items(multi=True) if name in NAMES]
    query = urls.encode([*pairs, *kept])
    return redirect(f"{urls.path_link('/search')}{'?' + query if query else ''}", 302)


@blueprint.get("/")
def start() -> str | Response:
    """The start page; an address with a query is answered as a search."""
    if state().text or state().narrowed:
        return search()
    newest = SearchState().with_sort("newest").with_per_page(RECENT)
    results = service().search(newest, SHOWN_FACETS)
    # What is chosen here begins a search of its own, in the usual order and length.
    return render_template("start.html", page=start_page(replace(results, state=SearchState())))


@blueprint.get("/search")
def search() -> str | Response:
    """The results of a search."""
    wanted = state()
    if (moved := canonical(wanted)) is not None:
        return moved
    results = service().search(wanted, wanted_facets(wanted))
    return render_template("results.html", page=results_page(results))


def counted(wanted: SearchState, facets: tuple[str, ...]) -> SearchResults:
    """A search for its counts alone. Its state is the one that was asked for, and so are the
    links made from it."""
    return replace(service().search(wanted.with_per_page(1), facets), state=wanted)


@blueprint.get("/overview")
def overview() -> str:
    """A search, or the whole archive, as map, matrix and heat map."""
    wanted = state().with_page(1)
    results = counted(wanted, ("province", "pair", "year", "program"))
    table = service().table(wanted, "program", "year")
    return render_template("overview.html", page=overview_page(results, table))


@blueprint.get("/facets/<name>")
def facet(name: str) -> str:
    """All values of one facet within a search."""
    if name not in FILTERS:
        abort(404)
    wanted = state().with_page(1)
    results = counted(wanted, (name,))
    return render_template(
        "facet.html", page=facet_page(results, name, request.args.get("find", ""))
    )


def found(document_id: str) -> Document:
    """A document of the archive. Raises NotThere."""
    try:
        return service().document(document_id)
    except KeyError:
        raise NotThere(
            gettext("档案里没有编号为“%(id)s”的文档。", id=document_id[:80]),
            gettext("它可能已从来源中移除，或索引已重建；请重新检索。"),
        ) from None


@blueprint.get("/documents/<document_id>")
def document(document_id: str) -> str:
    """The reading copy of a document."""
    wanted = state()
    text = found(document_id)
    marks: Mapping[str, Iterable[tuple[int, int]]] = {}
    if wanted.text:
        marks = service().marks(document_id, wanted)
    place = request.args.get("n", "", str)
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 8 else 0
    neighbours = service().neighbours(wanted.with_page(1), number) if number else (None, None)
    return render_template(
        "document.html",
        page=document_page(
            text,
            wanted,
            {name: list(spans) for name, spans in marks.items()},
            place=number,
            neighbours=neighbours,
            similar=service().similar(document_id),
        ),
    )


@blueprint.get("/documents/<document_id>/family")
def family(document_id: str) -> str:
    """A reprint family: who printed it, when, and what differs."""
    found(document_id)
    return render_template("family.html", page=family_page(service().family(document_id)))


@blueprint.get("/help")
def help_page() -> str:
    """How to search."""
    return render_template("help.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """What was done for accessibility, and whom to tell about barriers."""
    return render_template("accessibility.html")


@blueprint.get("/api")
def api_help() -> str:
    """The API for people."""
    from search_app.web.openapi import human

    return render_template("api.html", page=human())


@blueprint.get("/patterns")
def patterns() -> str:
    """Every component in every state."""
    from search_app.web.presenters.patterns import patterns_page

    return render_template("patterns.html", page=patterns_page())
