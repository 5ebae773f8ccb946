"""A task that kills its process costs itself and nothing else."""

from __future__ import annotations

import multiprocessing.queues
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer import pipeline, stages, workers
from indexer.document import Document, RawPage
from indexer.extract import extract


def work(numbers: tuple[int, ...]) -> list[int]:
    if 13 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return [n * n for n in numbers]


def split(numbers: tuple[int, ...]) -> list[tuple[int, ...]]:
    middle = len(numbers) // 2
    return [numbers[:middle], numbers[middle:]] if middle else []


@pytest.mark.parametrize("processes", [1, 2])
def test_all_other_tasks_are_done_in_order(processes: int) -> None:
    tasks = [tuple(range(n, n + 5)) for n in range(0, 40, 5)]
    results = workers.run(
        work, tasks, processes=processes, split=split, lost=lambda numbers: [-n for n in numbers]
    )
    flat = sorted(number for result in results for number in result)
    assert flat == sorted([n * n for n in range(40) if n != 13] + [-13])


def test_results_come_in_the_order_of_the_tasks() -> None:
    tasks: list[tuple[int, ...]] = [(n,) for n in range(12)]
    results = list(workers.run(work, tasks, processes=2, split=split, lost=lambda _: []))
    assert results == [[n * n] for n in range(12)]


def test_an_error_of_a_task_reaches_the_caller() -> None:
    tasks: list[Any] = [3]
    with pytest.raises(TypeError):
        list(workers.run(len, tasks, processes=1, split=lambda _: [], lost=lambda _: 0))


QUICK = pipeline.Options(without=frozenset({"facets", "repair", "duplicates"}))


def stall(*_: object, **__: object) -> None:
    """A pattern that takes long, twice as long with each sign, and keeps the interpreter's lock."""
    re.fullmatch("(a+)+", "a" * 32 + "b")


def test_a_page_that_stalls_the_reader_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "bad"):
        (tmp_path / f"{name}.txt").write_text("残联开会\n\n县残联召开了会议。\n", "utf-8")
    monkeypatch.setattr(
        stages,
        "extract",
        lambda page, **rest: (stall if "bad" in page.path else extract)(page, **rest),
    )
    monkeypatch.setattr(stages, "PAGE_SECONDS", 2.5)
    summary = pipeline.build([tmp_path], tmp_path / "index", QUICK)
    assert summary["indexed"] == 1
    assert [(s["path"], s["code"]) for s in summary["skipped"]] == [("bad.txt", "crashed")]


def test_a_page_that_the_reader_fails_on_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "bad"):
        (tmp_path / f"{name}.txt").write_text("残联开会\n\n县残联召开了会议。\n", "utf-8")

    def fail(page: RawPage, **options: Any) -> Document:
        if page.path == "bad.txt":
            raise ValueError("never thought of")
        return extract(page, **options)

    monkeypatch.setattr(stages, "extract", fail)
    summary = pipeline.build([tmp_path], tmp_path / "index", QUICK)
    assert summary["indexed"] == 1
    (skipped,) = summary["skipped"]
    assert (skipped["path"], skipped["code"]) == ("bad.txt", "failed")
    assert "never thought of" in skipped["reason"]


ORPHANS = """
import os, sys, time
from indexer import stages, workers

def work(task):
    print(os.getpid(), flush=True)
    time.sleep(60)

list(workers.run(work, [1], processes=1, split=lambda t: [], lost=lambda t: 0,
                 initialize=stages.initialize))
"""


def test_workers_leave_with_their_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        # The pipe ends when the last process that could write to it has gone.
        gone, _, _ = select.select([parent.stdout], [], [], 20)
        if not gone:
            os.kill(worker, signal.SIGKILL)
    assert gone


def test_a_pool_whose_thread_of_tasks_has_died_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it dies for want of memory: nothing would ever reach a worker."""
    monkeypatch.setattr(multiprocessing.queues.Queue, "_feed", staticmethod(lambda *_: None))
    found = workers.run(abs, [-1], processes=1, split=lambda _: [], lost=lambda task: task)
    assert list(found) == [-1]
