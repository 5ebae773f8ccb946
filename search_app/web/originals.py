"""The saved page as it came: framed on a page of ours, served from a path of its own.

The frame is sandboxed twice, by its attribute and by the policy of the response (see
`security`), so that even a visit to the bare address runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from search_app.web import urls
from search_app.web.errors import NotThere
from search_app.web.gateway import original as stored
from search_app.web.i18n import gettext
from search_app.web.presenters.document import outside_url
from search_app.web.presenters.parts import KeyValue
from search_app.web.views import found

blueprint = Blueprint("originals", __name__)

MEDIA = {"text/html": "text/html", "application/xhtml+xml": "text/html"}
"""What a saved page is given out as; all others are plain text."""


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """The values of `original.html`."""

    title: str
    read: str
    frame: str
    there: bool
    card: list[KeyValue]


@blueprint.get("/documents/<document_id>/original")
def original(document_id: str) -> Response:
    """The page around a saved original. 404 with its reason where the index keeps none."""
    document = found(document_id)
    there = stored(document_id) is not None
    page = OriginalPage(
        title=document.title or document.id,
        read=urls.document(document.id),
        frame=urls.path_link(f"/saved/{urls.segment(document.id)}"),
        there=there,
        card=[
            KeyValue(gettext("网址"), document.url or gettext("未知"), outside_url(document.url),
                     "noreferrer noopener"),
            KeyValue(gettext("文件"), document.path, mono=True),
            KeyValue("SHA-256", document.sha256 or gettext("未知"), mono=True),
        ],
    )  # fmt: skip
    return Response(
        render_template("original.html", page=page),
        status=200 if there else 404,
        mimetype="text/html",
    )


@blueprint.get("/saved/<document_id>")
def saved(document_id: str) -> Response:
    """The bytes of a saved page."""
    kept = stored(document_id)
    if kept is None:
        raise NotThere(
            gettext("原网页不在建立索引时的位置，或内容已经变了。"),
            gettext("把原文件放回来源文件夹，或对现在的文件夹重新建立索引。"),
        )
    data, media, encoding = kept
    charset = "".join(c for c in encoding if c.isalnum() or c in "-_") or "utf-8"
    response = Response(data, content_type=f"{MEDIA.get(media, 'text/plain')}; charset={charset}")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
