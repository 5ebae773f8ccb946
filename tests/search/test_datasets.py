"""Searches as data, over every engine: `datasets/<name>/{documents.jsonl,searches.yaml}`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from indexer import pipeline
from indexer.engines.base import ENGINES
from search_app.search.results import to_json
from search_app.search.service import SearchService
from search_app.search.state import SearchState

DATASETS = Path(__file__).resolve().parent / "datasets"
SEARCHES = [
    (path.parent.name, number)
    for path in sorted(DATASETS.glob("*/searches.yaml"))
    for number in range(len(yaml.safe_load(path.read_text(encoding="utf-8"))))
]
FACETS = ("province", "donor", "recipient", "year", "program", "source")
PARAMETERS = {"sort", *FACETS, *(f"not_{name}" for name in FACETS)}


@pytest.fixture(scope="module", params=sorted(ENGINES))
def services(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, SearchService]:
    """An open index of each dataset, half of it added by an update."""
    found = {}
    for path in sorted(DATASETS.glob("*/documents.jsonl")):
        folder = tmp_path_factory.mktemp(path.parent.name)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        source = folder / path.name
        source.write_text("".join(lines[::2]), encoding="utf-8")
        pipeline.build([source], folder / "index")
        source.write_text("".join(lines), encoding="utf-8")
        pipeline.update([source], folder / "index")
        found[path.parent.name] = SearchService(folder / "index")
    return found


@pytest.mark.parametrize(("dataset", "number"), SEARCHES)
def test_search(services: dict[str, SearchService], dataset: str, number: int) -> None:
    path = DATASETS / dataset / "searches.yaml"
    expected: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))[number]
    told = {"ids", "first", "facets", "marked", "notes", "suggests", "note", "q"}
    params = {name: value for name, value in expected.items() if name not in told}
    assert params.keys() <= PARAMETERS, "misspelt"
    state = SearchState.from_params({"q": [expected["q"]], "per_page": ["100"], **params})
    answer = to_json(services[dataset].search(state, FACETS), {})
    ids = [hit["id"] for hit in answer["hits"]]
    assert len(ids) == answer["total_results"]
    assert expected.keys() & {"ids", "first", "suggests"}, "nothing is expected"
    assert {note["code"] for note in answer["query"]["notes"]} == set(expected.get("notes", ()))
    if "ids" in expected:
        assert sorted(ids) == sorted(expected["ids"])
        assert answer["total"] == len(expected["ids"])
    first = expected.get("first", [])
    assert ids[: len(first)] == first
    for facet, counts in expected.get("facets", {}).items():
        given = {str(entry["value"]): entry["count"] for entry in answer["facets"][facet]}
        assert {value: given.get(value, 0) for value in counts} == counts, facet
    for id_, words in expected.get("marked", {}).items():
        (hit,) = (hit for hit in answer["hits"] if hit["id"] == id_)
        marked = "".join(re.findall("<mark>(.*?)</mark>", " ".join(hit["snippets"])))
        assert words in marked
    if "suggests" in expected:
        assert expected["suggests"] in str(answer["suggestions"])
