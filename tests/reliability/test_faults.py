"""Whatever fails while a build writes, the index is the one last acknowledged, and whole."""

from __future__ import annotations

import errno
import random
import shutil
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.errors import XiezuoError
from indexer.generations import CURRENT, IndexFolder
from tests.reliability.faults import FailingStorage, ForgetfulStorage, PowerCut

pytestmark = pytest.mark.usefixtures("in_process", "suggestions_in_process")


def run(verb: str, archive: Path, index: Path, storage: object) -> str:
    """Do one verb; the name of the generation that it acknowledges."""
    if verb == "rollback":
        folder = IndexFolder(index, storage)  # type: ignore[arg-type]
        with folder.writing():
            return folder.rollback().name
    work = pipeline.build if verb == "build" else pipeline.update
    # Learning what was replaced takes most of the time and writes one scratch file; facets
    # write nothing of their own.
    options = pipeline.Options(without=frozenset({"repair", "facets"}))
    summary = work([archive], index, options, storage=storage)  # type: ignore[arg-type]
    return str(summary["generation"])


def current(index: Path) -> str | None:
    """The generation in use, verified to its last byte; None where none was ever in use."""
    if not (index / CURRENT).exists():
        return None
    return IndexFolder(index).open_current(fallback=False).name


@pytest.fixture(params=["first build", "build", "update", "rollback"])
def case(request: pytest.FixtureRequest, archive: Path, tmp_path: Path) -> tuple[str, Path]:
    """A verb and an index that it starts from (kept unchanged; the tests copy it)."""
    index = tmp_path / "before"
    if request.param != "first build":
        run("build", archive, index, None)
        (archive / "new.txt").write_text(
            "新的一篇\n\n云南省怒江州新建了卫生院。\n", encoding="utf-8"
        )
        if request.param == "rollback":
            run("build", archive, index, None)
    return request.param.removeprefix("first "), index


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("error", [errno.ENOSPC], ids=["no space"])
def test_every_operation_fails_in_turn(
    case: tuple[str, Path], archive: Path, tmp_path: Path, onwards: bool, error: int
) -> None:
    verb, before = case
    old = current(before)
    switched = []
    at = 0
    while True:
        at += 1
        index = tmp_path / "index"
        shutil.rmtree(index, ignore_errors=True)
        if before.exists():
            shutil.copytree(before, index)
        acknowledged = old
        storage = FailingStorage(at, onwards=onwards, error=error)
        try:
            acknowledged = run(verb, archive, index, storage)
        except XiezuoError as problem:
            if "no space" not in problem.message:
                raise
        if current(index) != acknowledged:
            switched.append(at)
        if not storage.reached:
            break
    assert at > 3
    # A disk that fails for good at the very last operation, when the pointer has been replaced,
    # cannot be pointed back; what it points at is whole all the same.
    assert switched == ([at - 1] if onwards else [])
    # And the next build needs no help.
    done = run("build", archive, index, None)
    assert current(index) == done
    assert "remains" not in IndexFolder(index).check()


def test_power_cuts_leave_the_last_acknowledged_index(
    case: tuple[str, Path], archive: Path, tmp_path: Path
) -> None:
    verb, before = case
    old = current(before)
    how = random.Random(20260101)
    at = 0
    finished = False
    while not finished:
        at += 1
        index = tmp_path / "index"
        shutil.rmtree(index, ignore_errors=True)
        if before.exists():
            shutil.copytree(before, index)
        storage = ForgetfulStorage(at, tmp_path / f"graveyard{at}")
        new = None
        try:
            new = run(verb, archive, index, storage)
            finished = not storage.stopped
        except PowerCut:
            pass
        pointed = (index / CURRENT).read_text().strip() if (index / CURRENT).exists() else None
        if new is not None:
            # Acknowledged: whatever the cut leaves undone, it is there.
            shutil.copytree(index, tmp_path / "acknowledged", dirs_exist_ok=True)
            for _ in range(12):
                storage.lose(how)
                assert current(index) == new, f"operation {at}: acknowledged, then lost"
                shutil.rmtree(index)
                shutil.copytree(tmp_path / "acknowledged", index)
        else:
            storage.lose(how)
            # Before the acknowledgement either is right, and both are whole.
            assert current(index) in {old, pointed}, f"operation {at}"
    done = run("build", archive, index, None)
    assert current(index) == done
    assert "remains" not in IndexFolder(index).check()
