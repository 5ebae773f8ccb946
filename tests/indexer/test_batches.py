"""Batches are cut further where a page in them brings down its reader."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from indexer.batches import halve
from indexer.document import RawPage
from indexer.sources import InputRef, read_pages

LINES = [b'{"text": "%d"}\n' % number for number in range(7)]


def single(refs: tuple[InputRef, ...]) -> list[tuple[InputRef, ...]]:
    """What is left when nothing can be cut any further."""
    return [part for half in halve(refs) for part in single(half)] or [refs]


@pytest.mark.parametrize("name", ["records.jsonl", "RECORDS.JSONL.GZ"])
def test_a_file_of_records_is_cut_down_to_its_lines(tmp_path: Path, name: str) -> None:
    data = b"".join(LINES)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("GZ") else data)
    parts = single((InputRef(str(tmp_path), name),))
    assert len(parts) == len(LINES)
    pages = [page for (ref,) in parts for page in read_pages(ref)]
    assert [page.data for page in pages if isinstance(page, RawPage)] == LINES
    assert [page.path for page in pages] == [f"{name}#{n}" for n in range(1, len(LINES) + 1)]


def test_files_are_parted_and_one_page_is_not_cut(tmp_path: Path) -> None:
    for name in ("a.html", "b.txt", "c.jsonl"):
        (tmp_path / name).write_bytes(LINES[0])
    refs = tuple(
        InputRef(str(tmp_path), name) for name in ("a.html", "b.txt", "c.jsonl", "gone.jsonl")
    )
    assert single(refs) == [(ref,) for ref in refs]
