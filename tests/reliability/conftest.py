"""A tiny archive, and builds that run inside the test's own process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer import suggesting, workers
from indexer.worker import Worker


def inline(function: Callable[[Any], Any], tasks: Iterable[Any], **_options: Any) -> Iterator[Any]:
    """`workers.run` in this process, so that a storage of the test sees every operation."""
    return map(function, tasks)


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """In memory where the system offers it: these tests sync thousands of times."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run", inline)


class Inline(Worker[Any, Any]):
    """Does its tasks in this process."""

    def __init__(self, function: Callable[[Any], Any], *_options: Any) -> None:
        self.function = function
        self.answers: list[tuple[int, Any]] = []

    def send(self, number: int, task: Any) -> bool:
        self.answers.append((number, self.function(task)))
        return True

    def receive(self) -> tuple[int, Any]:
        return self.answers.pop()

    def end(self) -> None:
        pass


@pytest.fixture
def suggestions_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process for each of many builds: what it makes is written by this one anyway."""
    monkeypatch.setattr(suggesting, "Worker", Inline)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number, (title, text) in enumerate(
        [
            ("粤桂协作座谈会", "2020年10月27日，粤桂残疾人扶贫协作座谈会在深圳召开。"),
            ("闽宁镇种菇", "1997年起，福建省对口帮扶宁夏，农户学会了种菇。"),
            ("特殊教育学校开学", "2021年9月1日，县特殊教育学校迎来新学期。"),
        ]
    ):
        (folder / f"{number}.txt").write_text(f"{title}\n\n{text}\n", encoding="utf-8")
    return folder
