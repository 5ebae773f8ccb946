"""The linters, the types and the import contracts, as part of the one test command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["importlinter.cli", "lint"],
    ],
    ids=["ruff", "format", "mypy", "imports"],
)
def test_the_checks_pass(root: Path, command: list[str]) -> None:
    module, *arguments = command
    if module == "importlinter.cli":
        program = "from importlinter.cli import lint_imports_command as c; c()"
        full = [sys.executable, "-c", program]
    else:
        full = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(full, cwd=root, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
