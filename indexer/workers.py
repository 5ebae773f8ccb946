"""Run a function over tasks in several processes, in order, whatever a task does to its process.

A page can bring a native parser down, or keep a pattern busy for ever (`watched` ends
the worker then). When a worker dies, the tasks that were
under way are run again one at a time, each in a process of its own; a task that
kills its process again is handed to `split`, and what cannot be split any
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
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# Tasks handed out ahead of the one that is waited for, per process: enough to keep
# all busy, few enough to bound what lies in memory.
_AHEAD = 2
_LOOK_EVERY = 1.0


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
    waiting = iter(tasks)
    while True:
        unfinished: list[Task] = []
        yield from _run_pool(function, waiting, processes, initialize, unfinished)
        if not unfinished:
            return
        for task in unfinished:
            yield from _run_alone(function, task, split, lost, initialize)


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
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            wound = now

    with Path(os.devnull).open("w", encoding="ascii") as nowhere:
        try:
            yield step
        finally:
            faulthandler.cancel_dump_traceback_later()


def _pool(processes: int, initialize: Callable[[], None] | None) -> ProcessPoolExecutor:
    # fork: dictionaries loaded by the caller are shared instead of being loaded again.
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=initialize)


def _result(pool: ProcessPoolExecutor, future: Future[Result]) -> Result:
    """The result of a future. Raises BrokenProcessPool when the pool cannot give it.

    A pool whose thread of tasks has died (for want of memory) would wait for ever: its
    processes are ended then, which breaks it.
    """
    while not wait([future], timeout=_LOOK_EVERY).done:
        feeder = getattr(getattr(pool, "_call_queue", None), "_thread", None)
        if feeder is not None and not feeder.is_alive():
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.kill()
    return future.result()


def _run_pool(
    function: Callable[[Task], Result],
    tasks: Iterator[Task],
    processes: int,
    initialize: Callable[[], None] | None,
    unfinished: list[Task],
) -> Iterator[Result]:
    """Results until the tasks end or a worker dies; then `unfinished` holds what was under way."""
    under_way: deque[tuple[Task, Future[Result]]] = deque()
    pool = _pool(processes, initialize)
    try:
        for task in tasks:
            try:
                under_way.append((task, pool.submit(function, task)))
            except BrokenProcessPool:
                unfinished.extend([*(known for known, _ in under_way), task])
                return
            while len(under_way) >= processes * _AHEAD:
                _task, future = under_way[0]
                try:
                    result = _result(pool, future)
                except BrokenProcessPool:
                    unfinished.extend(known for known, _ in under_way)
                    return
                under_way.popleft()
                yield result
        while under_way:
            try:
                result = _result(pool, under_way[0][1])
            except BrokenProcessPool:
                unfinished.extend(known for known, _ in under_way)
                return
            under_way.popleft()
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _run_alone(
    function: Callable[[Task], Result],
    task: Task,
    split: Callable[[Task], list[Task]],
    lost: Callable[[Task], Result],
    initialize: Callable[[], None] | None,
) -> Iterator[Result]:
    pool = _pool(1, initialize)
    try:
        result = _result(pool, pool.submit(function, task))
    except BrokenProcessPool:
        parts = split(task)
        if not parts:
            yield lost(task)
            return
    else:
        yield result
        return
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    for part in parts:
        yield from _run_alone(function, part, split, lost, initialize)
