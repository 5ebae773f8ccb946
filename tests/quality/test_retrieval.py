"""Ranking is held at the quality that was measured, on exactly the archive it was measured on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.quality.retrieval_scores import FLOORS, digest, measure, rank, read_grades, table

PINNED = json.loads(FLOORS.read_text(encoding="utf-8"))
WANTED = 0.82
"""nDCG@10 on the development queries that was set out for; plain BM25F over words has 0.782."""


@pytest.fixture(scope="module")
def scores(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    folder = shared / "gold" / "retrieval"
    assert digest(folder) == PINNED["corpus"], "another archive: pin the floors anew"
    runs = rank(folder, tmp_path_factory.mktemp("retrieval") / "index")
    print("\n" + table(runs, folder))
    return measure(runs, read_grades(folder))


@pytest.mark.parametrize("name", ["ndcg@10", "recall@100"])
def test_ranking_does_not_fall_below_its_floor(scores: dict[str, float], name: str) -> None:
    assert scores[name] >= PINNED["floors"][name]


def test_ranking_is_as_good_as_set_out(scores: dict[str, float]) -> None:
    assert scores["ndcg@10"] >= WANTED
