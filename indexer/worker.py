"""One process that runs a function over what it is sent, and what it sends back.

No thread stands between the two sides, only two pipes: for want of memory a thread may die
unseen, and who waits for it would wait for ever. A process that dies is seen at once.
"""

from __future__ import annotations

import errno
import multiprocessing
import signal
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
Answer = tuple[Any, BaseException | None, str]
"""A result, or an error and where it came from."""

# fork: dictionaries loaded by the caller are shared instead of being loaded again.
_CONTEXT = multiprocessing.get_context("fork")
_AHEAD = 32 << 10
"""Bytes of a task that lie in a pipe (64 KB) until the worker has done the one before; a larger
one is sent to a worker that waits for it, so that neither side ever waits for the other."""
_PATIENCE = 5.0


class Died(Exception):
    """The process of a worker has ended."""


class _Remote(Exception):
    """Where in the worker an error came from."""


class Worker(Generic[Task, Result]):
    """A process; `under_way` are the tasks it has been sent, the first of them being done."""

    def __init__(
        self,
        function: Callable[[Task], Result],
        initialize: Callable[[], None] | None,
        others: list[Worker[Task, Result]],
    ) -> None:
        their_tasks, self._tasks = _CONTEXT.Pipe(duplex=False)
        self.results, their_results = _CONTEXT.Pipe(duplex=False)
        ours = [self._tasks, self.results]
        for other in others:
            ours += [other._tasks, other.results]
        self.under_way: deque[tuple[int, Task]] = deque()
        self._process = _CONTEXT.Process(
            target=_work, args=(function, initialize, their_tasks, their_results, ours), daemon=True
        )
        try:
            self._process.start()
        except OSError as error:
            if error.errno in (errno.ENOMEM, errno.EAGAIN):
                raise MemoryError from error
            raise
        # Only the worker holds them now, so that its end is seen at the pipes too.
        their_tasks.close()
        their_results.close()

    def send(self, number: int, task: Task) -> bool:
        """Send a task, if it can be taken without waiting."""
        if len(self.under_way) > 1:
            return False
        data = ForkingPickler.dumps(task)
        if self.under_way and len(data) > _AHEAD:
            return False
        self.under_way.append((number, task))
        # A worker that has died is found when its results are received.
        with suppress(OSError):
            self._tasks.send_bytes(data)
        return True

    def receive(self) -> tuple[int, Result]:
        """Wait for the number of the task that has been done, and its result. Raises Died, or
        what the function raised."""
        try:
            result, error, where = self.results.recv()
        except (EOFError, OSError) as problem:
            raise Died from problem
        number, _ = self.under_way.popleft()
        if error is not None:
            raise error from _Remote(where)
        return number, result

    def end(self) -> None:
        """Let the process end when it has nothing to do, and end it otherwise."""
        self._tasks.close()
        if self.under_way:
            self._process.kill()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.results.close()
        self._process.close()


def _work(
    function: Callable[[Any], Any],
    initialize: Callable[[], None] | None,
    tasks: Connection,
    results: Connection,
    ours: list[Connection],
) -> None:
    # Only we hold our ends of the pipes, and only the other side holds its own: so each sees
    # when the other has gone.
    for connection in ours:
        connection.close()
    # Who is interrupted ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What it lacks to begin with is the answer to every task.
    _, lacking, where = _answer(initialize) if initialize is not None else (None, None, "")
    while True:
        answer: Answer
        try:
            task = tasks.recv()
        except EOFError:
            return
        except MemoryError as error:
            answer = (None, error, "")
        else:
            answer = (None, lacking, where) if lacking else _answer(partial(function, task))
        try:
            results.send(answer)
        except OSError:
            return  # nobody waits for it any more
        except Exception as error:
            # A task without an answer would count as a crash, and its page be lost.
            short = isinstance(error, MemoryError)
            problem = MemoryError() if short else RuntimeError(f"no result to send: {error!r}")
            results.send((None, problem, traceback.format_exc()))


def _answer(function: Callable[[], Any]) -> Answer:
    try:
        return function(), None, ""
    except Exception as error:
        return None, error, traceback.format_exc()
