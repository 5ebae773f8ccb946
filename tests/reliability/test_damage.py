"""Damaged pages neither crash, hang nor outgrow a build; each is indexed or skipped with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.damage import DAMAGES, build, write_pages


def check(folder: Path, pages: int, seconds: float) -> None:
    (folder / "pages").mkdir()
    write_pages(folder / "pages", pages)
    summary, _memory = build(folder / "pages", folder / "index", seconds)
    skipped = summary["skipped"]
    assert isinstance(skipped, list)
    assert summary["read"] == pages
    assert isinstance(summary["indexed"], int)
    assert summary["indexed"] + len(skipped) == pages
    assert all(entry["reason"] for entry in skipped)
    # A page may end in a worker's death (it is skipped then), but none should.
    assert not [entry for entry in skipped if entry["code"] in {"crashed", "failed"}]


def test_every_kind_of_damage(tmp_path: Path) -> None:
    check(tmp_path, len(DAMAGES) * 8, seconds=300)


@pytest.mark.soak
def test_ten_thousand_damaged_pages(tmp_path: Path) -> None:
    check(tmp_path, 10_000, seconds=3600)
