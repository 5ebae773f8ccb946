"""The two languages of the pages: Chinese is the source, English a gettext catalogue.

Numbers and dates are written by Babel for the language of the page; both are cached,
since a page of results writes some hundred of them.
"""

from __future__ import annotations

import datetime as dt
import re
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations

import flask_babel
from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from flask import Flask, has_request_context, request
from markupsafe import Markup

from search_app.web.display import Display

_page: ContextVar[tuple[Display, NullTranslations] | None] = ContextVar("page", default=None)
"""Display and translations of the request under way. Flask's own context would hold them as
well, but a page of results asks some hundred times, and each time through two proxies."""


def _looked_up() -> tuple[Display, NullTranslations]:
    """What `_page` holds during a request, for code outside of one."""
    if not has_request_context():
        return Display(), NullTranslations()
    return Display.from_args(request.args), flask_babel.get_translations()


def _catalogue() -> NullTranslations:
    return (_page.get() or _looked_up())[1]


def gettext(text: str, /, **variables: object) -> str:
    """A text in the language of the page; `%(name)s` stands for a variable."""
    found = _catalogue().gettext(text)
    return found % variables if variables else found


def ngettext(one: str, many: str, count_of: int, /, **variables: object) -> str:
    """A text with the grammatical number of `count_of`."""
    found = _catalogue().ngettext(one, many, count_of)
    return found % variables if variables else found


class Lazy:
    """Words that are looked up when they are printed, in the language of the page."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return gettext(self.text)


lazy_gettext = Lazy
"""A text for tables that are filled before there is a request."""


_HAN = re.compile(
    "[\u3400-\u9fff\U00020000-\U0003ffff][\u3000-\u9fff\uff00-\uffef\U00020000-\U0003ffff]*"
)


def han(text: str) -> Markup:
    """A sentence in which, on an English page, words in Chinese say their language
    (WCAG 3.1.2), so that a screen reader reads them with the right voice."""
    escaped = Markup.escape(text)
    if display().lang == "zh-CN":
        return escaped
    # Escaping made no Han character, and a span of plain Han needs no escaping again.
    return Markup(_HAN.sub(r'<span lang="zh-CN">\g<0></span>', str(escaped)))  # noqa: S704


def display() -> Display:
    """The display choices of the request under way (the defaults outside of one)."""
    page = _page.get()
    if page is not None:
        return page[0]
    return Display.from_args(request.args) if has_request_context() else Display()


def install(app: Flask) -> None:
    """Hook Flask-Babel up with the language of the address."""
    app.jinja_env.filters["han"] = han
    flask_babel.Babel(
        app,
        default_locale="zh_Hans_CN",
        default_timezone="UTC",
        locale_selector=lambda: display().locale,
    )

    @app.before_request
    def begin() -> None:
        _page.set(None)
        _page.set(_looked_up())

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        _page.set(None)

    # The same look-up for templates as for Python.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )


def other_language() -> str:
    """The `lang` of words of the archive: "" on a Chinese page, which has it already."""
    return "" if display().lang == "zh-CN" else "zh-CN"


@lru_cache(maxsize=4096)
def _number(value: int | float, locale: str) -> str:
    return format_decimal(value, locale=locale)


def number(value: int | float) -> str:
    """A number in the language of the page: 12,345."""
    return _number(value, display().locale)


@lru_cache(maxsize=4096)
def _date(value: str, locale: str) -> str:
    parts = value.split("-")
    try:
        if len(parts) == 1:
            return f"{int(value)}年" if locale.startswith("zh") else str(int(value))
        if len(parts) == 2:
            day = dt.date(int(parts[0]), int(parts[1]), 1)
            return format_skeleton("yMMM", day, locale=locale)
        return format_date(dt.date.fromisoformat(value[:10]), "long", locale=Locale.parse(locale))
    except ValueError:
        return value


def date(value: str | None) -> str:
    """A date of the archive (YYYY-MM-DD, YYYY-MM or YYYY) in words; "" where there is none."""
    return _date(value, display().locale) if value else ""


def moment(value: str | None) -> str:
    """An ISO 8601 time in words (UTC); what cannot be read is given back as it is."""
    if not value:
        return ""
    try:
        when = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return value
    if when.tzinfo is not None:
        when = when.astimezone(dt.timezone.utc)
    return f"{format_datetime(when, 'medium', locale=display().locale)} UTC"
