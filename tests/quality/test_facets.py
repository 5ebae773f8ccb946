"""Facets are held at the quality that was measured, on exactly the documents it was measured on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.facets import derive
from tests.quality.facet_scores import FLOORS, Score, corpus, digest, load, measure, table

PINNED = json.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, Score]:
    path = corpus(shared)
    assert digest(path) == PINNED["corpus"], "other documents: pin the floors anew"
    measured = measure(load(path))
    print("\n" + table(measured))
    return measured


@pytest.mark.parametrize("name", ["province", "role", "program", "program, unseen", "year"])
def test_no_facet_falls_below_its_floor(scores: dict[str, Score], name: str) -> None:
    assert scores[name].f1 >= PINNED["floors"][name], table(scores)


def test_provinces_beat_both_baselines(scores: dict[str, Score]) -> None:
    assert scores["province"].f1 > scores["province, gazetteer"].f1
    assert scores["province"].f1 > scores["province, names alone"].f1


REAL = {
    "000": {"广东": ("donor",), "广西": ("recipient",)},
    "001": {"浙江": ("donor",), "广东": ("donor",), "四川": ("recipient",)},
    "002": {"广东": ()},
    "003": {"广东": ("donor",), "贵州": ("recipient",)},
    "004": {"广东": ("donor", "recipient"), "广西": ("recipient",)},
}
PROGRAMS = {
    "000": {"governance", "pairing", "disability_employment"},
    "001": {"governance", "talent", "rehab", "disability_employment"},
    "002": {"governance", "disability_employment", "accessibility", "disability_culture"},
    "003": {"consumption", "employment", "education", "health", "pairing", "talent"},
    "004": {"industry", "consumption", "employment", "talent", "pairing"},
}


@pytest.mark.parametrize("number", sorted(REAL))
def test_the_five_real_pages_give_their_provinces_and_programs(shared: Path, number: str) -> None:
    """As they were saved: before navigation is cut away or foreign words are restored."""
    path = next((shared / "seeds").glob(f"{number}_*"))
    derived = derive(Document("1", "1", text=path.read_text(encoding="utf-8")))
    assert {p.name: tuple(p.roles) for p in derived.provinces} == REAL[number]
    assert PROGRAMS[number] <= {program.id for program in derived.programs}
