"""What machines ask for: static files, health, figures, robots, the OpenSearch description."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, render_template
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from indexer.errors import XiezuoError
from search_app.web import static, urls
from search_app.web.errors import report
from search_app.web.gateway import service
from search_app.web.i18n import display

blueprint = Blueprint("site", __name__)


@blueprint.get("/static/<version>/<name>")
def static_file(version: str, name: str) -> Response:
    """A style sheet, script or icon of ours."""
    answer = static.response(version, name)
    if answer is None:
        abort(404)
    return answer


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever a page says."""
    answer = static.response(static.digest(), "icon.svg")
    assert answer is not None
    return answer


@blueprint.get("/healthz")
def health() -> Response:
    """Whether searches are answered, and from which generation. 503 while they are not."""
    try:
        body = service().health()
    except XiezuoError as error:
        problem = report(error)
        hint = f"{problem.hint} {problem.detail}".strip()
        body = {
            "status": "unavailable",
            "error": {"code": problem.code, "message": problem.message, "hint": hint},
        }
    response = jsonify(body)
    response.status_code = 503 if body["status"] == "unavailable" else 200
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus."""
    registry = current_app.extensions["search_app.metrics"].registry
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """An archive of other people's pages is not for web indexes: only the front door is."""
    lines = ["User-agent: *", "Allow: /$", "Allow: /help", "Allow: /accessibility", "Disallow: /"]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """The OpenSearch 1.1 description, by which a browser adds this engine."""
    extra = display().params()
    xml = render_template(
        "opensearch.xml",
        search=urls.outside("/search", extra),
        suggest=urls.outside("/api/v1/suggest", [("format", "opensearch"), *extra]),
        icon=urls.outside(static.prefix() + "icon.svg"),
        feed=urls.outside("/feed.atom", extra),
        itself=urls.outside("/opensearch.xml", extra),
        joint="&" if extra else "?",
        lang=display().lang,
    )
    return Response(xml, content_type="application/opensearchdescription+xml; charset=utf-8")
