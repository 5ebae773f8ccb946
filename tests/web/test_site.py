"""Static files, display choices, limits and the weight of a page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from search_app import create_app
from search_app.web import labels, limits, static
from search_app.web.display import Display
from search_app.web.limits import Buckets
from tests.web.fakes import FakeService
from tests.web.pages import attr, one, soup

BUDGET = 60_000
"""Bytes of a page of ten results with style sheet and scripts, nothing compressed."""


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_page_of_results_is_light(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/search?q=残联 协作&lang={lang}").data
    loaded = ("site.css", "main.js", "suggest.js", "recent.js", "say.js", "inplace.js", "icon.svg")
    whole = len(page) + sum(len(static.assets()[name]) for name in loaded)
    assert whole < BUDGET, f"{whole} bytes, {len(page)} of them HTML"


def test_static_files_are_kept_for_long_under_their_digest(client: FlaskClient) -> None:
    page = soup(client, "/")
    sheet = attr(one(page, "link[rel=stylesheet]"), "href")
    response = client.get(sheet)
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    old = client.get(re.sub(r"/static/\w+/", "/static/0123456789ab/", sheet))
    assert old.headers["Cache-Control"] == "no-cache"
    script = client.get(attr(one(page, "script[src]"), "src"))
    assert script.mimetype == "text/javascript"


def test_modules_import_files_that_are_there() -> None:
    for name, data in static.assets().items():
        for other in re.findall(rb'(?:from |import\()"\./([\w.]+)"', data):
            assert other.decode() in static.assets(), name


@pytest.mark.parametrize(
    ("args", "lang"),
    [({}, "zh-CN"), ({"lang": "en"}, "en"), ({"lang": "EN-us"}, "en"), ({"lang": "zh"}, "zh-CN"),
     ({"lang": "fr"}, "zh-CN"), ({"lang": ""}, "zh-CN")],
)  # fmt: skip
def test_languages(args: dict[str, str], lang: str) -> None:
    assert Display.from_args(args).lang == lang


def test_accept_language_does_not_change_a_permalink(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "en"})
    assert b'lang="zh-CN"' in page.data


def test_display_choices_reach_the_page(client: FlaskClient) -> None:
    root = one(soup(client, "/?theme=dark&text=larger&keys=off"), "html")
    assert root["data-theme"] == "dark"
    assert root["data-text"] == "larger"
    assert root["data-keys"] == "off"
    plain = one(soup(client, "/?theme=pink"), "html")
    assert not plain.has_attr("data-theme")


def test_changing_the_display_keeps_the_search(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联&province=广东&lang=en")
    form = one(page, ".menu form")
    kept = {i["name"]: i["value"] for i in form.select("input[type=hidden]")}
    assert kept == {"q": "残联", "province": "广东", "lang": "en"}
    assert form["action"] == "/search"
    other = urlsplit(attr(one(page, "nav a[hreflang]"), "href"))
    assert other.path == "/search"
    assert parse_qsl(other.query) == [("q", "残联"), ("province", "广东")]


def test_numbers_and_dates_follow_the_language(client: FlaskClient) -> None:
    assert "2014年1月10日" in client.get("/documents/sample-00").get_data(as_text=True)
    assert "January 10, 2014" in client.get("/documents/sample-00?lang=en").get_data(as_text=True)


def test_dates_that_are_partly_known() -> None:
    from search_app.web.i18n import _date

    assert _date("2020", "zh_Hans_CN") == "2020年"
    assert _date("2020-03", "zh_Hans_CN") == "2020年3月"
    assert _date("2020-03", "en") == "Mar 2020"
    assert _date("2020-13-45", "en") == "2020-13-45"
    assert _date("gibberish", "en") == "gibberish"


def test_the_closed_lists_are_those_of_the_taxonomy() -> None:
    from indexer.facets.gazetteer import ENGLISH, PROVINCES

    assert set(labels.PROVINCES) == set(PROVINCES.values()) == set(ENGLISH)
    assert [p for _, ids in labels.PROGRAM_GROUPS for p in ids] == list(labels.PROGRAMS)


def test_a_bucket_refills() -> None:
    now = [0.0]
    buckets = Buckets(3, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    now[0] = 20.0
    assert [buckets.take("a") for _ in range(2)] == [True, False]


def test_a_configured_limit_answers_429() -> None:
    client = create_app({"SERVICE": FakeService(), "RATE_LIMIT": 2}).test_client()
    assert [client.get("/api/v1/search").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/search")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200
    assert client.get(static.prefix() + "site.css").status_code == 200


def test_there_is_no_limit_by_default(client: FlaskClient) -> None:
    assert {client.get("/help").status_code for _ in range(50)} == {200}


def test_an_app_below_a_path_keeps_its_links_there() -> None:
    client = create_app({"SERVICE": FakeService()}).test_client()
    page = client.get("/search?q=残联", environ_overrides={"SCRIPT_NAME": "/archive"}).data
    for target in re.findall(rb'(?:href|src|action)="(/[^"]*)"', page):
        assert target.startswith(b"/archive/"), target


def test_the_table_of_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ADDRESSES", 2)
    buckets = Buckets(1, clock=lambda: 0.0)
    assert [buckets.take(address) for address in "abcb"] == [True, True, True, False]
    assert buckets.take("a"), "the address unseen for longest is forgotten"
