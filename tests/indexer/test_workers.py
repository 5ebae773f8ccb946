"""A task that kills its process costs itself and nothing else."""

from __future__ import annotations

import os
import signal

import pytest

from indexer import workers


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
