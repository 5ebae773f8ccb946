"""The index folder: publishing, falling back, rolling back, and one writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import (
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexUnsafe,
    IndexUnwritable,
    UsageError,
)
from indexer.generations import CURRENT, IndexFolder
from indexer.manifest import Manifest, describe_files
from indexer.storage import Storage, disk_errors


def publish(folder: IndexFolder, content: bytes) -> str:
    with folder.writing(), disk_errors(folder.path):
        building = folder.begin()
        folder.storage.write_file(building / "data", content)
        manifest = Manifest(
            generation=folder.name_of(building),
            created="2026-01-01T00:00:00+00:00",
            command="test",
            documents=len(content),
            corpus_digest="0" * 64,
            analyzer={},
            files=describe_files(building, ["data"]),
        )
        return folder.publish(building, manifest).name


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index")


def test_nothing_there_is_said_with_the_next_step(folder: IndexFolder) -> None:
    with pytest.raises(IndexMissing) as caught:
        folder.open_current()
    assert "indexer build" in caught.value.hint


def test_the_two_newest_are_kept(folder: IndexFolder) -> None:
    names = [publish(folder, bytes([n])) for n in range(4)]
    assert folder.names() == names[-2:]
    assert folder.open_current().name == names[-1]
    assert folder.check() == {names[2]: [], names[3]: []}


def test_rollback_goes_to_the_generation_before(folder: IndexFolder) -> None:
    names = [publish(folder, bytes([n])) for n in range(2)]
    with folder.writing(), disk_errors(folder.path):
        folder.rollback()
    assert folder.open_current().name == names[0]
    with pytest.raises(IndexMissing):
        folder.rollback()
    with pytest.raises(UsageError):
        folder.rollback("20200101T000000Z-00000000")
    folder.rollback(names[1])
    assert folder.open_current().name == names[1]


def test_a_damaged_current_generation_gives_way_to_the_sound_one(folder: IndexFolder) -> None:
    names = [publish(folder, b"abc") for _ in range(2)]
    (folder.generations_path / names[1] / "data").write_bytes(b"abd")
    generation = folder.open_current()
    assert generation.name == names[0]
    assert names[1] in generation.problems[0]
    with pytest.raises(IndexDamaged):
        folder.open_current(fallback=False)
    assert folder.check()[names[1]]


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"\xff\xfe", b"../../etc\n"])
def test_a_damaged_pointer_is_found_and_survived(folder: IndexFolder, content: bytes) -> None:
    name = publish(folder, b"abc")
    (folder.path / CURRENT).write_bytes(content)
    assert CURRENT in folder.check()
    generation = folder.open_current()
    assert generation.name == name
    assert generation.problems


def test_a_lost_pointer_is_not_a_missing_index(folder: IndexFolder) -> None:
    publish(folder, b"abc")
    (folder.path / CURRENT).unlink()
    assert folder.check()[CURRENT]
    assert folder.open_current().problems


def test_remains_of_a_killed_build_are_cleared_by_the_next(folder: IndexFolder) -> None:
    publish(folder, b"abc")
    with folder.writing(), disk_errors(folder.path):
        folder.begin()
    assert "remains" in folder.check()
    publish(folder, b"abcd")
    assert "remains" not in folder.check()


def test_one_writer_at_a_time(folder: IndexFolder) -> None:
    with folder.writing(), pytest.raises(IndexLocked), IndexFolder(folder.path).writing():
        pass


def test_a_dead_writer_holds_no_lock(folder: IndexFolder) -> None:
    program = (
        "import os, sys\nfrom indexer.generations import IndexFolder\n"
        "with IndexFolder(sys.argv[1]).writing():\n    os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder.path)], check=False)
    assert done.returncode == 9
    publish(folder, b"abc")


def test_a_folder_that_others_can_write_is_refused(folder: IndexFolder) -> None:
    publish(folder, b"abc")
    folder.path.chmod(0o777)
    with pytest.raises(IndexUnsafe):
        folder.open_current()
    folder.path.chmod(0o755)
    folder.open_current()


def test_a_full_disk_is_said_in_words_and_costs_nothing(
    folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = publish(folder, b"abc")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patched:
        patched.setattr(Storage, "sync", full)
        with pytest.raises(IndexUnwritable) as caught:
            publish(folder, b"abcd")
    assert "no space" in caught.value.message
    assert folder.open_current().name == name


def test_an_index_path_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError), IndexFolder(tmp_path / "file").writing():
        pass


class Scrambling(Storage):
    """A disk on which a file is another one after every sync."""

    def sync(self, path: Path) -> None:
        if path.name == "data":
            path.write_bytes(path.read_bytes()[::-1])


def test_what_does_not_read_back_never_becomes_current(folder: IndexFolder) -> None:
    name = publish(folder, b"abc")
    with pytest.raises(IndexDamaged, match="does not read back"):
        publish(IndexFolder(folder.path, Scrambling()), b"abc")
    assert folder.open_current().name == name
    assert folder.names() == [name]


def test_workers_do_not_hold_the_lock_of_a_dead_writer(folder: IndexFolder) -> None:
    program = (
        "import os, sys, time\nfrom indexer.generations import IndexFolder\n"
        "with IndexFolder(sys.argv[1]).writing():\n"
        "    if os.fork() == 0:\n        print(os.getpid(), flush=True)\n        time.sleep(60)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(folder.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        worker = int(writer.stdout.readline())
        writer.kill()
        writer.wait()
        try:
            publish(folder, b"abc")
        finally:
            os.kill(worker, signal.SIGKILL)


def test_a_folder_of_another_user_is_refused(
    folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(folder, b"abc")
    if os.geteuid() == 0:
        os.chown(folder.path, 54321, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(IndexUnsafe):
        folder.open_current()
    monkeypatch.setenv("XIEZUO_TRUST_INDEX", "1")
    folder.open_current()
