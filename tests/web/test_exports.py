"""Results to take away: complete, streamed, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document
from search_app import create_app
from search_app.search.state import SearchState
from search_app.web.exports import neutral
from search_app.web.feeds import safe, when
from tests.web.fakes import FakeService

ATOM = "{http://www.w3.org/2005/Atom}"


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_opens_in_a_chinese_excel(client: FlaskClient) -> None:
    response = client.get("/export.csv?q=残联&province=广东")
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert response.data.count(b"\r\n") >= 12
    assert "attachment" in response.headers["Content-Disposition"]
    found = rows(response.data)
    assert len(found) == 12
    assert found[0]["标题"] == "广东广西协作：第1次残疾人工作联席会议"
    assert found[0]["帮扶方"] == "广东"
    assert found[0]["受援方"] == "广西"
    assert "消费帮扶" in found[0]["项目类型"]
    assert "共同举办招聘会" in found[0]["正文"]


def test_csv_heads_follow_the_language(client: FlaskClient) -> None:
    assert rows(client.get("/export.csv?lang=en").data)[0]["Donor"] == "Guangdong"


def test_jsonl_has_one_whole_document_a_line(client: FlaskClient) -> None:
    lines = client.get("/export.jsonl?q=残联").get_data(as_text=True).splitlines()
    assert len(lines) == 48
    first = json.loads(lines[0])
    assert first["id"] == "sample-00"
    assert first["provinces"][0]["evidence"][0]["text"] in first["text"]


def test_an_export_of_nothing_is_a_file_of_nothing(client: FlaskClient) -> None:
    assert rows(client.get("/export.csv?q=没有这样的词").data) == []
    assert client.get("/export.jsonl?q=没有这样的词").data == b""


@given(st.text(max_size=40))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = neutral(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－"))
    assert cell.endswith(text.replace("\0", ""))


def test_planted_formulas_are_neutral() -> None:
    bad = "=cmd|' /C calc'!A0"
    service = FakeService([Document(id="1", path="1", title=bad, text=bad, source="+1", sha256="")])
    found = rows(create_app({"SERVICE": service}).test_client().get("/export.csv").data)
    assert found[0]["标题"] == "'" + bad
    assert found[0]["来源"] == "'+1"


class Endless(FakeService):
    """An archive without end, that counts what was taken from it."""

    taken = 0

    def every(self, state: SearchState, limit: int) -> Iterator[Document]:
        while self.taken < limit:
            self.taken += 1
            yield self.documents[0]


@pytest.mark.parametrize("address", ["/export.csv", "/export.jsonl"])
def test_exports_are_streamed(address: str) -> None:
    service = Endless()
    client = create_app({"SERVICE": service, "EXPORT_LIMIT": 1_000_000}).test_client()
    response = client.get(address)
    chunks = response.iter_encoded()
    next(chunks), next(chunks)
    assert service.taken < 500
    response.close()


def test_exports_are_bounded() -> None:
    service = Endless()
    client = create_app({"SERVICE": service, "EXPORT_LIMIT": 70}).test_client()
    assert len(rows(client.get("/export.csv").data)) == 70


def test_the_feed_is_atom(client: FlaskClient) -> None:
    response = client.get("/feed.atom?q=残联&province=广东&lang=en")
    assert response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(response.data)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 12
    updated = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", text) for text in updated)
    ids = {entry.findtext(f"{ATOM}id") for entry in entries}
    assert len(ids) == 12
    for entry in entries:
        for name in ("title", "id", "updated", "author", "summary"):
            assert entry.find(f"{ATOM}{name}") is not None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_stands_in_a_feed(text: str) -> None:
    from markupsafe import escape

    xml = f"<a>{escape(safe(text))}</a>"
    kept = ElementTree.fromstring(xml).text or ""
    assert kept == safe(text).replace("\r\n", "\n").replace("\r", "\n")


def test_dates_of_a_feed_are_whole() -> None:
    assert when("2020-10-28") == "2020-10-28T00:00:00+08:00"
    assert when("2020-10") == "2020-10-01T00:00:00+08:00"
    assert when("2020") == "2020-01-01T00:00:00+08:00"
    assert when(None) == "1970-01-01T00:00:00+08:00"


def test_a_planted_feed_stays_well_formed() -> None:
    bad = "]]><script>\0\x0b</script>&<b>"
    service = FakeService([Document(id=bad, path=bad, title=bad, text=bad, source=bad, date=bad)])
    data = create_app({"SERVICE": service}).test_client().get("/feed.atom").data
    feed = ElementTree.fromstring(data)
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "]]><script></script>&<b>"


def test_browsers_can_add_the_engine(client: FlaskClient) -> None:
    root = ElementTree.fromstring(client.get("/opensearch.xml?lang=en").data)
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    templates = {url.get("type"): url.get("template") for url in root.findall(f"{name}Url")}
    assert templates["text/html"] == "http://localhost/search?lang=en&q={searchTerms}"
    assert len(root.findtext(f"{name}ShortName", "")) <= 32
    filled = str(templates["application/x-suggestions+json"]).replace("{searchTerms}", "残")
    assert client.get(filled.removeprefix("http://localhost")).get_json()[0] == "残"
