"""How well pages are read: body, title and date against pages whose truth is known.

Run as a module it prints the table, `--beside` with the libraries that are installed
(trafilatura, readability-lxml, gne: the `compare` extra), `--pin` writes the floors,
`--lower` allows them to fall.

Body F1 counts pairs of neighbouring characters, as a bag, white space left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from indexer.document import RawPage
from indexer.errors import PageRejected
from indexer.extract import extract
from indexer.extract.encoding import decode
from indexer.extract.html import read_html

FLOORS = Path(__file__).with_name("extraction_floors.json")
MARGIN = 0.005
WHOLE = ("netease", "cctv")
"""Sets with whole bodies; "hand" has phrases that must be there and must not."""

_NAMES = re.compile(rb"""\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Read:
    """What a reader made of one page."""

    text: str = ""
    title: str = ""
    date: str | None = None


@dataclass
class Score:
    """Shares, from 0 to 1, over the pages of one set."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, value: float) -> None:
        self.values[name].append(value)

    def __getitem__(self, name: str) -> float:
        values = self.values[name]
        return sum(values) / len(values) if values else 0.0


Reader = Callable[[bytes], Read]


def ours(page: bytes) -> Read:
    """This project's extraction, as the pipeline calls it."""
    try:
        document = extract(RawPage("page", page, "html"))
    except PageRejected:
        return Read()
    return Read(document.text, document.title, document.date)


def ours_unaided(page: bytes) -> Read:
    """The same without the list of known containers: what other sites can expect."""
    try:
        result = read_html(decode(page).text, use_known=False)
    except PageRejected:
        return Read()
    return Read(result.body.text, result.title, result.date)


def ours_nameless(page: bytes) -> Read:
    """The same on pages whose elements have lost every id and class."""
    return ours(_NAMES.sub(b"", page))


def libraries() -> Iterator[tuple[str, Reader]]:
    """The libraries that are installed, each called as its own documentation shows."""
    try:
        import trafilatura

        def by_trafilatura(page: bytes) -> Read:
            found: Any = trafilatura.bare_extraction(
                page, with_metadata=True, include_comments=False
            )
            if found is None:
                return Read()
            return Read(found.text or "", found.title or "", found.date)

        yield "trafilatura", by_trafilatura
    except ImportError:
        pass
    try:
        from lxml.html import fromstring
        from readability import Document

        def by_readability(page: bytes) -> Read:
            document = Document(decode(page).text)
            body: Any = fromstring(document.summary())
            return Read(str(body.text_content()), document.short_title())

        yield "readability", by_readability
    except ImportError:
        pass
    try:
        from gne import GeneralNewsExtractor

        def by_gne(page: bytes) -> Read:
            found = GeneralNewsExtractor().extract(decode(page).text)
            return Read(found["content"], found["title"], (found["publish_time"] or "")[:10])

        yield "gne", by_gne
    except ImportError:
        pass


def forgiving(reader: Reader) -> Reader:
    """A library that fails on a page has read nothing; ours may not fail."""

    def read(page: bytes) -> Read:
        try:
            return reader(page)
        except Exception:
            return Read()

    return read


OURS: dict[str, Reader] = {
    "ours": ours,
    "ours, no known sites": ours_unaided,
    "ours, no ids, classes": ours_nameless,
}


def load(folder: Path) -> list[dict[str, Any]]:
    """The labelled pages, each with its bytes under "page"."""
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [{**row, "page": (folder / row["file"]).read_bytes()} for row in rows]


def digest(folder: Path) -> str:
    """SHA-256 over the labels and every page that they name."""
    total = hashlib.sha256((folder / "gold.jsonl").read_bytes())
    for row in load(folder):
        total.update(row["page"])
    return total.hexdigest()


def squeeze(text: str | None) -> str:
    return _BLANK.sub("", text or "")


def body_f1(text: str, truth: str) -> float:
    """F1 of the two bags of character pairs."""
    one, other = (Counter(pairwise(t)) for t in map(squeeze, (text, truth)))
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else 0.0


def measure(rows: list[dict[str, Any]], reader: Reader) -> dict[str, Score]:
    """Scores by set."""
    scores: dict[str, Score] = defaultdict(Score)
    for row in rows:
        read = reader(row["page"])
        score = scores[row["set"]]
        score.add("title", squeeze(read.title) == squeeze(row["title"]))
        if row.get("date"):
            score.add("date", read.date == row["date"])
        if "body" in row:
            score.add("body", body_f1(read.text, row["body"]))
        text = squeeze(read.text)
        for phrase in row.get("must", ()):
            score.add("must", squeeze(phrase) in text)
        for phrase in row.get("must_not", ()):
            score.add("must not", squeeze(phrase) in text)
    return scores


COLUMNS = (
    *((name, what) for name in WHOLE for what in ("body", "title", "date")),
    *(("hand", what) for what in ("must", "must not", "title", "date")),
)


def table(by_reader: dict[str, dict[str, Score]]) -> str:
    """The scores as lines of text, a reader per line."""
    lines = [
        f"{'':22}" + "".join(f"{name:>9}" for name, _ in COLUMNS),
        f"{'':22}" + "".join(f"{what:>9}" for _, what in COLUMNS),
    ]
    for reader, scores in by_reader.items():
        cells = "".join(f"{scores[name][what]:9.3f}" for name, what in COLUMNS)
        lines.append(f"{reader:22}{cells}")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and pin floors where asked to."""
    shared = Path(os.environ.get("XIEZUO_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    folder = shared / "gold" / "extraction"
    rows = load(folder)
    readers: dict[str, Reader] = dict(OURS)
    if "--beside" in sys.argv:
        readers.update((name, forgiving(reader)) for name, reader in libraries())
    scores = {name: measure(rows, reader) for name, reader in readers.items()}
    print(table(scores))
    if "--pin" not in sys.argv:
        return
    old = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"] if FLOORS.exists() else {}
    floors: dict[str, float] = {}
    for name, what in COLUMNS:
        key, value = f"{name} {what}", scores["ours"][name][what]
        # Of what leaks in less is better: the floor is the share that stays out.
        floor = round((1 - value if what == "must not" else value) - MARGIN, 3)
        floors[key] = floor if "--lower" in sys.argv else max(floor, old.get(key, 0.0))
    content = {"corpus": digest(folder), "floors": floors}
    FLOORS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
