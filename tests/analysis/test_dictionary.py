"""User words and the fingerprint."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.analysis import load_analyzer
from indexer.errors import ConfigError


def test_user_words_are_kept_whole_with_their_parts(tmp_path: Path) -> None:
    assert "云岭康桥" not in load_analyzer().tokens("参观云岭康桥项目").words
    (tmp_path / "user_words.txt").write_text("# 本单位用语\n云岭康桥：康桥\n", encoding="utf-8")
    analyzer = load_analyzer(tmp_path)
    assert "云岭康桥" in analyzer.tokens("参观雲嶺康橋项目").words
    assert analyzer.subwords("云岭康桥") == ("康桥",)


def test_the_folder_can_be_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "user_words.txt").write_text("云岭康桥\n", encoding="utf-8")
    monkeypatch.setenv("XIEZUO_USER_DIR", str(tmp_path))
    assert "云岭康桥" in load_analyzer().tokens("云岭康桥").words


def test_the_fingerprint_follows_the_user_files(tmp_path: Path) -> None:
    plain = load_analyzer().fingerprint
    assert load_analyzer(tmp_path).fingerprint == plain
    (tmp_path / "user_words.txt").write_text("云岭康桥\n", encoding="utf-8")
    with_words = load_analyzer(tmp_path).fingerprint
    (tmp_path / "synonyms.txt").write_text("云岭康桥, 康桥\n", encoding="utf-8")
    with_synonyms = load_analyzer(tmp_path).fingerprint
    assert len({plain, with_words, with_synonyms}) == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("好\n".encode(), "第 1 行"),
        ("词语\nABC\n".encode(), "第 2 行"),
        ("云岭康桥: 大桥\n".encode(), "not inside"),
        ("云岭康桥: 云岭康桥\n".encode(), "not inside"),
        ("云岭康桥".encode("gb18030"), "UTF-8"),
    ],
)
def test_mistakes_are_named_with_file_and_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "user_words.txt").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_analyzer(tmp_path)
    assert says in caught.value.message
    assert "user_words.txt" in caught.value.message
    assert caught.value.hint
