"""The pages over a real index of the sample documents: build, read, rebuild, go on."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from search_app import create_app
from search_app.web import labels
from tests.web.pages import attr, said


def build(root: Path, index: Path, *sources: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "indexer", "build", *map(str, sources), "--index", str(index)],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def real(seeds_index: Path) -> FlaskClient:
    return create_app({"INDEX_DIR": str(seeds_index)}).test_client()


def hits(client: FlaskClient, query: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get(f"/api/v1/search?{query}").get_json()["hits"]
    return found


def test_every_page_of_a_real_document(real: FlaskClient) -> None:
    found = hits(real, "q=残疾人&per_page=20")
    assert found
    for hit in found:
        name = quote(hit["id"], safe="")
        for lang in ("zh-CN", "en"):
            page = real.get(f"/documents/{name}?q=残疾人&n=1&lang={lang}")
            assert page.status_code == 200
            body = BeautifulSoup(page.data, "lxml")
            assert said(body, "h1") == hit["title"]
            assert body.select("mark")
        assert real.get(f"/documents/{name}/family").status_code == 200
        assert real.get(f"/documents/{name}/original").status_code == 200
        saved = real.get(f"/saved/{name}")
        assert saved.status_code == 200
        assert "sandbox" in saved.headers["Content-Security-Policy"]


def test_searches_narrow_and_count(real: FlaskClient) -> None:
    whole = real.get("/api/v1/search?q=残疾人").get_json()
    assert len(whole["facets"]["province"]) > 5
    for choice in whole["facets"]["province"]:
        narrowed = real.get(f"/api/v1/search?q=残疾人&province={choice['value']}").get_json()
        assert narrowed["total"] == choice["count"], choice


@pytest.mark.parametrize(
    "query",
    ["q=foo:bar", "q=zzzz", "q=%E7%B1%BB%E5%9E%8B:x", "province=x", "family=x", "year=1066"],
)
def test_a_search_without_hits_is_answered(real: FlaskClient, query: str) -> None:
    assert real.get(f"/search?{query}").status_code == 200
    assert real.get(f"/api/v1/search?{query}").get_json()["hits"] == []


def test_cities_hang_below_their_province(real: FlaskClient) -> None:
    page = BeautifulSoup(real.get("/search?province=贵州").data, "lxml")
    below = page.select("#facet-province ul ul label > input")
    assert below
    for box in below:
        assert attr(box, "value").startswith("52"), "GB/T 2260 codes of 贵州 begin with 52"


def test_the_pictures_are_of_the_index(real: FlaskClient) -> None:
    page = BeautifulSoup(real.get("/overview").data, "lxml")
    for section in ("map", "pairs", "years"):
        assert page.select(f"section:has(#h-{section}) svg a")


def test_all_programs_have_words(real: FlaskClient) -> None:
    found = real.get("/api/v1/search").get_json()["facets"]["program"]
    values = {item["value"] for item in found} - {"none"}
    assert values
    assert values <= set(labels.PROGRAMS)


def test_a_new_generation_is_served_without_a_failure(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.txt").write_text(
        "甲地与乙地残疾人就业协作\n\n" + "两地残联签订了协议。" * 20, "utf-8"
    )
    build(root, folder, pages)
    app = create_app({"INDEX_DIR": str(folder), "PROPAGATE_EXCEPTIONS": False})
    client = app.test_client()
    assert client.get("/healthz").get_json()["documents"] == 1
    (pages / "b.txt").write_text("丙地残疾人无障碍改造\n\n" + "村里修了坡道和扶手。" * 20, "utf-8")
    stop = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        asking = app.test_client()
        while not stop.is_set():
            statuses.append(asking.get("/search?q=残疾人").status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        build(root, folder, pages)
        for _ in range(200):
            if client.get("/healthz").get_json()["documents"] == 2:
                break
            stop.wait(0.1)
    finally:
        stop.set()
        thread.join()
    assert client.get("/healthz").get_json()["documents"] == 2
    assert set(statuses) == {200}
