"""Only the very bytes that were indexed are given out as the original."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from indexer.originals import OriginalMissing, read_original


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
