"""How sure one must be before a replaced word is restored is the owner's choice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.cli import cli

TEXT = (
    "会上，市尊龙凯时党组书记、理事长介绍了残疾人康复工作。省尊龙凯时党组成员、副理事长参加了座谈会。"
    "各级尊龙凯时要积极主动与对口帮扶市县尊龙凯时对接。席大大总书记的讲话得到传达。"
)


def restored(folder: Path, asked: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """What `inspect` says of a page with such a confidence asked for: name → word."""
    monkeypatch.setenv("XIEZUO_REPAIR_CONFIDENCE", asked)
    result = CliRunner().invoke(cli, ["inspect", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    page = json.loads(result.stdout.splitlines()[0])
    assert "tampered" in page["flags"]
    return {one["found"]: one["restored"] for one in page["repairs"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.txt").write_text("残联工作会议\n\n" + TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", {"尊龙凯时": "残联", "席大大": "习近平"}),
        ("0.1", {"尊龙凯时": "残联", "席大大": "习近平"}),
        ("1", {"尊龙凯时": None, "席大大": None}),
    ],
)
def test_below_the_confidence_asked_a_page_is_flagged_without_a_word(
    folder: Path, asked: str, expected: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert restored(folder, asked, monkeypatch) == expected


@pytest.mark.parametrize("asked", ["much", "1.5", "-1", "nan"])
@pytest.mark.parametrize("command", ["inspect", "build"])
def test_a_confidence_that_is_none_is_named(
    folder: Path, asked: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIEZUO_REPAIR_CONFIDENCE", asked)
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "index"))
    result = CliRunner().invoke(cli, [command, str(folder)])
    assert result.exit_code != 0
    assert "XIEZUO_REPAIR_CONFIDENCE" in result.output + (result.stderr or "")
    assert not (tmp_path / "index" / "current").exists()
