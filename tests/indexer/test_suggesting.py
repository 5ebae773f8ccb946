"""Suggestions are made with the index, and never stand in its way."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from indexer import suggesting
from indexer.analysis.suggestions import FILE
from indexer.generations import IndexFolder
from indexer.pipeline import Options, build, update
from indexer.storage import Storage
from search_app.search.suggest import open_suggester

QUICK = Options(without=frozenset({"repair", "duplicates", "facets"}))


def write(folder: Path, titles: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    lines = [
        json.dumps({"id": str(n), "title": title, "text": f"{title}。县残联组织残疾人参加培训。"})
        for n, title in enumerate(titles)
    ]
    (folder / "archive.jsonl").write_text("\n".join(lines), encoding="utf-8")


def completions(index: Path, typed: str) -> list[str]:
    suggester = open_suggester(IndexFolder(index).open_current().path)
    assert suggester is not None
    return [each.text for each in suggester.complete(typed)]


def test_a_build_and_an_update_make_them(tmp_path: Path) -> None:
    source, index = tmp_path / "pages", tmp_path / "index"
    write(source, ["示范镇举办助残活动", "示范镇开展对口帮扶"])
    build([source], index, QUICK)
    assert completions(index, "cl")[0] == "残联"
    assert "示范镇举办助残活动" in completions(index, "示范镇")
    write(source, ["示范镇举办助残活动", "示范镇开展对口帮扶", "雨露计划惠及学子"])
    update([source], index)
    assert "雨露计划惠及学子" in completions(index, "雨露")
    manifest = IndexFolder(index).open_current().manifest
    assert FILE in {entry.path for entry in manifest.files}


def die(_: object) -> bytes:
    os._exit(1)


def test_an_index_goes_on_without_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "_suggestions", die)
    with suggesting.beside("whoosh", []) as suggestions:
        pass
    assert suggestions.write(Storage(), tmp_path) == []
    assert not list(tmp_path.iterdir())
