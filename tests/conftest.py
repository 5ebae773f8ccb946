"""What all tests share: where the labelled data lies, and what a missing piece means."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says nothing on a busy machine.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parent.parent
UNDER_CI = os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skip with the reason; under CI, where everything must be there, fail."""
    if UNDER_CI:
        pytest.fail(f"{what}; under CI this must not be missing")
    pytest.skip(what)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def seeds_index(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample documents, made by the command once for all tests that only read."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    command = [sys.executable, "-m", "indexer", "build", "seeds", "--index", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled data and real documents beside the repository."""
    path = Path(os.environ.get("XIEZUO_SHARED", ROOT.parent / "shared"))
    if not (path / "gold").is_dir():
        missing(f"no labelled data in {path} (set XIEZUO_SHARED)")
    return path
