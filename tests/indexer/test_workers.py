"""A task that kills its process costs itself and nothing else."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from indexer import pipeline, stages, workers


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
    tasks = [(n,) for n in range(12)]
    results = list(workers.run(work, tasks, processes=2, split=split, lost=lambda _: []))
    assert results == [[n * n] for n in range(12)]


def test_an_error_of_a_task_reaches_the_caller() -> None:
    with pytest.raises(TypeError):
        list(workers.run(len, [3], processes=1, split=lambda _: [], lost=lambda _: 0))


def stall(*_: object, **__: object) -> None:
    """A pattern that takes years and never lets go of the interpreter's lock."""
    re.fullmatch("(a+)+", "a" * 60 + "b")


def test_a_page_that_stalls_the_reader_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "bad"):
        (tmp_path / f"{name}.txt").write_text("残联开会\n\n县残联召开了会议。\n", "utf-8")
    read = stages.extract
    monkeypatch.setattr(
        stages,
        "extract",
        lambda page, **rest: (stall if "bad" in page.path else read)(page, **rest),
    )
    monkeypatch.setattr(stages, "PAGE_SECONDS", 0.7)
    summary = pipeline.build([tmp_path], tmp_path / "index")
    assert summary["indexed"] == 1
    assert [(s["path"], s["code"]) for s in summary["skipped"]] == [("bad.txt", "crashed")]
