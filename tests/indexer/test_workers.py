"""A task that kills its process costs itself and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import re
import select
import signal
import subprocess
import sys
import threading
from functools import partial
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


def test_pages_are_not_skipped_because_memory_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.txt").write_text("残联开会\n\n县残联召开了会议。\n", "utf-8")

    def starve(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(stages, "read_pages", starve)
    with pytest.raises(MemoryError):
        pipeline.build([tmp_path], tmp_path / "index", QUICK)
    assert not (tmp_path / "index" / "CURRENT").exists()


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


def test_tasks_and_results_larger_than_a_pipe_pass() -> None:
    """Neither side waits for the other to read."""
    tasks = [b"x" * (1 << 20), b"y", b"z" * (1 << 20), b"x" * 50_000, b"x" * 50_000] * 4
    found = list(
        workers.run(double, tasks, processes=2, split=lambda _: [], lost=lambda task: task)
    )
    assert found == [task * 2 for task in tasks]


def double(task: bytes) -> bytes:
    return task * 2


def test_no_thread_stands_between_that_could_die_unseen() -> None:
    before = threading.active_count()
    found = workers.run(abs, [-1, -2, -3], processes=2, split=lambda _: [], lost=abs)
    assert next(found) == 1
    assert threading.active_count() == before
    assert list(found) == [2, 3]


def forget(_: int) -> None:
    raise MemoryError


def test_what_a_worker_lacks_to_begin_with_is_told() -> None:
    """A page is not lost for it."""
    found = workers.run(
        abs, [-1], processes=1, split=lambda _: [], lost=abs, initialize=partial(forget, 0)
    )
    with pytest.raises(MemoryError):
        list(found)


def generator(_: int) -> Any:
    return (n for n in range(3))


class Heavy:
    def __reduce__(self) -> Any:
        raise MemoryError


def heavy(_: int) -> Any:
    return Heavy()


@pytest.mark.parametrize(("function", "error"), [(generator, RuntimeError), (heavy, MemoryError)])
def test_a_result_that_cannot_be_sent_is_an_error_and_no_crash(
    function: Any, error: type[Exception]
) -> None:
    found = workers.run(function, [1], processes=1, split=lambda _: [], lost=lambda _: "lost")
    with pytest.raises(error):
        list(found)


def test_no_worker_is_left_when_the_caller_stops_early() -> None:
    found = workers.run(abs, range(20), processes=2, split=lambda _: [], lost=abs)
    assert next(found) == 0
    assert multiprocessing.active_children()
    found.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()
