"""Run a function over tasks in several processes, in order, whatever a task does to its process.

A page can bring a native parser down, or keep a pattern busy for ever (`watched` ends
the worker then). When a worker dies, the task that it was doing is run again in a process
of its own; a task that ends that too is handed to `split`, and what cannot be split any
further is given to `lost`. So one page costs itself, never the build.
"""

from __future__ import annotations

import faulthandler
import math
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import connection
from pathlib import Path
from typing import TypeVar

from indexer.worker import Died, Worker

Task = TypeVar("Task")
Result = TypeVar("Result")

# Tasks handed out ahead of the one that is waited for, per process: enough to keep
# all busy, few enough to bound what lies in memory.
_AHEAD = 2


def run(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    processes: int,
    split: Callable[[Task], list[Task]],
    lost: Callable[[Task], Result],
    initialize: Callable[[], None] | None = None,
) -> Iterator[Result]:
    """Results in the order of the tasks; a split task gives one result per part.

    `function`, tasks and results must be picklable. With one process everything
    still runs outside of this one, so that a crash is survived there too.
    """
    waiting = enumerate(tasks)
    due: deque[int] = deque()
    unsent: deque[tuple[int, Task]] = deque()
    done: dict[int, list[Result]] = {}
    team: list[Worker[Task, Result]] = []
    try:
        while True:
            for number, task in islice(waiting, processes * _AHEAD - len(due)):
                due.append(number)
                unsent.append((number, task))
            if not due:
                return
            while unsent:
                if len(team) < processes and all(worker.under_way for worker in team):
                    team.append(Worker(function, initialize, team))
                if not min(team, key=lambda worker: len(worker.under_way)).send(*unsent[0]):
                    break
                unsent.popleft()
            if due[0] in done:
                yield from done.pop(due.popleft())
                continue
            for worker in _answering(team):
                try:
                    number, result = worker.receive()
                    done[number] = [result]
                except Died:
                    team.remove(worker)
                    worker.end()
                    (number, task), *others = worker.under_way
                    unsent.extendleft(reversed(others))
                    done[number] = _run_alone(function, task, split, lost, initialize, team)
    finally:
        for worker in team:
            worker.end()


def _answering(team: list[Worker[Task, Result]]) -> list[Worker[Task, Result]]:
    """Wait until some workers have a result, or have died."""
    busy = {worker.results: worker for worker in team if worker.under_way}
    ready = connection.wait(list(busy))
    return [worker for results, worker in busy.items() if results in ready]


def _run_alone(
    function: Callable[[Task], Result],
    task: Task,
    split: Callable[[Task], list[Task]],
    lost: Callable[[Task], Result],
    initialize: Callable[[], None] | None,
    team: list[Worker[Task, Result]],
) -> list[Result]:
    """The results of a task, or of its parts, that has ended a worker."""
    worker = Worker(function, initialize, team)
    try:
        worker.send(0, task)
        return [worker.receive()[1]]
    except Died:
        parts = split(task)
    finally:
        worker.end()
    if not parts:
        return [lost(task)]
    again = (_run_alone(function, part, split, lost, initialize, team) for part in parts)
    return [result for results in again for result in results]


@contextmanager
def watched(seconds: float) -> Iterator[Callable[[], None]]:
    """Gives a function to call before each step of a worker; a step that takes longer ends
    the worker, as a crash would.

    The clock runs in native code without the interpreter's lock, so it also ends a pattern
    or a parser that never comes back. Outside of a worker nothing is watched.
    """
    if multiprocessing.parent_process() is None:
        yield lambda: None
        return
    wound = -math.inf

    def step() -> None:
        nonlocal wound
        now = time.monotonic()
        # Winding costs as much as a small page: a hundredth of the time is exact enough.
        if now - wound > seconds / 100:
            try:
                faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            except RuntimeError as error:  # no thread for the clock
                raise MemoryError from error
            wound = now

    with Path(os.devnull).open("w", encoding="ascii") as nowhere:
        try:
            yield step
        finally:
            faulthandler.cancel_dump_traceback_later()
