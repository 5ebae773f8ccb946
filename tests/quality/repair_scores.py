"""Measure the repair of hijacked pages: `python -m tests.quality.repair_scores`.

    --unseen    with tables of contexts and topics made from the development half alone: the
                figures to quote. Those that are shipped know all clean documents
    --long      four times as many pages
    --dev       the development half
    --usual     its documents and words, which are the usual ones, and brands of the held-out half
    --titles    every page with another title line of such a site (held-out half of the lines)
    --pin       write the floors of the tests

Pages are made from clean documents by tests/repair/hijack.py. Brands, words and documents are
of the held-out half: neither rules nor weights were made with them. Those brands that the
shipped list happens to have are measured without the list.

    alone       each page by itself, with what is shipped (`inspect` of one page)
    set         learned from the pages measured: hijacked ones among five times as many clean
                ones (`inspect` of a .jsonl)
    archive     learned from other clean documents as well (a build)

and each of them on clean pages, and on pages that write of gambling, lotteries, apps and the
like ("traps").
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.repair import RepairModel, learn, repair, scan, spelling, vocabulary
from indexer.repair import honest as honest_names
from indexer.repair import topics as repair_topics
from indexer.repair.signals import signals
from tests.quality.repair_tables import contexts, known_names, topics
from tests.repair.hijack import LINES, Hijacked, archive, half_of, in_half, pages

FLOORS = Path(__file__).with_name("repair_floors.json")
TRAPS = re.compile("博彩|赌博|彩票|澳门|赌场|投注|体彩|福彩|娱乐|官网|APP|电竞|棋牌")
MARKED = ("real", "sign", "suffix")
"""Families of brands that look like such sites' names."""


@dataclass(frozen=True)
class Score:
    """Shares of the hijacked pages that were detected, of the detected ones whose word was
    restored, and of restored words that are right; or of clean pages flagged."""

    pages: int
    detected: float = 0.0
    restored: float = 0.0
    right: float = 0.0
    alarms: float = 0.0


def digest(shared: Path) -> str:
    """SHA-256 of the clean documents."""
    data = (shared / "gold/retrieval/archive.jsonl.gz").read_bytes()
    return hashlib.sha256(data).hexdigest()


@contextmanager
def no_list() -> Iterator[None]:
    """Without the list of brands."""
    rules, nothing = signals(), re.compile("(?!)")
    kept = {name: getattr(rules, name) for name in ("brands", "branded")}
    try:
        for name in kept:
            object.__setattr__(rules, name, nothing)
        yield
    finally:
        for name, pattern in kept.items():
            object.__setattr__(rules, name, pattern)


@contextmanager
def taught_by(documents: Sequence[Document]) -> Iterator[None]:
    """With shipped contexts, topics and names of these documents alone."""
    known = vocabulary.with_phrases(contexts(documents))
    subjects = topics(documents)
    honest = known_names(documents)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "shipped", lambda: known)
        patch.setattr(repair_topics, "shipped", lambda: subjects)
        patch.setattr(honest_names, "shipped", lambda: honest)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for known in (
        RepairModel.default,
        honest_names.is_honest,
        honest_names.known,
        spelling.spelled,
    ):
        known.cache_clear()


@dataclass(frozen=True)
class Found:
    """What became of one hijacked page: whether its brand was found, and the word given."""

    page: Hijacked
    detected: bool
    word: str = ""


def look(page: Hijacked, model: RepairModel) -> Found:
    """Repair a made page."""
    brand = page.brand.lower().rstrip(":")
    for found in repair(page.document, model).repairs:
        name = found.found.lower().rstrip(":")
        if brand in name or name in brand:
            return Found(page, True, found.restored)
    return Found(page, False)


def score(found: Sequence[Found]) -> Score:
    """Compare with the truth."""
    detected = [one for one in found if one.detected]
    named = [one for one in detected if one.word]
    right = sum(one.word == one.page.word for one in named)
    return Score(
        len(found),
        len(detected) / max(1, len(found)),
        right / max(1, len(detected)),
        right / max(1, len(named)),
    )


def alarms(clean: Sequence[Document], model: RepairModel) -> Score:
    """Clean pages that are flagged."""
    flagged = sum(1 for document in clean if repair(document, model).flags)
    return Score(len(clean), alarms=flagged / len(clean))


def learned(documents: Sequence[Document]) -> RepairModel:
    """What is learned from documents."""
    return learn([scan(document) for document in documents])


def measure(
    shared: Path,
    *,
    count: int = 140,
    half: str = "held_out",
    brands_of: str = "",
    lines: Sequence[str] = (),
) -> dict[str, Score]:
    """All settings side by side."""
    documents = half_of(archive(shared), half)
    made = list(pages(documents, half, count=count, seed=77, brands_of=brands_of, lines=lines))
    used = {one.document.id.removeprefix("h-") for one in made}
    rest = [document for document in documents if document.id not in used]
    clean = random.Random(4).sample(rest, 4 * count)
    writing = [document for document in rest if TRAPS.search(document.text)]
    traps = random.Random(5).sample(writing, min(count, len(writing)))
    with no_list():
        measured = [*(one.document for one in made), *clean, *traps]
        models = {
            "alone": RepairModel.default(),
            "set": learned(measured),
            "archive": learned([*measured, *rest[::4]]),
        }
        scores = {}
        for name, model in models.items():
            found = [look(one, model) for one in made]
            for part, chosen in _parts().items():
                scores[f"{name}, {part}"] = score([one for one in found if chosen(one.page)])
            scores[f"{name}, clean"] = alarms(clean, model)
            scores[f"{name}, traps"] = alarms(traps, model)
    return scores


def _parts() -> dict[str, Callable[[Hijacked], bool]]:
    return {
        "all": lambda _: True,
        "names like such sites'": lambda page: page.family in MARKED,
        "other names": lambda page: page.family not in MARKED,
        "no title, no advertisement": lambda page: page.style == "plain",
        "offices, leaders, places": lambda page: page.kind != "noun",
    }


def table(scores: dict[str, Score]) -> str:
    """The figures, for people."""
    lines = [f"{'':36} pages  detected  restored  of named  false alarms"]
    for name, one in scores.items():
        figures = f"{one.detected:8.3f}  {one.restored:8.3f}  {one.right:8.3f}"
        if "clean" in name or "traps" in name:
            figures = f"{'':28}  {one.alarms:8.3f}"
        lines.append(f"{name:36} {one.pages:5}  {figures}")
    return "\n".join(lines)


def main() -> None:
    """Print the table; `--pin` writes the floors, a little below what was measured."""
    shared = Path(__file__).resolve().parents[2].parent / "shared"
    usual = "--usual" in sys.argv
    half = "dev" if usual or "--dev" in sys.argv else "held_out"
    brands_of = "held_out" if usual else half
    count = 560 if "--long" in sys.argv else 140
    lines = [line for line in LINES if in_half(line, "held_out")] if "--titles" in sys.argv else []
    unseen = taught_by(half_of(archive(shared), "dev")) if "--unseen" in sys.argv else nullcontext()
    with unseen:
        scores = measure(shared, count=count, half=half, brands_of=brands_of, lines=lines)
    print(table(scores))
    if "--pin" in sys.argv:
        floors = {
            name: {
                "detected": round(max(0.0, one.detected - 0.02), 3),
                "restored": round(max(0.0, one.restored - 0.03), 3),
                "alarms": round(one.alarms + 0.004, 3),
            }
            for name, one in scores.items()
        }
        pinned = {"corpus": digest(shared), "floors": floors}
        FLOORS.write_text(json.dumps(pinned, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
