"""The API answers as its OpenAPI document says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from search_app import create_app
from search_app.search.state import FILTERS, SearchState
from search_app.web.openapi import OPERATIONS, document
from tests.web.fakes import FakeService


def check(answer: Any, schema: dict[str, Any], whole: dict[str, Any]) -> None:
    """Hold a JSON value against a schema of the document."""
    Draft202012Validator({**schema, "components": whole["components"]}).validate(answer)


@pytest.fixture
def openapi(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return found


def filled(path: str, example: str) -> str:
    return example.replace("/ID", "/sample-00")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda item: item.name)
def test_answers_are_as_documented(
    client: FlaskClient, openapi: dict[str, Any], operation: Any
) -> None:
    response = client.get(filled(operation.path, operation.example))
    assert response.status_code == 200
    content = openapi["paths"][operation.path]["get"]["responses"]["200"]["content"]
    assert response.mimetype in content
    if response.mimetype == "application/json":
        check(response.get_json(), content["application/json"]["schema"], openapi)


@pytest.mark.parametrize(
    "query", ["q=没有这样的词", "q=残联&year=abc", "q=&page=3", "province=none&not_donor=广东"]
)
def test_searches_of_every_kind_are_as_documented(
    client: FlaskClient, openapi: dict[str, Any], query: str
) -> None:
    answer = client.get(f"/api/v1/search?{query}").get_json()
    check(answer, {"$ref": "#/components/schemas/SearchAnswer"}, openapi)


def test_every_route_of_the_api_is_documented(app: Flask) -> None:
    routes = {
        re.sub(r"<(?:\w+:)?document_id>", "{id}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/v1/", "/export", "/feed"))
    }
    assert routes - {"/api/v1/openapi.json"} == set(document()["paths"])


def test_every_parameter_of_a_search_is_documented() -> None:
    names = {p["name"] for p in document()["paths"]["/api/v1/search"]["get"]["parameters"]}
    state = SearchState.from_params(
        {
            **{name: ["2001"] for name in FILTERS},
            **{f"not_{name}": ["2002"] for name in FILTERS},
            "q": ["x"], "family": ["f"], "fold": ["0"], "sort": ["newest"], "page": ["2"],
            "per_page": ["3"], "synonyms": ["0"], "asis": ["w"], "strict": ["1"],
        }
    )  # fmt: skip
    assert {name for name, _ in state.params()} == names - {"lang"}


def test_errors_have_code_message_and_hint(client: FlaskClient, openapi: dict[str, Any]) -> None:
    for address in ("/api/v1/documents/none", "/api/v1/none", "/api/v1/documents/none/similar"):
        response = client.get(address)
        assert response.status_code == 404
        check(response.get_json(), {"$ref": "#/components/schemas/Error"}, openapi)


def test_the_page_and_the_api_agree(client: FlaskClient) -> None:
    query = "q=残联&province=广东&year=2015..2019"
    answer = client.get(f"/api/v1/search?{query}").get_json()
    page = client.get(f"/search?{query}").get_data(as_text=True)
    assert f"{answer['total_results']} 条" in page
    for hit in answer["hits"]:
        assert f"/documents/{hit['id']}?" in page


def test_labels_follow_the_language(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=残联&lang=en").get_json()
    assert {p["label"] for hit in found["hits"] for p in hit["programs"]} >= {"Rehabilitation"}


def test_suggestions_answer_browsers_too(client: FlaskClient) -> None:
    response = client.get("/api/v1/suggest?q=残&format=opensearch")
    assert response.mimetype == "application/x-suggestions+json"
    assert response.get_json() == ["残", ["残疾人", "残疾人就业", "残联"]]


def test_without_an_index_scripts_and_people_are_told(tmp_path: Any) -> None:
    client = create_app({"INDEX_DIR": str(tmp_path / "none")}).test_client()
    answer = client.get("/api/v1/search?q=1")
    assert answer.status_code == 503
    assert answer.get_json()["error"]["code"] == "index_missing"
    assert answer.headers["Retry-After"]
    page = client.get("/search?q=1")
    assert page.status_code == 503
    assert "还没有建立索引" in page.get_data(as_text=True)
    assert "indexer build" in page.get_data(as_text=True)
    assert str(tmp_path) not in page.get_data(as_text=True) + answer.get_data(as_text=True)
    assert client.get("/healthz").status_code == 503
    assert client.get("/export.csv").status_code == 503
    assert client.get("/help").status_code == 200


def test_health_names_the_generation(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {
        "status": "ok", "generation": "fake", "documents": 48,
    }  # fmt: skip


def test_requests_are_counted_by_route(client: FlaskClient) -> None:
    client.get("/search?q=秘密")
    client.get("/nowhere/秘密")
    figures = client.get("/metrics").get_data(as_text=True)
    assert 'search_app_requests_total{route="/search",status="200"} 1.0' in figures
    assert 'search_app_requests_total{route="none",status="404"} 1.0' in figures
    assert "秘密" not in figures


def test_the_log_names_neither_visitor_nor_query(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="search_app.access"):
        response = client.get("/search?q=秘密", headers={"X-Forwarded-For": "9.9.9.9"})
    line = caplog.records[-1].getMessage()
    assert response.headers["X-Request-ID"] in line
    assert '"route": "/search"' in line
    assert "秘密" not in line
    assert "%E7" not in line
    assert "127.0.0.1" not in line


def test_an_app_serves_its_own_metrics() -> None:
    """Two applications in one process do not fall over each other's figures."""
    first, second = (create_app({"SERVICE": FakeService()}).test_client() for _ in range(2))
    first.get("/help")
    assert 'route="/help"' not in second.get("/metrics").get_data(as_text=True)


def test_nothing_sent_makes_a_line_of_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    forged = 'X\n{"id": "forged", "status": 200}\n'
    with caplog.at_level("INFO", logger="search_app.access"):
        client.open("/search", method=forged, headers={"User-Agent": "a\x1b[31mb"})
    (line,) = (record.getMessage() for record in caplog.records)
    assert "\n" not in line
    assert json.loads(line)["id"] != "forged"
