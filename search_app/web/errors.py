"""What a visitor is told when something is not as it should be: as a page or as JSON.

Every error has a stable code, a sentence that says what is wrong and one that names the
next step. Scripts (`/api/`, exports, health) get JSON, everybody else a page.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from indexer.errors import IndexProblem, XiezuoError
from search_app.web.i18n import gettext

log = logging.getLogger("search_app.errors")

SCRIPTS = ("/api/", "/export.", "/healthz", "/metrics")
"""Paths whose errors are answered in JSON."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is shown. `detail` is the technical sentence, where there is one."""

    status: int
    code: str
    message: str
    hint: str
    detail: str = ""


class NotThere(XiezuoError):
    """The thing asked for is not in the archive (404)."""

    code = "not_found"


class TooMany(XiezuoError):
    """An address sent more requests than the configured limit (429)."""

    code = "too_many_requests"


def from_http(error: HTTPException) -> Problem:
    """Words for an HTTP error that Flask or Werkzeug raised."""
    code = error.code or 500
    known = {
        400: ("bad_request", gettext("这个请求无法理解。"), gettext("请检查地址中的参数。")),
        404: ("not_found", gettext("没有这个页面。"), gettext("请检查地址，或从首页重新检索。")),
        405: (
            "method_not_allowed",
            gettext("这个地址不接受这种请求方法。"),
            gettext("请改用 GET。"),
        ),
        413: ("too_large", gettext("请求太大。"), gettext("请缩短检索词。")),
        414: ("too_long", gettext("地址太长。"), gettext("请缩短检索词。")),
    }
    name, message, hint = known.get(
        code, ("http_error", gettext("请求没有成功。"), gettext("请稍后重试。"))
    )
    return Problem(code, name, message, hint)


def from_ours(error: XiezuoError) -> Problem:
    """Words for an error of our own."""
    if isinstance(error, NotThere):
        return Problem(404, error.code, error.message, error.hint)
    if isinstance(error, TooMany):
        return Problem(429, error.code, error.message, error.hint)
    if isinstance(error, IndexProblem):
        known = {
            "index_missing": gettext("还没有建立索引。"),
            "index_outdated": gettext("索引由另一版本的程序或词典建立，不能使用。"),
            "index_damaged": gettext("索引已损坏，没有可用的版本。"),
        }
        if error.code in known:
            message = known[error.code]
            hint = gettext("请管理员运行 indexer build，完成后本页会自动恢复，无需重启。")
        else:
            message, hint = gettext("索引暂时不能使用。"), gettext("请管理员按下面的说明处理。")
        return Problem(503, error.code, message, hint, error.hint)
    # What is wrong with a dictionary, a disk or memory is the operator's to read in the log.
    return Problem(503, error.code, gettext("检索暂时不能进行。"), gettext("请稍后重试。"))


def report(error: XiezuoError) -> Problem:
    """Words for an error of our own; what the visitor is not told stands in the log, once."""
    problem = from_ours(error)
    logged = current_app.extensions.setdefault("search_app.logged", {})
    # Where index and dictionaries lie is for the log alone.
    if problem.status == 503 and logged.get("last") != error.message:
        logged["last"] = error.message
        log.error("%s: %s", error.code, error.message)
    return problem


def unexpected() -> Problem:
    """Words for a mistake of the program; what went wrong is in the log, not on the page."""
    return Problem(
        500, "internal", gettext("程序出错了。"),
        gettext("请稍后重试；若反复出现，请把页面上的请求编号告诉管理员。"),
    )  # fmt: skip


def wants_json() -> bool:
    """Whether the request under way comes from a script."""
    return request.path.startswith(SCRIPTS)


def answer(problem: Problem) -> Response:
    """The response that tells a problem."""
    if wants_json():
        hint = f"{problem.hint} {problem.detail}".strip()
        response = jsonify(error={"code": problem.code, "message": problem.message, "hint": hint})
    else:
        from search_app.web.presenters.errors import error_page

        response = Response(
            render_template("error.html", page=error_page(problem)), mimetype="text/html"
        )
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    if problem.status in {429, 503}:
        response.headers["Retry-After"] = "5"
    return response


def install(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        response = answer(from_http(error))
        if error.code == 405 and error.get_response().headers.get("Allow"):
            response.headers["Allow"] = error.get_response().headers["Allow"]
        return response

    @app.errorhandler(XiezuoError)
    def ours(error: XiezuoError) -> Response:
        return answer(report(error))

    @app.errorhandler(Exception)
    def other(error: Exception) -> Response:
        log.exception("unexpected error on %s", request.endpoint)
        return answer(unexpected())
