"""A server under load while generations change beneath it.

    python -m tests.reliability.load --requests 100000 --switches 50

Starts a server on loopback, searches it from several processes at full speed, builds and
updates meanwhile, and prints failures, latency and memory as JSON.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from urllib.parse import quote

WORDS = ["残疾人", "就业", "协作", "粤桂", "康复", "版次", "残联 培训", "“对口帮扶”", "扶贫 -就业"]


def write_archive(folder: Path, edition: int, documents: int) -> None:
    """Documents that all name the edition, of a size that grows no index."""
    folder.mkdir(exist_ok=True)
    how = random.Random(5)
    lines = []
    for number in range(documents):
        words = "，".join(how.choice(WORDS[:6]) for _ in range(40))
        text = f"版次{edition}号。{words}。第{number}篇由县残联报道，残疾人参加培训后就业。"
        lines.append(json.dumps({"id": f"d{number}", "title": f"第{number}篇", "text": text}))
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def index(verb: str, archive: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "indexer", verb, str(archive), "--index", str(folder)]
    subprocess.run([*command, "--json"], check=True, capture_output=True)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server of its own process; the process and its port."""
    command = [sys.executable, "-u", "-m", "search_app", "serve", "--port", "0"]
    # Into a file: nobody reads a pipe while the server runs, and it would fill up.
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
        with Path(said.name).open("w", encoding="utf-8") as out:
            server = subprocess.Popen(
                [*command, "--index", str(folder), *options], stdout=out, stderr=out
            )
        try:
            yield server, _port(server, Path(said.name))
        finally:
            server.terminate()
            server.wait(30)


def _port(server: subprocess.Popen[bytes], said: Path) -> int:
    """The port that a starting server says it listens on."""
    for _ in range(600):
        text = said.read_text(encoding="utf-8")
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", text)
        if found:
            return int(found[1])
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {text}")


def resident(pid: int) -> float:
    """Resident memory of a process in MB, without pages of mapped files."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"RssAnon:\s+(\d+)", text)[0]) / 1024


def _read(port: int, documents: int, stop: Event, out: Any) -> None:
    how = random.Random()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times: list[float] = []
    faults: list[str] = []
    while not stop.is_set():
        query = quote(how.choice(WORDS))
        page = how.random() < 0.5
        path = f"/search?q={query}" if page else f"/api/v1/search?q={query}&per_page=20"
        began = time.perf_counter()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            faults.append(repr(error))
            connection.close()
            continue
        times.append(time.perf_counter() - began)
        if response.status != 200:
            faults.append(f"{response.status} {path}")
        elif not page:
            faults += _mixed(json.loads(body), query, documents)
    out.put((times, faults))


def _mixed(answer: dict[str, Any], query: str, documents: int) -> list[str]:
    """What in an answer cannot come of one generation."""
    editions = {
        edition
        for hit in answer["hits"]
        for snippet in hit["snippets"]
        for edition in re.findall(r"版次(?:</mark>)?(\d+)号", snippet)
    }
    faults = [f"editions {editions} in one answer"] if len(editions) > 1 else []
    if query == quote("版次") and answer["total"] != documents:
        faults.append(f"{answer['total']} of {documents} documents")
    return faults


@dataclass
class Report:
    requests: int = 0
    switches: int = 0
    failures: list[str] = field(default_factory=list)
    median_ms: float = 0.0
    p99_ms: float = 0.0
    worst_ms: float = 0.0
    memory_mb: list[float] = field(default_factory=list)


def run(folder: Path, *, requests: int, switches: int, documents: int, readers: int) -> Report:
    """Load a server until both numbers are reached."""
    archive, place = folder / "archive", folder / "index"
    write_archive(archive, 0, documents)
    index("build", archive, place)
    report = Report()
    context = multiprocessing.get_context("spawn")
    with serving(place) as (server, port):
        stop, out = context.Event(), context.Queue()
        processes = [
            context.Process(target=_read, args=(port, documents, stop, out)) for _ in range(readers)
        ]
        for process in processes:
            process.start()
        answered = 0
        while report.switches < switches or answered < requests:
            write_archive(archive, report.switches + 1, documents)
            index("update" if report.switches % 2 else "build", archive, place)
            report.switches += 1
            report.memory_mb.append(round(resident(server.pid), 1))
            answered = _answered(port)
        stop.set()
        times: list[float] = []
        for _ in processes:
            some, faults = out.get()
            times += some
            report.failures += faults
        for process in processes:
            process.join()
    times.sort()
    report.requests = len(times)
    report.median_ms = round(1000 * times[len(times) // 2], 2)
    report.p99_ms = round(1000 * times[len(times) * 99 // 100], 2)
    report.worst_ms = round(1000 * times[-1], 2)
    return report


def _answered(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    counts = re.findall(r"search_app_requests_total\{.*\} ([\d.e+]+)", text)
    return int(sum(map(float, counts)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--switches", type=int, default=50)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--readers", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), **vars(given))
    print(json.dumps(report.__dict__, ensure_ascii=False, indent=1))
    sys.exit(1 if report.failures else 0)


if __name__ == "__main__":
    main()
