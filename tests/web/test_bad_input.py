"""Nothing that a visitor types gives a 500."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_app import create_app
from search_app.search.state import FILTERS
from tests.web.fakes import FakeService

NAMES = ("q", "page", "per_page", "year", "year_from", "year_to", "fold", "sort", "family", "asis",
         "strict", "synonyms", "lang", "theme", "text", "keys", "n", "find", "limit", "format",
         *FILTERS, *(f"not_{name}" for name in FILTERS))  # fmt: skip
PATHS = ("/", "/search", "/overview", "/facets/province", "/documents/sample-03",
         "/api/v1/search", "/api/v1/suggest", "/api/v1/documents/sample-03/explain",
         "/export.csv", "/export.jsonl", "/feed.atom", "/opensearch.xml", "/help")  # fmt: skip
ODD = ("", "abc", "-1", "0", "99999", "1000000", "1e9", "٣", "²", "2018..", "..", "none", "\0",
       "%", "残" * 10_000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
       "“", "-", "OR", "*", "\u202e", "😀", "a" * 300)  # fmt: skip

client = create_app({"SERVICE": FakeService(), "PROPAGATE_EXCEPTIONS": False}).test_client()

values = st.one_of(st.sampled_from(ODD), st.text(max_size=12))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.sampled_from(PATHS),
    pairs=st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6),
)
def test_any_parameters_are_answered(path: str, pairs: list[tuple[str, str]]) -> None:
    query = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs
    )
    response = client.get(f"{path}?{query}", follow_redirects=True)
    assert response.status_code in {200, 400}, (path, pairs)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=30))
def test_any_bytes_in_the_path_are_answered(raw: bytes) -> None:
    for prefix in ("/documents/", "/api/v1/documents/", "/saved/", "/facets/", "/static/x/", "/"):
        assert client.get(prefix + quote(raw, safe="")).status_code < 500


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("year=abc", "年份“abc”无法识别，已忽略。"),
        ("page=-1", "超出范围"),
        ("per_page=1000000", "超出范围"),
        ("page=x", "应为数字"),
        ("sort=best", "无法识别"),
    ],
)
def test_what_was_ignored_is_said(query: str, said: str) -> None:
    assert said in client.get(f"/search?q=残联&{query}").get_data(as_text=True)
    notes = client.get(f"/api/v1/search?q=残联&{query}").get_json()["query"]["notes"]
    assert any(said in note["message"] for note in notes)


def test_other_methods_are_refused(client: FlaskClient) -> None:
    response = client.post("/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    error = client.post("/api/v1/search").get_json()["error"]
    assert set(error) == {"code", "message", "hint"}
