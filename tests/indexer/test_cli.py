"""The command line as a person and a script meet it."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.generations import IndexFolder
from indexer.manifest import MANIFEST_NAME, read_manifest

Run = Callable[..., Result]
COMMON = "的一是在了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "资料"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "粤桂协作座谈会\n2020-10-28 来源：某网\n\n10月27日，广东省与广西壮族自治区残联座谈对口帮扶。\n",
        encoding="utf-8",
    )
    (folder / "b.jsonl").write_text(
        '{"id": "one", "title": "闽宁镇", "date": "2021-01-01", "text": "福建对口帮扶宁夏。"}\n'
        "{broken\n"
        '{"id": "two", "title": "特教", "date": "2022-01-01", "text": "特殊教育学校开学。"}\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    runner = CliRunner()

    def invoke(*arguments: object) -> Result:
        environment = {"INDEX_DIR": str(tmp_path / "index"), "XIEZUO_PROCESSES": "1"}
        return runner.invoke(cli, [str(a) for a in arguments], env=environment)

    return invoke


def answer(result: Result) -> Any:
    lines = result.stdout.splitlines()
    assert len(lines) == 1, result.stdout
    return json.loads(lines[0])


def test_build_tells_what_it_did(run: Run, archive: Path) -> None:
    result = run("build", archive, "--json")
    assert result.exit_code == 0, result.output
    summary = answer(result)
    assert summary["read"] == 4
    assert summary["indexed"] == 3
    assert [s["path"] for s in summary["skipped"]] == ["b.jsonl#2"]
    assert {"duplicates", "repaired", "generation", "seconds", "stages"} <= summary.keys()


def test_update_counts_what_changed(run: Run, archive: Path) -> None:
    run("build", archive)
    assert answer(run("update", archive, "--json"))["unchanged"] == 3
    (archive / "b.jsonl").write_text(
        '{"id": "one", "title": "闽宁镇", "date": "2021-01-01", "text": "福建帮扶宁夏，种菇。"}\n'
        '{"id": "three", "title": "新", "date": "2023-01-01", "text": "新的一篇。"}\n',
        encoding="utf-8",
    )
    summary = answer(run("update", archive, "--json"))
    assert (summary["added"], summary["updated"], summary["removed"]) == (1, 1, 1)
    assert summary["unchanged"] == 1
    assert summary["indexed"] == 3


def test_inspect_needs_no_index_and_keeps_the_order(run: Run, archive: Path) -> None:
    result = run("inspect", archive / "b.jsonl", "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [f.get("id") for f in found] == ["one", None, "two"]
    assert found[1]["error"]["code"] == "broken_line"
    assert found[0]["provinces"] == [
        {"name": "福建", "roles": ["donor"], "evidence": found[0]["provinces"][0]["evidence"]},
        {"name": "宁夏", "roles": ["recipient"], "evidence": found[0]["provinces"][1]["evidence"]},
    ]
    assert found[0]["year"] == 2021
    assert "福建" in run("inspect", archive / "b.jsonl").stdout


def test_analyze_shows_the_tokens(run: Run) -> None:
    steps = answer(run("analyze", "２０２０年 殘疾人", "--json"))
    assert [token["word"] for token in steps["tokens"]] == ["2020", "年", "残疾人"]


def test_check_stats_generations_and_rollback(run: Run, archive: Path) -> None:
    first = answer(run("build", archive, "--json"))["generation"]
    second = answer(run("build", archive, "--json"))["generation"]
    assert answer(run("check", "--json"))["ok"] is True
    figures = answer(run("stats", "--json"))
    assert figures["documents"] == 3
    assert figures["bytes"] > 1000
    found = [json.loads(line) for line in run("inspect", archive, "--json").output.splitlines()]
    for facet, key, name in (("province", "provinces", "name"), ("program", "programs", "id")):
        wanted = Counter(value[name] for page in found for value in page.get(key, ()))
        assert figures["facets"][facet] == wanted
    listed = answer(run("generations", "--json"))["generations"]
    assert [g["name"] for g in listed] == [first, second]
    assert answer(run("rollback", "--json"))["generation"] == first
    listed = answer(run("generations", "--json"))["generations"]
    assert [g["current"] for g in listed] == [True, False]


@pytest.mark.parametrize("verb", ["update", "stats", "check", "generations", "rollback"])
def test_a_missing_index_is_said_with_the_next_step(run: Run, archive: Path, verb: str) -> None:
    result = run(verb, archive, "--json") if verb == "update" else run(verb, "--json")
    assert result.exit_code == 1
    error = answer(result)["error"]
    assert error["code"] == "index_missing"
    assert "indexer build" in error["hint"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("build",),
        ("build", "nowhere"),
        ("build", ".", "--without", "everything"),
        ("inspect",),
        ("inspect", "nowhere"),
        ("update", "nowhere"),
        ("analyze",),
        ("nonsense",),
        ("rollback", "--to"),
    ],
)
def test_wrong_use_ends_with_status_two(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_every_verb_explains_itself_with_an_example(run: Run) -> None:
    for verb in cli.commands:
        text = run(verb, "--help").stdout
        assert "Example: python -m indexer" in text
        assert "--json" in text


def test_a_damaged_index_is_found(run: Run, archive: Path, tmp_path: Path) -> None:
    name = answer(run("build", archive, "--json"))["generation"]
    folder = tmp_path / "index" / "generations" / name
    entry = read_manifest(folder).files[0]
    data = bytearray((folder / entry.path).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / entry.path).write_bytes(data)
    result = run("check", "--json")
    assert result.exit_code == 1
    assert entry.path in answer(result)["generations"][name][0]
    assert run("update", archive).exit_code == 1


def test_an_index_of_an_older_schema_is_refused(run: Run, archive: Path, tmp_path: Path) -> None:
    name = answer(run("build", archive, "--json"))["generation"]
    folder = tmp_path / "index" / "generations" / name
    manifest = replace(read_manifest(folder), schema=0)
    (folder / MANIFEST_NAME).write_bytes(manifest.to_bytes())
    result = run("stats", "--json")
    assert result.exit_code == 1
    assert answer(result)["error"]["code"] == "index_outdated"
    assert "indexer build" in answer(result)["error"]["hint"]
    # The command that it names is all that is needed.
    assert run("build", archive).exit_code == 0
    assert run("stats").exit_code == 0


def test_an_index_made_with_other_words_is_refused(
    run: Run, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", archive)
    user = tmp_path / "user"
    user.mkdir()
    (user / "user_words.txt").write_text("闽宁镇种菇\n", encoding="utf-8")
    monkeypatch.setenv("XIEZUO_USER_DIR", str(user))
    from indexer import stages

    stages.analyzer.cache_clear()
    try:
        result = run("update", archive, "--json")
    finally:
        stages.analyzer.cache_clear()
    assert result.exit_code == 1
    assert answer(result)["error"]["code"] == "index_outdated"


def test_bad_pages_are_skipped_with_their_reasons(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "empty.html").write_bytes(b"")
    (folder / "binary.html").write_bytes(bytes(range(256)) * 64)
    (folder / "huge.html").write_bytes(b"<p>" + b"x" * (70 << 20))
    (folder / "good.txt").write_text(
        "好的一篇\n\n残联召开座谈会，部署康复工作。\n", encoding="utf-8"
    )
    summary = answer(run("build", folder, "--json"))
    assert summary["indexed"] == 1
    assert {s["path"] for s in summary["skipped"]} == {"empty.html", "binary.html", "huge.html"}
    assert all(s["reason"] for s in summary["skipped"])


def test_the_name_of_a_file_is_printed_as_it_is(run: Run, archive: Path) -> None:
    (archive / ":smile:[b].txt").write_bytes(b"")
    assert ":smile:[b].txt" in run("build", archive).output


def test_many_files_of_which_some_are_broken(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2000):
        content = (
            bytes([0, 255]) * 300 if number % 100 == 0 else f"第{number}篇\n\n残联开会。".encode()
        )
        (folder / f"{number}.txt").write_bytes(content)
    summary = answer(run("build", folder, "--json", "--without", "duplicates"))
    assert summary["read"] == 2000
    assert summary["indexed"] == 1980
    assert len(summary["skipped"]) == 20


def test_an_index_folder_that_cannot_be_made_is_said(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for index, status in ((tmp_path / "file", 2), (tmp_path / "file" / "below", 1)):
        result = run("build", archive, "--index", index, "--json")
        assert result.exit_code == status
        assert answer(result)["error"]["hint"]


def test_two_pages_with_one_id_are_reported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "twice.jsonl"
    file.write_text(
        '{"id": "a", "text": "第一份，残联开会。"}\n{"id": "a", "text": "第二份，残联培训。"}\n',
        encoding="utf-8",
    )
    summary = answer(run("build", file, "--json"))
    assert summary["indexed"] == 1
    assert summary["skipped"][0]["path"] == "twice.jsonl#1"
    assert "twice.jsonl#2" in summary["skipped"][0]["reason"]


def test_an_updated_index_holds_what_a_new_one_would(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    run("build", archive)
    (archive / "c.txt").write_text("新增\n\n浙江省对口支援四川省。\n", encoding="utf-8")
    (archive / "a.txt").unlink()
    run("update", archive)
    run("build", archive, "--index", tmp_path / "fresh")
    updated = IndexFolder(tmp_path / "index").open_current().manifest
    fresh = IndexFolder(tmp_path / "fresh").open_current().manifest
    assert updated.corpus_digest == fresh.corpus_digest
    assert updated.documents == fresh.documents == 3


def test_an_update_finds_the_reprints_that_a_build_finds(run: Run, archive: Path) -> None:
    """A reprint of the next year is none: a date that only the text gives counts at once."""
    body, more = ("".join(random.Random(n).choices(COMMON, k=n)) for n in (600, 250))
    for name, year, text in (("y1", 2019, body), ("y2", 2021, body + more)):
        (archive / f"{name}.txt").write_text(
            f"{name}\n\n本报{year}年8月11日讯 {text}。\n", encoding="utf-8"
        )
    built = answer(run("build", archive, "--json"))
    (archive / "c.txt").write_text("新增\n\n浙江省对口支援四川省。\n", encoding="utf-8")
    assert answer(run("update", archive, "--json"))["duplicates"] == built["duplicates"]


def test_sources_without_a_page_do_not_empty_an_index(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    run("build", archive)
    (tmp_path / "unmounted").mkdir()
    for verb in ("build", "update"):
        result = run(verb, tmp_path / "unmounted", "--json")
        assert result.exit_code == 1
        assert answer(result)["error"]["code"] == "nothing_to_read"
    assert answer(run("stats", "--json"))["documents"] == 3


def test_an_update_without_changes_keeps_the_generation(run: Run, archive: Path) -> None:
    name = answer(run("build", archive, "--json"))["generation"]
    summary = answer(run("update", archive, "--json"))
    assert summary["generation"] == name
    assert summary["unchanged"] == 3
    assert answer(run("check", "--json"))["generations"] == {name: []}


def test_records_that_moved_to_another_line_have_not_changed(run: Run, archive: Path) -> None:
    run("build", archive)
    lines = (archive / "b.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (archive / "b.jsonl").write_text(lines[2], encoding="utf-8")
    summary = answer(run("update", archive, "--json"))
    assert (summary["updated"], summary["removed"], summary["unchanged"]) == (0, 1, 2)


def test_a_step_that_fails_on_a_document_costs_only_itself(
    run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer import facets

    def broken(document: Any, overrides: Any) -> Any:
        raise ValueError("odd" if document.id == "one" else "never mind")

    monkeypatch.setattr(facets, "derive", broken)
    summary = answer(run("build", archive, "--json"))
    assert summary["indexed"] == 3
    reasons = [warning["reason"].rpartition(": ")[2] for warning in summary["warnings"]]
    assert sorted(reasons) == ["never mind", "never mind", "odd"]


def test_a_want_of_memory_ends_in_words(
    run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer import pipeline

    def greedy(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pipeline, "build", greedy)
    result = run("build", archive, "--json")
    assert result.exit_code == 1
    error = answer(result)["error"]
    assert error["code"] == "out_of_memory"
    assert "XIEZUO_BATCH_BYTES" in error["hint"]
