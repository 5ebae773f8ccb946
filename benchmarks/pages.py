"""The whole page: `GET /search` over this project, over tantivy and over FTS5, under load.

All three serve the same Flask application with the same templates; only what answers the
search differs.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from benchmarks.contenders import contender
from benchmarks.contenders.base import Question, analyzer
from search_app.search.labels import labels_of
from search_app.search.results import SearchHit, SearchResults, facet_values
from search_app.search.service import SHOWN_FACETS
from search_app.search.state import SearchState


class ContenderService:
    """As much of `SearchService` as the page of results needs, over a contender."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._folder = name, folder
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
        hits = tuple(
            SearchHit(
                number, key, title, title, None, None, None, (), (), 0.0, (snippet,), None, ()
            )
            for number, (key, title, snippet) in enumerate(
                zip(answer.ids, answer.titles, answer.snippets or (), strict=True), 1
            )
        )
        shown = {
            name: facet_values(counts, (), (), labels_of(name))[:20]
            for name, counts in (answer.facets or {}).items()
        }
        return SearchResults(
            state=state,
            understood=(),
            total=answer.total,
            total_results=answer.total,
            pages=max(1, -(-answer.total // 10)),
            hits=hits,
            facets=shown,
            took_ms=(time.perf_counter() - begin) * 1e3,
        )

    def health(self) -> dict[str, Any]:
        return {"status": "ok"}


def serve(name: str, folder: Path, port: int) -> None:
    """Serve the pages over a contender's index (for "xiezuo": a whole index folder)."""
    import waitress

    from search_app import create_app

    if name == "xiezuo":
        app = create_app({"INDEX_DIR": str(folder)})
    else:
        app = create_app({"SERVICE": ContenderService(name, folder)})
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
    folders: dict[str, Path], texts: Sequence[str], seconds: float = 4.0, turns: int = 2
) -> dict[str, Any]:
    """Requests per second and p99 under 1, 4 and 16 clients; the servers take turns."""
    paths = [f"/search?q={quote(text)}" for text in texts]
    servers = {}
    results: dict[str, Any] = {name: {} for name in folders}
    try:
        for number, (name, folder) in enumerate(folders.items()):
            port = 8870 + number
            command = [sys.executable, "-m", "benchmarks", "page", name, str(folder), str(port)]
            servers[name] = (subprocess.Popen(command), port)
        for _, port in servers.values():
            _wait(port, paths[0])
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


def _wait(port: int, path: str) -> None:
    """Until the server answers with a page."""
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        except OSError:
            time.sleep(0.1)
        else:
            if response.status == 200:
                return
            raise RuntimeError(f"{response.status}: {body[:300]!r}")
        finally:
            connection.close()
    raise RuntimeError(f"no server on port {port}")
