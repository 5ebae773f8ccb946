"""The JSON API, version 1: the same searches as the pages, from the same code."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import Blueprint, Response, jsonify, request

from indexer.document import Document
from search_app.search.results import to_json
from search_app.search.state import SearchState
from search_app.web import labels, urls
from search_app.web.gateway import service, state
from search_app.web.openapi import document as openapi_document
from search_app.web.views import found, wanted_facets

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

MOST_SIMILAR = 50
MOST_SUGGESTIONS = 20


def limited(name: str, default: int, most: int) -> int:
    """A small number of the address, kept within 1 and `most`; else the default."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        return default
    return min(max(1, int(text)), most)


def program_labels() -> dict[str, str]:
    """Words for program ids, in the language asked for."""
    return {program: str(label) for program, label in labels.PROGRAMS.items()}


def document_json(document: Document) -> dict[str, Any]:
    """A document as the API gives it: its fields, with labels and where to read it."""
    body = dataclasses.asdict(document)
    body["programs"] = [
        {"label": labels.value("program", item["id"]), **item} for item in body["programs"]
    ]
    body["links"] = {
        "page": urls.document(document.id),
        "original": urls.document(document.id, part="original"),
        "similar": urls.path_link(f"/api/v1/documents/{urls.segment(document.id)}/similar"),
    }
    return body


@blueprint.get("/search")
def search() -> Response:
    """A page of results."""
    wanted = state()
    return jsonify(to_json(service().search(wanted, wanted_facets(wanted)), program_labels()))


@blueprint.get("/documents/<document_id>")
def document(document_id: str) -> Response:
    """One document, whole."""
    return jsonify(document_json(found(document_id)))


@blueprint.get("/documents/<document_id>/similar")
def similar(document_id: str) -> Response:
    """Documents about the same matter."""
    found(document_id)
    hits = service().similar(document_id, limited("limit", 5, MOST_SIMILAR))
    words = program_labels()
    return jsonify({"id": document_id, "hits": [hit.to_json(words) for hit in hits]})


@blueprint.get("/documents/<document_id>/family")
def family(document_id: str) -> Response:
    """The reprint family of a document, the member shown in results first."""
    found(document_id)
    return jsonify(
        {
            "id": document_id,
            "members": [
                {
                    "id": member.id,
                    "title": member.title,
                    "url": member.url,
                    "date": member.date,
                    "source": member.source,
                    "characters": len(member.text),
                }
                for member in service().family(document_id)
            ],
        }
    )


@blueprint.get("/documents/<document_id>/explain")
def explain(document_id: str) -> Response:
    """Why a document has its score in a search."""
    found(document_id)
    return jsonify(service().explain(document_id, state()).to_json())


@blueprint.get("/suggest")
def suggest() -> Response:
    """Suggestions while typing; `format=opensearch` answers as browsers expect."""
    wanted = SearchState.from_params({"q": request.args.getlist("q")}).text
    items = service().suggest(wanted, limited("limit", 8, MOST_SUGGESTIONS)) if wanted else []
    if request.args.get("format") == "opensearch":
        response = jsonify([wanted, [item.text for item in items]])
        response.mimetype = "application/x-suggestions+json"
        return response
    return jsonify(
        {
            "query": wanted,
            "suggestions": [
                {"text": item.text, "kind": item.kind, "label": labels.suggestion(item.kind)}
                for item in items
            ],
        }
    )


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This API's OpenAPI 3.1 document."""
    return jsonify(openapi_document(request.script_root or "/"))
