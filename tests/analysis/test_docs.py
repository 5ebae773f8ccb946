"""The examples of docs/dictionaries.md are right."""

from __future__ import annotations

import re
from pathlib import Path

from indexer.analysis import load_analyzer


def test_the_examples_load_and_work(root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "dictionaries.md").read_text(encoding="utf-8")
    for name in ("user_words.txt", "synonyms.txt"):
        section = text.split(f"## `{name}`")[1]
        example = re.findall(r"```\n(.*?)```", section, re.DOTALL)[0]
        (tmp_path / name).write_text(example, encoding="utf-8")
    analyzer = load_analyzer(tmp_path)
    assert analyzer.subwords("云岭康桥") == ("康桥",)
    assert {each.text for each in analyzer.synonyms.expansions("瞎子")} >= {"盲人", "视力残疾"}


def test_every_data_file_is_described(root: Path) -> None:
    folder = root / "indexer" / "analysis" / "data"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    names = {path.name for path in folder.iterdir()} - {"README.md"}
    assert names
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []
