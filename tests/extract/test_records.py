"""Records of a .jsonl: given fields are kept, ids are stable, odd values do no harm."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document, RawPage
from indexer.errors import PageRejected
from indexer.extract import extract
from indexer.extract.identity import document_id
from tests.extract.pages import BODY, TITLE, page


def read(record: dict[str, Any], path: str = "a.jsonl#1") -> Document:
    line = json.dumps(record).encode()
    return extract(RawPage(path, line, "record", json.loads(line)))


def test_given_fields_are_kept() -> None:
    document = read(
        {
            "id": "d1",
            "url": "http://a.gov.cn/1.html",
            "title": TITLE,
            "date": "2021-05-14",
            "source": "某县日报",
            "author": "林晓",
            "text": BODY,
            "unknown": {"x": 1},
        }
    )
    assert (document.id, document.url, document.title) == ("d1", "http://a.gov.cn/1.html", TITLE)
    assert (document.date, document.source, document.author) == ("2021-05-14", "某县日报", "林晓")
    assert document.text == BODY


def test_a_record_with_a_page_is_read_as_a_page() -> None:
    document = read({"id": 7, "url": "http://a.gov.cn/1.html", "source": "某部", "html": page()})
    assert (document.id, document.title, document.text) == ("7", TITLE, BODY)
    assert (document.source, document.date, document.time) == ("某部", "2021-05-14", "09:30")


@pytest.mark.parametrize(
    ("given_date", "date"),
    [
        ("2021/5/14", "2021-05-14"),
        ("2021年5月14日 09:30", "2021-05-14"),
        ("2021-99-99", None),
        ("2021-02-30", None),
        ("", None),
        (None, None),
        (20210514, None),
        ({"y": 1}, None),
    ],
)
def test_dates_in_any_form(given_date: object, date: str | None) -> None:
    assert read({"date": given_date, "text": "一"}).date == date


def test_breaks_are_one_line_feed() -> None:
    assert read({"text": " 一\r\n\r\n　　二 \n \n三\r四 "}).text == "一\n二\n三\n四"


def test_control_characters_and_lone_surrogates_are_dropped() -> None:
    document = read({"id": "a\ud800", "title": "标\u0000题", "text": "残\ud83d疾\u0007人\ufeff"})
    assert (document.title, document.text) == ("标题", "残疾人")
    (document.id + document.title + document.text).encode()


@pytest.mark.parametrize("record", [{}, {"text": ""}, {"text": None}, {"html": ""}, {"text": [1]}])
def test_a_record_without_text_is_rejected(record: dict[str, Any]) -> None:
    with pytest.raises(PageRejected) as error:
        read(record)
    assert error.value.reason == "empty"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://a.gov.cn/1", True),
        ("a.gov.cn/1", True),
        ("a.gov.cn:8080/1", True),
        ("javascript:alert(1)", False),
        ("\tjava\nscript:alert(1)", False),
        ("data:text/html,x", False),
    ],
)
def test_only_addresses_of_pages_are_kept(url: str, kept: bool) -> None:
    assert (read({"text": "一", "url": url}).url is not None) == kept


def test_ids_are_stable_and_differ() -> None:
    text = {"text": BODY}
    assert read(text).id == read(text).id
    assert read(text).id != read({"text": BODY + "。"}).id
    assert read(text).id != read(text, "b.jsonl#1").id
    by_url = read({**text, "url": "https://www.a.gov.cn/1.html#top"})
    assert by_url.id == read({"text": "别的", "url": "http://a.gov.cn/1.html"}).id


@given(st.text(max_size=50) | st.integers() | st.floats() | st.none() | st.booleans())
def test_any_given_id_is_safe_in_an_address(value: object) -> None:
    made = document_id(value, None, "p", "s")
    assert made
    made.encode()
    assert not set(made) & set("/?#%\\ \n\0")
    assert made not in (".", "..")


@given(
    st.dictionaries(
        st.sampled_from(["id", "url", "title", "date", "source", "author", "text", "html"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=4,
        ),
    )
)
def test_any_record_is_read_or_rejected(record: dict[str, Any]) -> None:
    try:
        document = read(record)
    except PageRejected:
        return
    for value in (
        document.id,
        document.title,
        document.text,
        document.url or "",
        document.source or "",
    ):
        assert isinstance(value, str)
        value.encode()
