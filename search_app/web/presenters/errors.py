"""The page that tells a problem."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from search_app.web import urls
from search_app.web.errors import Problem
from search_app.web.i18n import gettext
from search_app.web.presenters.parts import SearchForm
from search_app.web.presenters.search_form import search_form


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """The values of `error.html`."""

    form: SearchForm
    title: str
    message: str
    hint: str
    detail: str
    home: str
    request_id: str


def error_page(problem: Problem) -> ErrorPage:
    """Words for a problem, with the search box still there to go on."""
    titles = {
        400: gettext("请求有误"),
        404: gettext("没有找到"),
        429: gettext("请稍候"),
        503: gettext("暂时不能检索"),
        500: gettext("程序出错"),
    }
    return ErrorPage(
        form=search_form(request.args.get("q", "")),
        title=titles.get(problem.status, gettext("请求没有成功")),
        message=problem.message,
        hint=problem.hint,
        detail=problem.detail,
        home=urls.link("/"),
        request_id=g.get("request_id", ""),
    )
