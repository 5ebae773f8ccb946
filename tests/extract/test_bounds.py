"""No page takes the build down: what is too much is cut off with a reason."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document, RawPage
from indexer.errors import PageRejected
from indexer.extract import extract
from tests.extract.pages import ARTICLE, BODY, PARAGRAPHS, page


def outcome(data: bytes, kind: str = "html") -> str | Document:
    try:
        return extract(RawPage("a", data, kind))  # type: ignore[arg-type]
    except PageRejected as error:
        return error.reason


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<div>" * 40_000 + ARTICLE, "too_deep"),
        ("<table><tr><td>" * 5_000 + ARTICLE, "too_deep"),
        ("<b><i>" * 100_000 + ARTICLE, "too_large"),
        ("<br>" * 200_000 + ARTICLE, "too_large"),
        ("<p>" + "字" * (5 << 20), "too_large"),
    ],
)
def test_too_much_is_named(data: str, expected: str) -> None:
    assert outcome(data.encode()) == expected


def test_tags_left_open_do_not_lose_the_rest_of_the_article() -> None:
    # Each open <font> nests the following paragraph one level deeper.
    article = "".join(f"<p><font color='red'>{PARAGRAPHS[0]}</p>" for _ in range(600))
    document = outcome(page(article).encode())
    assert isinstance(document, Document)
    assert document.text.count(PARAGRAPHS[0]) == 600


@pytest.mark.parametrize(
    "noise",
    [
        "<script>" * 50_000,
        "<!--" * 50_000,
        "<!-- -- >" * 20_000,
        "<img src='data:image/png;base64," + "A" * 3_000_000 + "'>",
        "<img " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<a " * 20_000,
        "&#xD800;&#0;&bogus;" * 5_000,
        "<script>" + 'content:"\\' * 50_000 + "</script>",
        "<iframe srcdoc='" * 500,
        "<p>" + " " * 1_000_000 + "</p>",
        "<style>" + "}" * 1_000_000,
    ],
    ids=lambda noise: noise[:12],
)
def test_noise_behind_the_article_is_survived(noise: str) -> None:
    result = outcome((page().replace("</body></html>", "") + noise).encode())
    assert isinstance(result, Document)
    assert result.text.startswith(PARAGRAPHS[0])


def test_entities_do_not_explode() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE html [<!ENTITY l0 "lol">{levels}]><html><body><p>&l11;</p>{ARTICLE}</body>'
    result = outcome(bomb.encode())
    assert isinstance(result, Document)
    assert len(result.text) < 2 * len(BODY)


@pytest.mark.parametrize("sign", ["\x0c", "\x0b", "&#1;", "&#x1F;", "&#12", "&#xFFFF;", "&#127;"])
def test_control_characters_in_any_dress_are_left_out(sign: str) -> None:
    furniture = f"<div class='share'>分享{sign}</div>{sign}"
    result = outcome(page(furniture + ARTICLE.replace("。", sign + "。")).encode())
    assert isinstance(result, Document)
    assert result.text == BODY


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    data = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><body><p>&x;</p>{ARTICLE}'
    result = outcome(data.encode())
    assert isinstance(result, Document)
    assert "secret words" not in result.text


def test_memory_stays_within_a_multiple_of_the_page() -> None:
    data = (f"<p>{PARAGRAPHS[0]}</p>" * 2_000).encode()
    tracemalloc.start()
    outcome(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * len(data)


FRAGMENTS = st.sampled_from(
    [
        "<p>", "</p>", "<div class='content'>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<!--",
        "-->", "<script>", "</script>", "<title>", "</title>", "<h1>", "<a href='x'>", "</a>", "<br>",
        "<img src='a.jpg'>", "</html>", "<body>", "\0", "&lt;", "&#x10FFFF;", "<", ">", '"',
        "2021-05-14 09:30", "来源：某县日报", "相关阅读", PARAGRAPHS[0], PARAGRAPHS[1],
        "<meta charset='gb2312'>", "<li>", "<ul>", "<iframe srcdoc='", "<font>", "<?xml version='1.0'?>",
    ]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(FRAGMENTS | st.text(max_size=10), max_size=60))
def test_any_heap_of_markup_is_read_or_rejected(pieces: list[str]) -> None:
    result = outcome("".join(pieces).encode("utf-8", "surrogatepass"))
    if isinstance(result, Document):
        (result.text + result.title + result.page_title + (result.source or "")).encode()
        assert "\n\n" not in result.text
        for span in result.spans:
            assert 0 <= span.start < span.end <= len(result.text)


@settings(max_examples=100)
@given(data=st.data())
def test_a_damaged_page_is_read_or_rejected(data: st.DataObject) -> None:
    raw = bytearray(page().encode("gb18030"))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(at, min(len(raw), at + 200)))
        raw[at:end] = data.draw(st.binary(max_size=8))
    outcome(bytes(raw))


@pytest.mark.parametrize(
    "line",
    [
        "1" * 150 + "q",
        "1 " * 75 + "q",
        "|" * 150 + "q",
        "首页 " * 50,
        "首页>  " * 30 + "。",
        "a|  " * 39,
        "林晓/文   " * 11 + "q",
        "记者 林晓、" * 20,
    ],
)
def test_long_lines_of_one_sign_are_read_at_once(line: str) -> None:
    # A rule that backtracks would take longer than any test run.
    found = extract(RawPage("p.txt", f"{line}\n\n正文在这里。\n{line}".encode(), "text"))
    assert "正文" in found.title + found.text
