"""The back-up and the restore of docs/deploy/README.md, as they are written there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.generations import IndexFolder

pytestmark = pytest.mark.usefixtures("in_process")


def test_the_documented_commands_restore_an_index(
    root: Path, archive: Path, tmp_path: Path
) -> None:
    page = (root / "docs" / "deploy" / "README.md").read_text(encoding="utf-8")
    section = page.split("## Back-up")[1].split("\n## ")[0]
    back_up, restore = re.findall(r"^    (\S.*)$", section, re.MULTILINE)
    python = f"{sys.executable} -m"
    index = tmp_path / "index"
    name = pipeline.build([archive], index)["generation"]

    def shell(command: str) -> None:
        command = command.replace("python -m", python)
        subprocess.run(command, shell=True, cwd=tmp_path, check=True, capture_output=True)

    shell(back_up)
    shutil.rmtree(index)
    shell(restore)
    generation = IndexFolder(index).open_current(fallback=False)
    assert generation.name == name
    # What was restored can be built on.
    assert pipeline.update([archive], index)["unchanged"] == 3
