"""Bytes are read in the encoding that they have, not the one that they claim."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import RawPage
from indexer.errors import PageRejected
from indexer.extract import ExtractOptions, extract
from indexer.extract.encoding import CONTROLS, decode

TEXT = "残疾人辅助器具适配服务下乡，喆、镕、㙍等字也要读得出来。" * 4


def declared(charset: str) -> str:
    return f'<html><head><meta charset="{charset}"></head><body><p>{TEXT}</p></body></html>'


@pytest.mark.parametrize(
    ("charset", "written", "read"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("gbk", "gb18030", "gb18030"),
        ("gb2312", "gb18030", "gb18030"),
        ("GB_2312-80", "gb18030", "gb18030"),
        ("gb2312", "utf-8", "utf-8"),
        ("utf-8", "gb18030", "gb18030"),
        ("iso-8859-1", "gb18030", "gb18030"),
        ("rot13", "gb18030", "gb18030"),
        ("no-such-thing", "utf-8", "utf-8"),
        ("utf-8", "utf-16", "utf-16-le"),
        ("utf-8", "utf-16-le", "utf-16-le"),
        ("utf-8", "utf-16-be", "utf-16-be"),
        ("utf-8", "utf-8-sig", "utf-8"),
        ("big5", "utf-8", "utf-8"),
    ],
)
def test_the_real_encoding_is_found(charset: str, written: str, read: str) -> None:
    decoded = decode(declared(charset).encode(written))
    assert TEXT in decoded.text
    assert decoded.encoding == read
    assert decoded.replaced == 0


def test_declared_big5() -> None:
    text = "身心障礙者輔具服務"
    decoded = decode(f'<meta charset="big5"><p>{text * 3}</p>'.encode("big5"))
    assert text in decoded.text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_cost_a_few_characters(encoding: str) -> None:
    data = (declared(encoding) * 8).encode(encoding)
    middle = data.index("辅助".encode(encoding))
    decoded = decode(data[:middle] + b"\xff" + data[middle + 1 :])
    assert decoded.encoding == encoding
    assert 0 < decoded.replaced < 0.01
    assert decoded.text.count(TEXT) >= 7


def test_a_page_of_broken_bytes_is_rejected_with_its_share() -> None:
    data = bytearray(declared("utf-8").encode() * 3)
    data[100:-100:5] = b"\xff" * len(data[100:-100:5])
    with pytest.raises(PageRejected) as error:
        decode(bytes(data))
    assert error.value.reason == "encoding"
    assert "%" in error.value.message


def test_the_threshold_is_an_option_and_the_share_is_kept() -> None:
    data = bytearray((TEXT * 3).encode())
    data[30:300:30] = b"\xff" * 9
    page = RawPage("a.txt", bytes(data), "text")
    with pytest.raises(PageRejected):
        extract(page)
    document = extract(page, options=ExtractOptions(max_replaced=0.5))
    assert document.replaced > 0.02


def windows_1252(byte: int) -> str:
    """As browsers decode it: the five bytes that it leaves undefined are controls."""
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


@pytest.mark.parametrize("sign", [windows_1252, chr], ids=["windows-1252", "latin-1"])
def test_utf8_encoded_twice_is_undone_and_flagged(sign: Callable[[int], str]) -> None:
    twice = "".join(map(sign, declared("utf-8").encode()))
    document = extract(RawPage("a.html", twice.encode(), "html"))
    assert TEXT in document.text
    assert "encoding_repaired" in document.flags
    assert document.replaced == 0


def test_gbk_taken_for_latin1_is_undone() -> None:
    text = TEXT.replace("㙍", "字")
    decoded = decode(f"<p>{text}</p>".encode("gbk").decode("latin-1").encode())
    assert text in decoded.text
    assert decoded.repaired


def test_western_text_is_not_taken_for_double_encoding() -> None:
    text = "L’été à l’école: déjà vu, naïve façade, cœur brûlé, señor, über, Ångström. " * 5
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        (b"%PDF-1.4 ...", "binary"),
        (b"\x00\x01\x02\x03" * 500, "binary"),
        (b"\x00\xff" * 500, "binary"),
        (b"\xff\x00" * 501 + b"\x00", "binary"),
    ],
)
def test_what_is_no_text_is_rejected(data: bytes, reason: str) -> None:
    with pytest.raises(PageRejected) as error:
        extract(RawPage("a.html", data, "html"))
    assert error.value.reason == reason


@given(st.text(min_size=1, max_size=300).filter(lambda t: t.strip()))
def test_any_text_survives_in_utf8(text: str) -> None:
    plain = CONTROLS.sub("", text)
    assert decode(plain.encode()).text == plain


@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    with contextlib.suppress(PageRejected):
        decoded = decode(data)
        assert 0 <= decoded.replaced <= 1
        decoded.text.encode()
