"""The whole page: `GET /search` over this project, over tantivy and over FTS5, under load.

All three serve the same Flask application with the same templates; only what answers the
search differs.
"""

from __future__ import annotations

import gc
import gzip
import http.client
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from benchmarks.contenders import contender
from benchmarks.contenders.base import Question, analyzer
from benchmarks.corpus import load as documents
from indexer.document import Document
from search_app.search.labels import labels_of
from search_app.search.results import SearchHit, SearchResults, facet_values
from search_app.search.service import MOST_VALUES, SHOWN_FACETS
from search_app.search.state import MAX_RESULTS, SearchState


class ContenderService:
    """As much of `SearchService` as the page of results needs, over a contender.

    What its index does not store of a hit (address, date, provinces and so on) comes from
    `heads`, by id, so that all pages show the same and cost the same to fill.
    """

    def __init__(self, name: str, folder: Path, heads: Mapping[str, Document]) -> None:
        self._name, self._folder, self._heads = name, folder, heads
        # tantivy and SQLite objects belong to one thread each.
        self._local = threading.local()

    def search(self, state: SearchState, facets: Sequence[str] = SHOWN_FACETS) -> SearchResults:
        begin = time.perf_counter()
        engine = getattr(self._local, "engine", None)
        if engine is None:
            engine = self._local.engine = contender(self._name)
            engine.open(self._folder)
        words = tuple(dict.fromkeys(analyzer().tokens(state.text).words))
        answer = engine.ask(Question(words, every=False), facets, True)
        found = zip(answer.ids, answer.titles, answer.snippets or (), strict=True)
        hits = tuple([self._hit(number, *hit) for number, hit in enumerate(found, 1)])
        shown = {
            name: facet_values(counts, (), (), labels_of(name), limit=MOST_VALUES)
            for name, counts in (answer.facets or {}).items()
        }
        return SearchResults(
            state=state,
            understood=(),
            total=answer.total,
            total_results=answer.total,
            pages=-(-min(answer.total, MAX_RESULTS) // 10),
            hits=hits,
            facets=shown,
            took_ms=(time.perf_counter() - begin) * 1e3,
        )

    def _hit(self, number: int, key: str, title: str, snippet: str) -> SearchHit:
        head = self._heads[key]
        return SearchHit(
            number=number,
            id=key,
            title=title,
            title_html=escape(title),
            url=head.url,
            date=head.date,
            source=head.source,
            provinces=head.provinces,
            programs=head.programs,
            score=0.0,
            snippets=(snippet,),
            family=None,
            flags=(),
            path=head.path,
        )

    def health(self) -> dict[str, Any]:
        return {"status": "ok"}


def whole_index(archive: Path, base: Path, size: int) -> Path:
    """This project's index of the archive's first documents, made by its own command with all
    its steps; used again where it is there."""
    index = base / f"pages-{size}"
    if not (index / "CURRENT").exists():
        lines = base / f"archive-{size}.jsonl"
        opener = gzip.open if archive.suffix == ".gz" else open
        with opener(archive, "rt", encoding="utf-8") as whole, lines.open("w") as part:
            part.writelines(islice(whole, size))
        command = [sys.executable, "-m", "indexer", "build", str(lines), "--index", str(index)]
        subprocess.run([*command, "--json"], check=True, stdout=subprocess.DEVNULL)
    return index


def serve(name: str, folder: Path, port: int, archive: Path, cache: Path) -> None:
    """Serve the pages over a contender's index (for "xiezuo": a whole index folder)."""
    import waitress

    from search_app import create_app

    if name == "xiezuo":
        app = create_app({"INDEX_DIR": str(folder)})
    else:
        heads = {d.id: d.replace(text="") for d in documents(archive, cache)}
        app = create_app({"SERVICE": ContenderService(name, folder, heads)})
        # What only stands in for stored fields must not cost time to look through.
        gc.collect()
        gc.freeze()
    # That requests wait in the queue is what the load is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, host="127.0.0.1", port=port, threads=4, _quiet=True)


def load(port: int, paths: Sequence[str], clients: int, seconds: float) -> dict[str, float]:
    """Ask for pages from some clients at once, each with one kept-open connection."""
    times: list[float] = []
    failed: list[str] = []
    end = time.perf_counter() + seconds

    def client(offset: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        number = offset
        while time.perf_counter() < end:
            begin = time.perf_counter()
            connection.request("GET", paths[number % len(paths)])
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                failed.append(f"{response.status}: {body[:200]!r}")
            times.append(time.perf_counter() - begin)
            number += clients
        connection.close()

    threads = [threading.Thread(target=client, args=(offset,)) for offset in range(clients)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - begin
    if failed or not times:
        raise RuntimeError(f"{len(failed)} requests failed: {failed[:1]}")
    return {
        "per_second": len(times) / passed,
        "median_ms": float(np.median(times)) * 1e3,
        "p99_ms": float(np.percentile(times, 99)) * 1e3,
    }


def measure(
    folders: Mapping[str, Path],
    archive: Path,
    cache: Path,
    texts: Sequence[str],
    seconds: float = 3.0,
    turns: int = 2,
) -> dict[str, Any]:
    """Requests per second, median and p99 under 1, 4 and 16 clients, the better of `turns`
    turns; the servers take turns, so that a busy machine slows all alike."""
    paths = [f"/search?q={quote(text)}" for text in texts]
    servers: dict[str, tuple[subprocess.Popen[bytes], int]] = {}
    results: dict[str, Any] = {name: {} for name in folders}
    try:
        for name, folder in folders.items():
            port = _free_port()
            command = [sys.executable, "-m", "benchmarks", "page", name, str(folder), str(port)]
            servers[name] = subprocess.Popen([*command, str(archive), str(cache)]), port
        for process, port in servers.values():
            _wait(process, port, paths[0])
            # Templates compiled, dictionaries read, files in memory: as a server runs.
            load(port, paths, 1, seconds)
        for clients in (1, 4, 16):
            for _ in range(turns):
                for name, (_, port) in servers.items():
                    answer = load(port, paths, clients, seconds)
                    kept = results[name].get(clients)
                    if kept is None or answer["per_second"] > kept["per_second"]:
                        results[name][clients] = answer
    finally:
        for process, _ in servers.values():
            process.terminate()
            process.wait()
    return results


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Until the server answers with a page of hits. Raises RuntimeError where it never does."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        except OSError:
            time.sleep(0.1)
        else:
            if response.status == 200 and b"/documents/" in body:
                return
            raise RuntimeError(f"{response.status}: {body[:300]!r}")
        finally:
            connection.close()
    raise RuntimeError(f"no server on port {port}")
