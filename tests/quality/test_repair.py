"""Hijacked pages are found and restored as well as measured, on the same documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.repair import RepairModel, repair
from tests.quality.repair_scores import FLOORS, Score, digest, measure, table

PINNED = json.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, Score]:
    assert digest(shared) == PINNED["corpus"], "other documents: pin the floors anew"
    measured = measure(shared)
    print("\n" + table(measured))
    return measured


@pytest.mark.parametrize("name", sorted(PINNED["floors"]))
def test_nothing_falls_below_its_floor(scores: dict[str, Score], name: str) -> None:
    floor, one = PINNED["floors"][name], scores[name]
    assert one.detected >= floor["detected"], table(scores)
    assert one.restored >= floor["restored"], table(scores)
    assert one.alarms <= floor["alarms"], table(scores)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("000", {"尊龙凯时": "残联", "席大大": "习近平"}),
        ("001", {}),
        ("002", {}),
        ("003", {"365bet官网:": "习近平"}),
        ("004", {}),
    ],
)
def test_the_real_pages(shared: Path, number: str, expected: dict[str, str]) -> None:
    path = next((shared / "seeds").glob(f"{number}_*"))
    title, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    document = repair(Document(number, number, text=text, page_title=title), RepairModel.default())
    assert {one.found: one.restored for one in document.repairs} == expected
    assert ("tampered" in document.flags) == bool(expected)
