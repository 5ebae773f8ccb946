"""Pages are read at the quality that was measured, on exactly the pages it was measured on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.quality.extraction_scores import (
    COLUMNS,
    FLOORS,
    OURS,
    Score,
    digest,
    load,
    measure,
    table,
)

PINNED = json.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, dict[str, Score]]:
    folder = shared / "gold" / "extraction"
    assert digest(folder) == PINNED["corpus"], "other pages: pin the floors anew"
    rows = load(folder)
    measured = {name: measure(rows, reader) for name, reader in OURS.items()}
    print("\n" + table(measured))
    return measured


@pytest.mark.parametrize(("name", "what"), COLUMNS)
def test_no_score_falls_below_its_floor(
    scores: dict[str, dict[str, Score]], name: str, what: str
) -> None:
    value = scores["ours"][name][what]
    reached = 1 - value if what == "must not" else value
    assert reached >= PINNED["floors"][f"{name} {what}"], table(scores)


@pytest.mark.parametrize("reader", OURS)
def test_the_figures_that_were_asked_for(scores: dict[str, dict[str, Score]], reader: str) -> None:
    """Also on sites that no rule knows, and where no name helps."""
    score = scores[reader]
    for name in ("netease", "cctv"):
        assert score[name]["body"] >= 0.97
        assert score[name]["title"] >= 0.98
        assert score[name]["date"] >= 0.98
    assert score["hand"]["must"] >= 0.97
    assert score["hand"]["must not"] <= 0.03
    assert score["hand"]["title"] >= 0.98
    assert score["hand"]["date"] >= 0.98
