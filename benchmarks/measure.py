"""Times, percentiles and memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Times:
    """Milliseconds of one kind of question."""

    median: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        return cls(*(float(v) * 1e3 for v in np.percentile(seconds, (50, 95, 99))))


def interleaved(
    asked: Mapping[str, Callable[[Any], Any]], questions: Sequence[Any], rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of each asker over `rounds` rounds of all questions, and of the first round alone.

    The askers take turns question by question, so that a busy machine slows all alike.
    """
    first: dict[str, list[float]] = {name: [] for name in asked}
    later: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(rounds + 1):
        for number, question in enumerate(questions):
            # Another one begins each time: nobody always finds the caches as X left them.
            names = list(asked)
            shift = (turn + number) % len(names)
            for name in names[shift:] + names[:shift]:
                begin = time.perf_counter()
                asked[name](question)
                (later if turn else first)[name].append(time.perf_counter() - begin)
    return later, first


def in_rounds(
    asked: Mapping[str, Callable[[Any], Any]], questions: Sequence[Any], rounds: int
) -> dict[str, list[float]]:
    """Seconds of each asker over `rounds` rounds: all questions in one go, then the next asker.

    Unlike `interleaved`, nobody finds the processor's caches as another one left them, and
    nobody gains from a twin over the same index that has just been asked the same.
    """
    times: dict[str, list[float]] = {name: [] for name in asked}
    names = list(asked)
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            # What the others have pushed out comes back with the first questions.
            for question in questions[:3]:
                asked[name](question)
            for question in questions:
                begin = time.perf_counter()
                asked[name](question)
                times[name].append(time.perf_counter() - begin)
    return times


def peak_memory(workers: int) -> float:
    """MB: the peak of this process and of its largest child, that times `workers`."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + workers * child) / 1024


def memory() -> dict[str, float]:
    """MB of this process: resident, and the private part without mapped files."""
    values = {}
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "RssAnon"):
            values[name] = int(value.split()[0]) / 1024
    return {"resident": values["VmRSS"], "private": values["RssAnon"]}


def folder_size(folder: Path) -> float:
    """MB of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
