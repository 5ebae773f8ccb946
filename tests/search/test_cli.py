from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.analysis.normalise import normalise
from indexer.errors import ConfigError
from search_app import config
from search_app.cli import main
from tests.search.conftest import DOCUMENTS

Run = Callable[..., Result]


@pytest.fixture
def run(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("INDEX_DIR", str(archive))

    def invoke(*arguments: str, stdin: str | bytes = "") -> Result:
        return CliRunner().invoke(main, arguments, input=stdin)

    return invoke


def test_a_query_answers_like_the_api(run: Run) -> None:
    result = run("query", "粤桂协作", "残疾人", "--limit", "2", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["query"]["text"] == "粤桂协作 残疾人"
    assert answer["hits"][0]["id"] == "both"
    assert answer["per_page"] == 2
    assert "<mark>" in answer["hits"][0]["title_html"]


def test_options_narrow_and_sort(run: Run) -> None:
    result = run(
        "query", "残疾人", "--year", "2019..2022", "--source", "样例网", "--source", "样例日报",
        "--sort", "oldest", "--no-fold", "--json",
    )  # fmt: skip
    answer = json.loads(result.stdout)
    dates = [hit["date"] for hit in answer["hits"]]
    assert dates == sorted(dates)
    assert {hit["source"] for hit in answer["hits"]} == {"样例网", "样例日报"}


def test_a_person_reads_titles_passages_and_what_was_understood(run: Run) -> None:
    result = run("query", "残联", "--explain")
    assert result.exit_code == 0
    assert "粤桂协作残疾人就业座谈会召开" in result.stdout
    assert "残联 → 残疾人联合会" in result.stdout
    assert "idf=" in result.stdout


def test_a_query_may_begin_with_a_minus(run: Run) -> None:
    result = run("query", "-残疾人", "--json")
    assert result.exit_code == 0
    assert {hit["id"] for hit in json.loads(result.stdout)["hits"]} == {
        document["id"]
        for document in DOCUMENTS
        if "残疾人" not in normalise(document.get("title", "") + document["text"])
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "残联", "--year", "abc"),
        ("query", "残联", "--limit", "0"),
        ("query", "残联", "--page", "-1"),
        ("query", "残联", "--sort", "best"),
        ("batch", "no-such-file.tsv"),
        ("fetch",),
    ],
)
def test_wrong_use_has_exit_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_missing_index_has_exit_status_1_and_names_the_next_step(
    run: Run, tmp_path: Path
) -> None:
    result = run("query", "残联", "--index", str(tmp_path), "--json")
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "index_missing"
    assert "indexer build" in error["hint"]


def test_a_batch_is_a_trec_run(run: Run) -> None:
    queries = "﻿q1\t粤桂协作 残疾人\tsomething else\n\nq2\t年会\n"
    result = run("batch", "-", "--limit", "3", stdin=queries)
    assert result.exit_code == 0
    rows = [line.split(" ") for line in result.stdout.splitlines()]
    assert all(len(row) == 6 and row[1] == "Q0" for row in rows)
    assert {row[0] for row in rows} == {"q1", "q2"}
    first = [row for row in rows if row[0] == "q1"]
    assert [row[3] for row in first] == ["1", "2", "3"]
    # Not folded: the reprint has its own place.
    assert {"both", "reprint"} <= {row[2] for row in first}
    scores = [float(row[4]) for row in first]
    assert scores == sorted(scores, reverse=True)


def test_a_line_that_is_no_query_is_named(run: Run) -> None:
    result = run("batch", "-", stdin="q1\t残联\nno tab here\n")
    assert result.exit_code == 1
    assert "2" in result.stderr


@pytest.mark.parametrize("verb", ["query", "batch", "serve"])
def test_every_verb_has_help_with_an_example(run: Run, verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert "Example:" in result.stdout


def test_settings_come_from_the_environment() -> None:
    settings = config.app_config(
        {"XIEZUO_RATE_LIMIT": "30", "XIEZUO_TRUSTED_HOSTS": "a.org, b.org"}
    )
    assert settings["RATE_LIMIT"] == 30
    assert settings["TRUSTED_HOSTS"] == ["a.org", "b.org"]
    assert config.app_config({})["TRUSTED_HOSTS"] is None


def test_a_setting_that_is_no_number_is_refused() -> None:
    with pytest.raises(ConfigError, match="XIEZUO_RATE_LIMIT"):
        config.app_config({"XIEZUO_RATE_LIMIT": "many"})
