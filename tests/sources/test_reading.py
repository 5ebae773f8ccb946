"""What comes out of a file: pages, records, and reasons."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from indexer.document import RawPage, Skipped
from indexer.sources import InputRef, find_inputs, read_pages
from indexer.sources import records as records_module


def read(*paths: Path) -> list[RawPage | Skipped]:
    pages: list[RawPage | Skipped] = []
    for ref in find_inputs(paths):
        assert isinstance(ref, InputRef)
        pages.extend(read_pages(ref))
    return pages


def test_a_page_comes_with_its_bytes_and_time(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes("<p>残联</p>".encode("gbk"))
    os.utime(file, (1_600_000_000, 1_600_000_000))
    (page,) = read(tmp_path)
    assert page == RawPage("a.html", "<p>残联</p>".encode("gbk"), "html", modified=1_600_000_000.0)


def test_a_file_that_is_gone_is_skipped_with_its_reason(tmp_path: Path) -> None:
    (page,) = read_pages(InputRef(str(tmp_path), "gone.html"))
    assert isinstance(page, Skipped)
    assert page.path == "gone.html"


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "huge.html").open("wb") as stream:
        stream.truncate(200 << 20)  # sparse: takes no room
    (page,) = read(tmp_path)
    assert isinstance(page, Skipped)
    assert page.code == "too_large"


def grow(file: Path, moment: int) -> None:
    file.write_text("x" * (2 + moment))


def rewrite_at_its_length(file: Path, moment: int) -> None:
    os.utime(file, ns=(moment, moment))


@pytest.mark.parametrize("change", [grow, rewrite_at_its_length])
def test_a_file_that_keeps_changing_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path, int], None]
) -> None:
    file = tmp_path / "a.html"
    file.write_text("x")
    plain = os.fstat
    moments = count()

    def restless(descriptor: int) -> os.stat_result:
        change(file, next(moments))
        return plain(descriptor)

    monkeypatch.setattr(os, "fstat", restless)
    (page,) = read_pages(InputRef(str(tmp_path), "a.html"))
    assert isinstance(page, Skipped)
    assert page.code == "changed"


def test_a_web_archive_gives_its_page(tmp_path: Path) -> None:
    (tmp_path / "a.mht").write_bytes(
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
        b"--B\r\nContent-Type: text/html; charset=gb2312\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nPHA+0qrOxTwvcD4=\r\n"
        b"--B\r\nContent-Type: image/gif\r\n\r\nx\r\n--B--\r\n"
    )
    (page,) = read(tmp_path)
    assert isinstance(page, RawPage)
    assert page.data == "<p>要闻</p>".encode("gbk")
    assert page.encoding == "gb2312"


# --- records ---------------------------------------------------------------------


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def test_records_are_numbered_and_broken_lines_skipped(tmp_path: Path) -> None:
    good = lines({"id": 1, "text": "一"}) + b"{broken\n" + b"\n" + b"[1]\n" + lines({"text": "二"})
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + good)
    pages = read(tmp_path)
    assert [page.path for page in pages] == [f"a.jsonl#{n}" for n in (1, 2, 4, 5)]
    assert [type(page) for page in pages] == [RawPage, Skipped, Skipped, RawPage]
    assert pages[3].record == {"text": "二"}  # type: ignore[union-attr]


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_line_ends_of_all_kinds(tmp_path: Path, ending: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "1"}\r\n{"text": "2"}' + ending.encode())
    assert [page.record for page in read(tmp_path)] == [{"text": "1"}, {"text": "2"}]  # type: ignore[union-attr]


def test_compressed_records(tmp_path: Path) -> None:
    data = gzip.compress(lines({"text": "一"}, {"text": "二"}))
    (tmp_path / "a.jsonl.gz").write_bytes(data)
    assert len(read(tmp_path)) == 2
    (tmp_path / "a.jsonl.gz").write_bytes(data[:-12])
    pages = read(tmp_path)
    assert isinstance(pages[-1], Skipped)
    (tmp_path / "a.jsonl.gz").write_bytes(b"not gzip at all")
    (page,) = read(tmp_path)
    assert isinstance(page, Skipped)


def test_a_line_in_gbk_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"text": "残疾人"}\n'.encode("gbk"))
    (page,) = read(tmp_path)
    assert isinstance(page, RawPage)
    assert page.record == {"text": "残疾人"}


def test_an_endless_line_is_skipped_and_the_next_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records_module, "MAX_LINE_BYTES", 64)
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "' + b"x" * 500 + b'"}\n' + lines({"text": "1"}))
    first, second = read(tmp_path)
    assert isinstance(first, Skipped)
    assert first.code == "too_large"
    assert second.path == "a.jsonl#2"


def test_a_file_cut_after_the_walk_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(lines({"text": "1"}, {"text": "2"}))
    ref = InputRef(str(tmp_path), "a.jsonl", 0, file.stat().st_size)
    file.write_bytes(lines({"text": "1"}))
    pages = list(read_pages(ref))
    assert isinstance(pages[0], RawPage)
    assert isinstance(pages[1], Skipped)
    assert pages[1].code == "changed"


@pytest.mark.parametrize("line", [b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000, b'"\\ud800"'])
def test_json_bombs_are_broken_lines(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(line + b"\n")
    (page,) = read(tmp_path)
    assert isinstance(page, Skipped)
    assert page.code == "broken_line"
