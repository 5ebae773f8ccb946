"""A wheel holds all that is needed, works outside of the checkout, and is reproducible."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from indexer.sources import InputRef, find_inputs, read_pages


def make_wheel(root: Path, folder: Path) -> Path:
    """Build from a copy of the sources, so that nothing is left in the checkout."""
    source = folder / "source"
    source.mkdir(parents=True)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source / name)
    for package in ("indexer", "search_app"):
        shutil.copytree(
            root / package, source / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    command = [sys.executable, "-m", "pip", "wheel", str(source), "--no-deps"]
    command += ["--no-build-isolation", "--quiet", "--wheel-dir", str(folder / "dist")]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    subprocess.run(command, check=True, env=environment)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_wheel(root, tmp_path_factory.mktemp("wheel"))


def test_every_data_file_is_in_the_wheel(root: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "indexer", "search_app"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    missing = {name for name in tracked if (root / name).exists()} - inside
    assert not {name for name in missing if not name.endswith(".po")}
    assert not [name for name in inside if name.startswith(("tests", "seeds", "benchmarks"))]


def test_it_works_outside_of_the_checkout(root: Path, wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*command, "--target", str(installed), str(wheel)], check=True)
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}

    def run(*arguments: str) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=tmp_path,
            check=True,
            env=environment,
            capture_output=True,
        )
        found: dict[str, object] = json.loads(done.stdout)
        return found

    where = "import indexer; print(indexer.__file__)"
    origin = subprocess.run(
        [sys.executable, "-c", where],
        cwd=tmp_path,
        check=True,
        env=environment,
        capture_output=True,
    )
    assert str(installed) in origin.stdout.decode()
    built = run("indexer", "build", str(root / "seeds"), "--json")
    found = [ref for ref in find_inputs([root / "seeds"]) if isinstance(ref, InputRef)]
    assert found
    assert built["indexed"] == sum(len(list(read_pages(ref))) for ref in found)
    # A step without its data fails on every document, and only warns.
    assert built["warnings"] == []
    assert run("search_app", "query", "残疾人 就业", "--json")["total"]


def test_two_builds_give_the_same_bytes(root: Path, wheel: Path, tmp_path: Path) -> None:
    again = make_wheel(root, tmp_path)
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (wheel, again))
    assert first == second


def _wanted(root: Path) -> dict[str, Requirement]:
    setup = ConfigParser()
    setup.read(root / "setup.cfg", encoding="utf-8")
    lines = setup["options"]["install_requires"].splitlines()
    found = [Requirement(line) for line in lines if line.strip() and line.strip()[0] != "#"]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def test_what_an_index_depends_on_is_pinned_exactly(root: Path) -> None:
    """Another codec interface or dictionary would read an index as something else."""
    wanted = _wanted(root)
    for name in ("whoosh3", "jieba", "rjieba"):
        assert [bound.operator for bound in wanted[name].specifier] == ["=="], name


def test_the_pinned_set_is_whole_and_fits(root: Path) -> None:
    """Every library that runs, and those that it needs, within the bounds of setup.cfg."""
    text = (root / "docs" / "deploy" / "requirements.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pinned = dict(line.split("==") for line in lines)
    for name, requirement in _wanted(root).items():
        assert pinned[name] in requirement.specifier, name
        for line in metadata.requires(name) or []:
            needed = Requirement(line)
            if needed.marker is None:
                assert pinned[canonicalize_name(needed.name)] in needed.specifier, (name, line)
