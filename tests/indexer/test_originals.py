"""Only the very bytes that were indexed are given out as the original."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.extract import ExtractOptions
from indexer.originals import Original, OriginalMissing, read_original
from indexer.sources import InputRef, find_inputs
from indexer.stages import document_of, pages


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_page_is_read_back_from_its_source(tmp_path: Path) -> None:
    page = "<p>残联</p>".encode("gb18030")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "页.html").write_bytes(page)
    found = read_original([str(tmp_path)], "a/页.html", digest(page), "gb18030")
    assert (found.data, found.media, found.encoding) == (page, "text/html", "gb18030")


def test_a_record_is_found_by_its_line(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": f"第{n}条"}).encode() + b"\n" for n in range(3)]
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"".join(lines))
    found = read_original([str(file)], "r.jsonl#2", digest(lines[1]), "utf-8")
    assert "第1条" in found.data.decode()
    assert found.media == "text/plain"


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/passwd", "a/../../secret.txt"])
def test_nothing_outside_of_the_source_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    source = tmp_path / "source"
    source.mkdir()
    with pytest.raises(OriginalMissing):
        read_original([str(source)], path, digest(b"secret"), "utf-8")


def test_a_changed_page_or_a_link_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(b"changed")
    with pytest.raises(OriginalMissing, match="changed"):
        read_original([str(tmp_path)], "p.txt", digest(b"as indexed"), "utf-8")
    (tmp_path / "q.txt").symlink_to(tmp_path / "p.txt")
    with pytest.raises(OriginalMissing):
        read_original([str(tmp_path)], "q.txt", digest(b"changed"), "utf-8")


def built(source: Path) -> dict[str, Original]:
    """What is given out for each page of a folder, by its path, after a build of it."""
    found = {}
    for page in pages(ref for ref in find_inputs([source]) if isinstance(ref, InputRef)):
        document = document_of(page, ExtractOptions(keep_non_articles=True))
        assert isinstance(document, Document)
        found[document.path] = read_original(
            [str(source)], document.path, document.sha256, document.encoding
        )
    return found


def test_whatever_a_build_can_read_is_shown_again(tmp_path: Path) -> None:
    """Also where its name or its form is not that of the page inside."""
    markup = "<h1>残联召开会议</h1><p>县残联召开会议，讨论残疾人就业。</p>".encode()
    head = b'MIME-Version: 1.0\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n'
    (tmp_path / "saved.mht").write_bytes(head + markup)
    # A name from an archive of GBK names.
    (tmp_path / os.fsdecode("旧".encode("gbk"))).mkdir()
    (tmp_path / os.fsdecode("旧/会议.html".encode("gbk"))).write_bytes(markup)
    records = b'\xef\xbb\xbf{"text": "a"}\n\n' + '{"text": "残联"}\n'.encode("gb18030")
    (tmp_path / "R.JSONL.GZ").write_bytes(gzip.compress(records))
    found = built(tmp_path)
    assert set(found) == {"saved.mht", "旧/会议.html", "R.JSONL.GZ#1", "R.JSONL.GZ#3"}
    assert found["saved.mht"].media == found["旧/会议.html"].media == "text/html"
    assert found["saved.mht"].data == found["旧/会议.html"].data == markup
    assert "残联" in found["R.JSONL.GZ#3"].data.decode()
