"""Builds, updates and rollbacks are killed at random points while a reader searches.

python -m pytest -m soak tests/reliability/test_kill.py     # 300 kills and more
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from indexer.engines.base import load_engine
from indexer.errors import IndexProblem
from indexer.generations import BUILDING, IndexFolder

DOCUMENTS = 40
VERBS = ("build", "build", "update", "update", "rollback")


def write_archive(folder: Path, edition: int) -> None:
    """Every document names the edition, so that a mix of two generations shows."""
    folder.mkdir(exist_ok=True)
    lines = [
        json.dumps({"id": f"d{n}", "title": f"第{n}篇", "text": f"残联开会，版次{edition}。{n}"})
        for n in range(DOCUMENTS)
    ]
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def command(verb: str, archive: Path, index: Path) -> list[str]:
    sources = [] if verb == "rollback" else [str(archive)]
    return [sys.executable, "-m", "indexer", verb, *sources, "--index", str(index), "--json"]


class Reader(threading.Thread):
    """Reads the whole current generation again and again, as a server does on opening."""

    def __init__(self, index: Path) -> None:
        super().__init__(daemon=True)
        self.index = index
        self.stop = threading.Event()
        self.reads = 0
        self.faults: list[str] = []
        self.editions: set[str] = set()

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                generation = IndexFolder(self.index).open_current(fallback=False)
                engine = load_engine(generation.manifest.engine)
                texts = [d.text for d in engine.documents(generation.path, 0, 1)]
            except (IndexProblem, OSError) as error:
                self.faults.append(repr(error))
                continue
            editions = {text.split("版次")[1].split("。")[0] for text in texts}
            if len(editions) != 1 or len(texts) != DOCUMENTS:
                self.faults.append(f"{len(texts)} documents of editions {sorted(editions)}")
            self.editions |= editions
            self.reads += 1


def kill_again_and_again(folder: Path, kills: int) -> None:
    how = random.Random(7)
    archive, index = folder / "archive", folder / "index"
    write_archive(archive, 0)
    start = time.perf_counter()
    subprocess.run(command("build", archive, index), check=True, capture_output=True)
    usual = dict.fromkeys(VERBS, time.perf_counter() - start)
    reader = Reader(index)
    reader.start()
    killed = number = 0
    while killed < kills:
        number += 1
        assert number < 3 * kills, "builds end before they can be killed"
        verb = how.choice(VERBS)
        write_archive(archive, number)
        start = time.perf_counter()
        with subprocess.Popen(
            command(verb, archive, index), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as victim:
            # Most of a short build is starting up: aim at the second half.
            try:
                victim.wait(timeout=usual[verb] * how.uniform(0.3, 1.0))
                # It got away. The first build was slower, on caches that were still cold.
                usual[verb] = min(usual[verb], time.perf_counter() - start)
            except subprocess.TimeoutExpired:
                victim.kill()
                killed += 1
        assert not reader.faults, f"round {number}, {verb}: {reader.faults[:3]}"
    subprocess.run(command("build", archive, index), check=True, capture_output=True)
    reader.stop.set()
    reader.join()
    assert not reader.faults
    assert reader.reads > kills
    folder_state = IndexFolder(index)
    assert folder_state.check() == {name: [] for name in folder_state.names()}
    assert len(folder_state.names()) <= 2
    assert not [e for e in folder_state.generations_path.iterdir() if BUILDING in e.name]


def test_thirty_kills(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path, 30)


@pytest.mark.soak
def test_hundreds_of_kills(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path, 400)
