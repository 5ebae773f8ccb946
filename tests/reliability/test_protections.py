"""The table of protections fits the code; the long run takes each of them out."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.protections import POINTS, Protection, load, page


@pytest.mark.parametrize("protection", load(), ids=lambda protection: protection.name)
def test_a_protection_and_its_test_are_there(root: Path, protection: Protection) -> None:
    text = (root / protection.file).read_text(encoding="utf-8")
    assert text.count(protection.out) == 1
    if protection.file.endswith(".py"):
        compile(protection.without(text), protection.file, "exec")
    file, _, test = protection.test.partition("::")
    function = re.escape(test.partition("[")[0])
    assert re.search(rf"^def {function}\(", (root / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_point_has_protections_of_its_own_name() -> None:
    protections = load()
    assert {protection.point for protection in protections} == set(POINTS)
    assert set(Counter(protection.name for protection in protections).values()) == {1}


def test_the_page_is_what_the_table_says(root: Path) -> None:
    assert (root / "docs" / "protections.md").read_text(encoding="utf-8") == page()


@pytest.mark.soak
def test_no_protection_is_missed_by_its_test(root: Path) -> None:
    command = [sys.executable, "-m", "tests.reliability.protections"]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
