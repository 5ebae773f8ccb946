"""Headers on every response, nothing inline, and text that never becomes markup."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from indexer.document import Document, Evidence, Family, Program, Province
from indexer.extract.identity import document_id
from search_app import create_app
from search_app.web.security import headers_for
from tests.web.fakes import FakeService
from tests.web.pages import HTML, MISSING, OTHER

EVERYTHING = (*HTML, *MISSING, *OTHER)

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "<mark onmouseover=alert(1)>x</mark>",
    "]]><script>alert(1)</script>",
)


def test_every_route_is_walked(app: Flask) -> None:
    """The lists below leave no route out, so the tests over them speak for all."""
    adapter = app.url_map.bind("localhost")
    seen = {adapter.match(address.partition("?")[0])[0] for address in (*HTML, *OTHER)}
    seen.add("site.static_file")
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == seen


@pytest.mark.parametrize("address", [*EVERYTHING, "/search?year_from=2015", "/api/v1/none"])
def test_headers_on_every_response(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    headers = response.headers
    saved = address.startswith("/saved/")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == ("SAMEORIGIN" if saved else "DENY")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    if saved:
        assert "sandbox" in policy.split("; ")
        assert "script" not in policy
        assert "frame-ancestors 'self'" in policy
    else:
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
def test_headers_on_other_methods(client: FlaskClient, method: str) -> None:
    response = client.open("/search", method=method.upper())
    assert response.headers["Content-Security-Policy"]
    assert response.status_code in {200, 405}


def test_headers_on_unexpected_errors(app: Flask) -> None:
    app.extensions["search_app.service"] = object()
    response = app.test_client().get("/search?q=1")
    assert response.status_code == 500
    assert (
        response.headers["Content-Security-Policy"] == headers_for("/")["Content-Security-Policy"]
    )
    assert "Traceback" not in response.get_data(as_text=True)
    assert "has no attribute" not in response.get_data(as_text=True)
    assert response.headers["X-Request-ID"] in response.get_data(as_text=True)


@pytest.mark.parametrize("address", [*HTML, *MISSING])
def test_nothing_is_inline_or_from_elsewhere(client: FlaskClient, address: str) -> None:
    page = BeautifulSoup(client.get(address).data, "lxml")
    assert not page.find_all("style")
    assert not page.find_all(style=True)
    assert all(script.get("src") and not script.string for script in page.find_all("script"))
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")], tag.name
        for name in ("src", "href", "action"):
            target = str(tag.get(name, ""))
            if name == "href" and tag.name == "a":
                assert re.match(r"/|#|https?://", target), target
            else:
                assert not target or target.startswith("/"), target


def poisoned_service() -> FakeService:
    """An archive whose every text is an attempt to run a script, its ids as the index makes them."""
    documents = []
    for i, bad in enumerate(PAYLOADS):
        text = f"残联 {bad}\n{bad}"
        evidence = Evidence(bad, "text", 3, 3 + len(bad))
        documents.append(
            Document(
                id=document_id(f"bad-{i}{bad}", None, bad, bad), path=bad, title=f"残联 {bad}", text=text, url=bad, date=bad,
                year=2020, source=bad, author=bad, editor=bad, sha256=bad, saved=bad,
                encoding=bad, provinces=(Province(bad, ("donor",), (evidence,)),),
                programs=(Program(bad, 1.0, (evidence,)),), flags=(bad,),
                family=Family("f", 8),
            )
        )  # fmt: skip
    return FakeService(documents)


def test_text_never_becomes_markup() -> None:
    poisoned = poisoned_service()
    client = create_app({"SERVICE": poisoned}).test_client()
    ids = [quote(document.id, safe="") for document in poisoned.documents]
    addresses = [
        "/",
        "/search?q=残联",
        "/search?q=残联&fold=0",
        "/overview",
        "/facets/source",
        "/facets/flags",
    ]
    addresses += [f"/documents/{name}{rest}" for name in ids
                  for rest in ("?q=残联&n=1", "/family", "/original")]  # fmt: skip
    missing = []
    for bad in PAYLOADS:
        encoded = quote(bad, safe="")
        addresses += [f"/search?q={encoded}", f"/search?q=残联&province={encoded}",
                      f"/search?sort={encoded}&page={encoded}&family={encoded}&lang={encoded}",
                      f"/facets/source?find={encoded}",
                      f"/overview?q={encoded}&theme={encoded}"]  # fmt: skip
        missing.append(f"/documents/{encoded}")
    for address in addresses + missing:
        response = client.get(address)
        assert response.status_code == (404 if address in missing else 200), address
        page = BeautifulSoup(response.data, "lxml")
        for tag in page.find_all(True):
            assert tag.name != "img"
            assert not [name for name in tag.attrs if name.startswith("on")], (address, tag.name)
            assert not str(tag.get("href", "")).lower().startswith("javascript:"), address
        assert all(script.get("src") for script in page.find_all("script")), address
        assert "49" not in (page.title.get_text() if page.title else ""), address


def test_only_marks_of_the_engine_are_markup() -> None:
    from search_app.web.presenters.results import marked

    assert marked("a<mark>b</mark>&lt;") == "a<mark>b</mark>&lt;"
    assert str(marked("<mark>b</mark><b>")) == "&lt;mark&gt;b&lt;/mark&gt;&lt;b&gt;"
    assert "<" not in marked("<mark onclick=1>")


def test_forged_hosts_do_not_reach_feeds() -> None:
    app = create_app({"SERVICE": FakeService(), "BASE_URL": "https://archive.example/x"})
    client = app.test_client()
    for address in ("/feed.atom?q=残联", "/opensearch.xml"):
        text = client.get(address, headers={"Host": "evil.example"}).get_data(as_text=True)
        assert "evil.example" not in text
        assert "https://archive.example/x/" in text


def test_only_trusted_hosts_are_answered() -> None:
    app = create_app({"SERVICE": FakeService(), "TRUSTED_HOSTS": ["archive.example"]})
    client = app.test_client()
    assert client.get("/help", headers={"Host": "archive.example"}).status_code == 200
    refused = client.get("/help", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert refused.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/static/x/../../__init__.py", "/static/x/..%2f..%2f__init__.py", "/static/x/none.css",
             "/saved/..%2f..%2fetc%2fpasswd", "/documents/..%2f..%2fetc%2fpasswd"],
)  # fmt: skip
def test_no_path_leads_out(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_redirects_stay_here(client: FlaskClient) -> None:
    for host in ("", "//evil.example"):
        response = client.get(f"{host}/search?year_from=2015&q=//evil.example")
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/search?")
