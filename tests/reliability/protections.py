"""Take every protection out, one at a time, and see that a test notices.

    python -m tests.reliability.protections            # all; some minutes
    python -m tests.reliability.protections web: lock  # those whose point or name holds a word
    python -m tests.reliability.protections --page     # the page docs/protections.md

`protections.yaml` says what protects, and which test must fail without it. Each is taken
out in a copy of the tree; prints a line each, and ends with status 1 where nothing failed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
_SECONDS = 600
_LEFT_OUT = shutil.ignore_patterns(
    ".git",
    ".venv",
    "build",
    "dist",
    "index",
    ".*_cache",
    ".hypothesis",
    "__pycache__",
    "*.egg-info",
)


@dataclass(frozen=True, slots=True)
class Protection:
    """One line of defence: `out` stands once in `file`; with `put` there, `test` fails."""

    name: str
    point: str
    file: str
    out: str
    test: str
    put: str = ""

    def without(self, text: str) -> str:
        """The file's text with the protection taken out."""
        return text.replace(self.out, self.put)


def load() -> list[Protection]:
    text = (Path(__file__).parent / "protections.yaml").read_text(encoding="utf-8")
    return [Protection(**entry) for entry in yaml.safe_load(text)]


HEAD = """\
# Protections, and the tests that miss them

Each line was taken out of the code, alone, and the named test then failed:
`python -m tests.reliability.protections` (part of `make soak`) does it in a copy of the tree and ends with
an error where a test does not notice. This page is written from `tests/reliability/protections.yaml`, which
says what exactly is taken out. Figures: [reliability](reliability.md), [security](security.md).
"""
POINTS = {
    "crash": "Crash", "starve": "Starve", "corrupt": "Corrupt", "load": "Load",
    "input": "Bad input", "bounds": "Bounds on a query", "web": "Web security",
    "operations": "Operations", "dependencies": "Dependencies",
}  # fmt: skip


def page() -> str:
    """The table as a page of the documentation, by point."""
    parts = [HEAD]
    for point, title in POINTS.items():
        rows = [
            f"| {p.name} | `{p.file}` | `{p.test.removeprefix('tests/')}` |"
            for p in load()
            if p.point == point
        ]
        heads = ["| what protects | in | what fails without it |", "|---|---|---|"]
        parts.append("\n".join([f"## {title}", "", *heads, *rows]) + "\n")
    return "\n".join(parts)


def run(tree: Path, tests: list[str]) -> tuple[int, str]:
    """Run tests of a copy; pytest's exit status and what it printed."""
    # Without bytecode: a changed file may have the size and second of the one before.
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    with subprocess.Popen(
        command, cwd=tree, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            # With all that it started.
            os.killpg(process.pid, signal.SIGKILL)
            return 1, "1 failed (it hung)"
    return process.returncode, said


def noticed(tree: Path, protection: Protection) -> bool:
    """Whether the test fails without the protection (an error outside of it does not count)."""
    file = tree / protection.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(protection.without(whole), encoding="utf-8")
    try:
        status, said = run(tree, [protection.test])
    finally:
        file.write_text(whole, encoding="utf-8")
    return status == 1 and bool(re.search(r"\b\d+ failed", said))


def main() -> None:
    words = sys.argv[1:]
    if words == ["--page"]:
        print(page(), end="")
        return
    chosen = [p for p in load() if not words or any(w in f"{p.point}: {p.name}" for w in words)]
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
        status, said = run(tree, sorted({protection.test for protection in chosen}))
        if status:
            sys.exit(f"With every protection in place a test fails already:\n{said}")
        for protection in chosen:
            began = time.perf_counter()
            found = noticed(tree, protection)
            unnoticed += not found
            seconds = time.perf_counter() - began
            line = f"{protection.point}: {protection.name} ({protection.test.split('::')[-1]})"
            print("noticed  " if found else "UNNOTICED", f"{seconds:5.1f} s ", line, flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} noticed")
    sys.exit(1 if unnoticed else 0)


if __name__ == "__main__":
    main()
