"""Time of extraction against a bare `BeautifulSoup(page, "lxml")` of the same bytes.

    python -m benchmarks.extraction [FOLDER]

Each page is read by all in turn, several times, and the best processor time of each
counts, so that a busy machine slows all alike. FOLDER holds pages; without it the labelled
pages of the shared data are read.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from lxml import etree

from indexer.document import RawPage
from indexer.errors import PageRejected
from indexer.extract import extract

ROUNDS = 3


def whole_extraction(page: bytes) -> None:
    with contextlib.suppress(PageRejected):
        extract(RawPage("page", page, "html"))


def readers() -> dict[str, Callable[[bytes], object]]:
    """What is timed; the first is what the others are compared with."""
    found: dict[str, Callable[[bytes], object]] = {
        "BeautifulSoup, bare": lambda page: BeautifulSoup(page, "lxml"),
        "lxml, bare": lambda page: etree.fromstring(page, etree.HTMLParser(recover=True)),
        "whole extraction": whole_extraction,
    }
    try:
        import trafilatura

        found["trafilatura"] = lambda page: trafilatura.bare_extraction(page, with_metadata=True)
    except ImportError:
        pass
    return found


def main() -> None:
    """Print time and ratio per group of pages of like size."""
    shared = Path(os.environ.get("XIEZUO_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "gold" / "extraction" / "pages"
    pages = [p.read_bytes() for p in sorted(folder.rglob("*")) if p.suffix in (".html", ".shtml")]
    timed = readers()
    best = {name: [9e9] * len(pages) for name in timed}
    for _ in range(ROUNDS):
        for index, page in enumerate(pages):
            for name, reader in timed.items():
                start = time.process_time()
                reader(page)
                best[name][index] = min(best[name][index], time.process_time() - start)
    for low, high in ((0, 64), (64, 160), (160, 320), (320, 1 << 20)):
        group = [i for i, page in enumerate(pages) if low <= len(page) / 1024 < high]
        if not group:
            continue
        print(f"{len(group)} pages of {low} to {high} KB")
        base = sum(best["BeautifulSoup, bare"][i] for i in group)
        for name, times in best.items():
            total = sum(times[i] for i in group)
            print(f"  {name:22}{total / len(group) * 1e3:9.1f} ms{base / total:8.2f} × as fast")


if __name__ == "__main__":
    main()
