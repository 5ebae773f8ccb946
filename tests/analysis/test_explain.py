"""`analyze`: every step, ready for JSON."""

from __future__ import annotations

import json

from hypothesis import given

from indexer.analysis import Analyzer
from tests.analysis.strategies import TEXTS


def test_each_step_is_shown(analyzer: Analyzer) -> None:
    steps = analyzer.explain("殘 疾 人，粤桂")
    assert steps["normalised"] == "残 疾 人,粤桂"
    assert {"offset": 0, "found": "殘", "folded": "残"} in steps["folded"]
    first, second = steps["tokens"]
    assert (first["word"], first["text"], first["start"], first["end"]) == (
        "残疾人",
        "殘 疾 人",
        0,
        5,
    )
    assert first["subwords"] == ["残疾"]
    assert second["gap"]
    assert "广东 广西" in dict(steps["synonyms"][-1]["expansions"])


@given(text=TEXTS)
def test_it_never_fails_and_fits_json(analyzer: Analyzer, text: str) -> None:
    assert json.loads(json.dumps(analyzer.explain(text)))["text"] == text
