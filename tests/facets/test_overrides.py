"""Corrections by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import pipeline, stages
from indexer.document import Document
from indexer.errors import ConfigError
from indexer.facets import Overrides, derive

DOCUMENT = Document("doc-1", "1", text="广东对口帮扶广西。云南来了客人。", date="2020-01-01")


def load(tmp_path: Path, text: str) -> Overrides:
    path = tmp_path / "overrides.yaml"
    path.write_text(text, encoding="utf-8")
    return Overrides.load(path)


def test_a_correction_replaces_what_was_derived(tmp_path: Path) -> None:
    corrections = load(
        tmp_path,
        "doc-1:\n  provinces: {广东: [donor], 贵州: [recipient]}\n  programs: [rehab]\n  year: 2019\n",
    )
    derived = derive(DOCUMENT, corrections)
    assert [(p.name, p.roles) for p in derived.provinces] == [
        ("广东", ("donor",)),
        ("贵州", ("recipient",)),
    ]
    assert [program.id for program in derived.programs] == ["rehab"]
    assert derived.year == 2019
    assert {place.path[0] for place in derived.places} == {"广东"}
    assert derived.pairs == ()  # the pair named a province that does not take part


def test_what_is_not_corrected_stays_and_other_documents_too(tmp_path: Path) -> None:
    corrections = load(tmp_path, "doc-1: {programs: []}\n")
    assert derive(DOCUMENT, corrections).provinces == derive(DOCUMENT).provinces
    other = DOCUMENT.replace(id="doc-2")
    assert derive(other, corrections) == derive(other)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("doc-1: {provinces: [大不列颠]}", "大不列颠"),
        ("doc-1: {provinces: {广东: [giver]}}", "giver"),
        ("doc-1: {programs: [sports]}", "sports"),
        ("doc-1: {colour: red}", "colour"),
        ("doc-1: {year: last}", "year"),
        ("doc-1: 3", "doc-1"),
        ("- a list", "mapping"),
        ("a: [", "overrides.yaml"),
    ],
)
def test_a_wrong_file_is_refused_naming_what_is_wrong(
    tmp_path: Path, text: str, named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        load(tmp_path, text)


def test_a_mistake_is_named_with_file_and_line(tmp_path: Path) -> None:
    text = "# 更正\ndoc-1: {year: 2020}\n\n2:\n  programs: [sports]\n"
    with pytest.raises(ConfigError, match=r"overrides\.yaml .*line 4.*\b2: .*sports"):
        load(tmp_path, text)


def test_a_build_names_corrections_of_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, source = tmp_path / "user", tmp_path / "a.jsonl"
    user.mkdir()
    (user / "overrides.yaml").write_text(
        "doc-1: {year: 2019}\nhttps://example.org/错: {year: 2019}\n", encoding="utf-8"
    )
    source.write_text('{"id": "doc-1", "title": "残联", "text": "残联开会"}\n', encoding="utf-8")
    monkeypatch.setenv("XIEZUO_USER_DIR", str(user))
    stages.overrides.cache_clear()
    try:
        for verb in (pipeline.build, pipeline.update):
            (warning,) = verb([source], tmp_path / "index")["warnings"]
            assert warning["path"] == "overrides.yaml"
            assert "https://example.org/错" in warning["reason"]
    finally:
        stages.overrides.cache_clear()
