"""What the documents name is there: links, files, tests, modules, options, settings, records."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer import config as indexer_config
from indexer.cli import cli
from search_app import config as search_config
from search_app.cli import main
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RECORDS = {path.name[:4]: path for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))}
TOOLS = {"indexer": cli, "search_app": main, "search-app": main}
SETTINGS = {
    setting.name for setting in (*indexer_config.SETTINGS, *search_config.SETTINGS)
} | {"XIEZUO_SHARED"}  # fmt: skip


@cache
def names_of_tests(file: str) -> set[str]:
    """Names of the tests in a file below `tests/`; in all of them where none is named."""
    paths = [ROOT / "tests" / file.removeprefix("tests/")] if file else ROOT.glob("tests/**/*.py")
    sources = [path.read_text(encoding="utf-8") for path in paths]
    return {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.M)}


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def page(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module")
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_links_lead_to_files(page: Path, text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_files_are_there(text: str) -> None:
    for name in re.findall(r"`((?:docs|tests|indexer|search_app|benchmarks)/[\w./-]+)", text):
        assert (ROOT / name).exists() or (ROOT / "tests" / name).exists(), name


def test_tests_are_there(text: str) -> None:
    for file, test in re.findall(r"`(?:([\w/]+\.py)::)?(test_\w+)(?:\[[^`]*)?`", text):
        assert test in names_of_tests(file), (file, test)


def test_modules_are_there(text: str) -> None:
    for module in re.findall(r"python3? -m ((?:indexer|search_app|benchmarks|tests)[\w.]*)", text):
        assert find_spec(module), module


def test_verbs_have_the_options_that_are_named(text: str) -> None:
    for tool, verb, rest in re.findall(
        r"(?:^|[\s`/])(indexer|search_app|search-app) ([a-z]+)\b([^`\n]*)", text, re.M
    ):
        options = set(re.findall(r"(?<= )--[\w-]+", rest.partition("#")[0]))
        if options:
            parameters = TOOLS[tool].commands[verb].params
            known = {name for p in parameters for name in (*p.opts, *p.secondary_opts)}
            assert options <= known, (tool, verb)


def test_settings_are_there(text: str) -> None:
    assert set(re.findall(r"\bXIEZUO_\w+", text)) <= SETTINGS


def test_targets_of_make_are_there(text: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`", text):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_records_that_are_named_are_there(text: str) -> None:
    assert set(re.findall(r"(?<![\d.])00\d\d(?![\d.])", text)) <= set(RECORDS)


def test_every_record_bears_the_number_of_its_file() -> None:
    assert len(RECORDS) == len(list((ROOT / "docs" / "decisions").iterdir()))
    for number, path in RECORDS.items():
        assert path.read_text(encoding="utf-8").startswith(f"# {number} "), path.name
