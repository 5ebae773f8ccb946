"""What `/healthz` and the log say of an index that is not as it should be."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.errors import ConfigError
from indexer.generations import CURRENT, IndexFolder
from indexer.manifest import MANIFEST_NAME
from indexer.pipeline import Options, build
from search_app import create_app
from search_app.search import opening


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two generations."""
    folder = tmp_path_factory.mktemp("a-place-nobody-should-hear-of")
    source = folder / "a.jsonl"
    for number in range(2):
        source.write_text(f'{{"id": "d", "title": "残联", "text": "第{number}版"}}\n', "utf-8")
        build([source], folder / "index", Options(without=frozenset({"repair"})))
    return folder / "index"


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / sound.parent.name / "index"))


def visitor(index: Path) -> FlaskClient:
    return create_app({"INDEX_DIR": str(index), "PROPAGATE_EXCEPTIONS": False}).test_client()


def newest(index: Path) -> Path:
    return index / "generations" / IndexFolder(index).names()[-1]


def cut_a_file(index: Path) -> None:
    largest = max(newest(index).iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-1])


def forge_the_schema(index: Path) -> None:
    # As another version would have written it: canonical, with the right digest.
    from indexer.manifest import _canonical, _digest

    path = newest(index) / MANIFEST_NAME
    content = json.loads(path.read_bytes())
    del content["digest"]
    content["schema"] += 1
    path.write_bytes(_canonical({**content, "digest": _digest(content)}))


FLAWS: dict[str, Callable[[Path], object]] = {
    "a file cut": cut_a_file,
    "manifest gone": lambda index: (newest(index) / MANIFEST_NAME).unlink(),
    "manifest changed": lambda index: (newest(index) / MANIFEST_NAME).write_text("{}"),
    "another schema": forge_the_schema,
    "pointer changed": lambda index: (index / CURRENT).write_text("x\n"),
    "pointer gone": lambda index: (index / CURRENT).unlink(),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_told_without_where_the_index_lies(
    index: Path, flaw: str, caplog: pytest.LogCaptureFixture
) -> None:
    FLAWS[flaw](index)
    client = visitor(index)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "degraded"
    assert answer.get_json()["problems"]
    assert "nobody-should-hear" not in answer.get_data(as_text=True)
    assert "is not served" in caplog.text
    # What is sound goes on being searched.
    assert client.get("/api/v1/search?q=残联").get_json()["total"] == 1


def nothing_sound(index: Path) -> None:
    for name in IndexFolder(index).names():
        (index / "generations" / name / MANIFEST_NAME).unlink()


HOPELESS: dict[str, Callable[[Path], object]] = {
    "index_missing": shutil.rmtree,
    "index_damaged": nothing_sound,
    "index_unsafe": lambda index: index.chmod(0o777),
}


@pytest.mark.parametrize("code", HOPELESS)
def test_what_cannot_be_served_is_a_503_with_the_next_step(
    index: Path, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    HOPELESS[code](index)
    client = visitor(index)
    for address in ("/healthz", "/healthz", "/search?q=残联", "/api/v1/search?q=残联"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "nobody-should-hear" not in answer.get_data(as_text=True)
    assert client.get("/healthz").get_json()["error"]["code"] == code
    assert client.get("/healthz").get_json()["error"]["hint"]
    assert [record.name for record in caplog.records] == ["search_app.errors"]
    assert code in caplog.text


def test_a_wrong_dictionary_is_the_operators_business(
    index: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong() -> None:
        raise ConfigError("/nobody-should-hear/synonyms.txt, line 3: wrong", "Mend it.")

    monkeypatch.setattr(opening, "load_analyzer", wrong)
    client = visitor(index)
    for address in ("/healthz", "/search?q=残联"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "nobody-should-hear" not in answer.get_data(as_text=True)
    assert "synonyms.txt, line 3" in caplog.text


def test_what_could_not_be_opened_is_tried_again(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A want of file handles while a generation is opened passes."""
    client = visitor(index)
    first = client.get("/healthz").get_json()["generation"]
    monkeypatch.setattr(opening, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(opening, "RETRY_EVERY", 0.0)
    opens = opening.open_generation
    failures = iter([OSError(24, "Too many open files")] * 3)

    def starved(folder: Path) -> opening.Opened:
        if failure := next(failures, None):
            raise failure
        return opens(folder)

    monkeypatch.setattr(opening, "open_generation", starved)
    folder = IndexFolder(index)
    with folder.writing():
        second = folder.rollback().name
    statuses = set()
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        time.sleep(0.002)  # leaves the thread that opens a turn
        health = client.get("/healthz").get_json()
        statuses.add(health["status"])
        assert health["generation"] in {first, second}
        if health == {**health, "generation": second, "status": "ok"}:
            break
    assert health["generation"] == second
    assert statuses == {"ok", "degraded"}
