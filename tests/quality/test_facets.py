"""Facets are held at the quality that was measured, on exactly the documents it was measured on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.facets import derive
from tests.quality.facet_scores import (
    FLOORS,
    LABELS,
    Score,
    corpus,
    digest,
    load,
    measure,
    measure_taught,
    measure_unseen,
    others,
    table,
)

PINNED = json.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, Score]:
    path = corpus(shared)
    assert digest(path) == PINNED["corpus"], "other documents: pin the floors anew"
    measured = measure(load(path))
    measured["program, taught by others"] = measure_taught(load(path), others(shared))
    print("\n" + table(measured))
    return measured


@pytest.fixture(scope="module")
def other_scores(shared: Path) -> dict[str, Score]:
    assert digest(LABELS) == PINNED["labels"], "other labels: pin the floors anew"
    measured = measure(others(shared)[::3])
    print("\n" + table(measured))
    return measured


@pytest.mark.parametrize("name", ["province", "role", "program, taught by others", "year"])
def test_no_facet_falls_below_its_floor(scores: dict[str, Score], name: str) -> None:
    assert scores[name].f1 >= PINNED["floors"][name], table(scores)


@pytest.mark.parametrize("name", ["province", "role", "year"])
def test_other_documents_stay_as_good(other_scores: dict[str, Score], name: str) -> None:
    # A third of them: the floor leaves room for the chance in that.
    assert other_scores[name].f1 >= PINNED["floors"][f"others: {name}"] - 0.02, table(other_scores)


@pytest.mark.soak
def test_programs_of_documents_that_the_weights_never_saw(shared: Path) -> None:
    gold, other = measure_unseen(load(corpus(shared)), others(shared))
    assert gold.f1 >= PINNED["floors"]["program, unseen"]
    assert other.f1 >= PINNED["floors"]["others: program, unseen"]


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
