"""Without disk, handles, permission or memory: a clear error, and the old generation stays."""

from __future__ import annotations

import errno
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.errors import IndexUnwritable
from indexer.generations import IndexFolder
from tests.reliability.faults import FailingStorage


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errno.ENOSPC, "no space"),
        (errno.EMFILE, "too many open files"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no permission"),
        (errno.EDQUOT, "quota"),
        (errno.EIO, "input/output error"),
    ],
)
def test_every_lack_has_its_words(archive: Path, tmp_path: Path, error: int, words: str) -> None:
    index = tmp_path / "index"
    options = pipeline.Options(without=frozenset({"repair"}))
    name = pipeline.build([archive], index, options)["generation"]
    with pytest.raises(IndexUnwritable) as caught:
        pipeline.build(
            [archive], index, options, storage=FailingStorage(8, onwards=True, error=error)
        )
    assert words in caught.value.message
    assert "run the same command again" in caught.value.hint
    assert IndexFolder(index).open_current(fallback=False).name == name


def limited(limits: dict[int, int]) -> Callable[[], None]:
    def apply() -> None:
        for what, amount in limits.items():
            resource.setrlimit(what, (amount, amount))

    return apply


@pytest.mark.parametrize(
    "limits",
    [
        {resource.RLIMIT_NOFILE: 12},
        {resource.RLIMIT_FSIZE: 4096},
        {resource.RLIMIT_AS: 700 << 20},
        {resource.RLIMIT_AS: 400 << 20},
        {resource.RLIMIT_AS: 350 << 20},
        {resource.RLIMIT_AS: 260 << 20},
    ],
    ids=["handles", "file size", "memory", "little memory", "less memory", "least memory"],
)
def test_a_starved_build_ends_in_words(
    archive: Path, tmp_path: Path, limits: dict[int, int]
) -> None:
    index = tmp_path / "index"
    command = [sys.executable, "-m", "indexer", "build", str(archive), "--index", str(index)]
    first = subprocess.run([*command, "--json"], check=True, capture_output=True)
    before = IndexFolder(index).open_current(fallback=False).name
    done = subprocess.run(
        [*command, "--json"],
        check=False,
        preexec_fn=limited(limits),
        capture_output=True,
        timeout=120,
    )
    after = IndexFolder(index).open_current(fallback=False).name
    if done.returncode == 0:
        summary = json.loads(done.stdout)
        assert summary["generation"] == after
        assert summary["indexed"] == json.loads(first.stdout)["indexed"], summary["skipped"]
    else:
        assert after == before
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        assert json.loads(done.stdout)["error"]["hint"]
    subprocess.run(command, check=True, capture_output=True)
    assert "remains" not in IndexFolder(index).check()
