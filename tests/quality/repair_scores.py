"""Measure the repair of hijacked pages: `python -m tests.quality.repair_scores [--pin]`.

Pages are made from clean documents by tests/repair/hijack.py; brands, words and documents
of the measurement are not those that rules and weights were made with. Three settings:

    alone       each page by itself, with the shipped lexicon (`inspect` of one page)
    set         learned from the pages measured, half of them hijacked, and 1,000 clean ones
    archive     learned from 3,000 other documents as well (a build)

and each of them with brands that look like such sites' ("likely") or like nothing ("any
name"), with the list of brands taken away, and on clean pages and on pages that write of
gambling, lotteries, apps and the like ("traps").
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.document import Document
from indexer.repair import RepairModel, learn, repair, scan
from indexer.repair.signals import signals
from tests.repair.hijack import HELD_OUT_BRANDS, MEANINGLESS_BRANDS, Hijacked, archive, pages

FLOORS = Path(__file__).with_name("repair_floors.json")
TRAPS = re.compile("博彩|赌博|彩票|澳门|赌场|投注|体彩|福彩|娱乐|官网|APP|电竞|棋牌")
LIKELY = [brand for brand in HELD_OUT_BRANDS if brand not in MEANINGLESS_BRANDS]


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
    rules = signals()
    kept = rules.brands
    object.__setattr__(rules, "brands", re.compile("(?!)"))
    try:
        yield
    finally:
        object.__setattr__(rules, "brands", kept)


def score(made: Sequence[Hijacked], model: RepairModel) -> Score:
    """Repair made pages and compare with the truth."""
    detected = right = named = 0
    for one in made:
        brand = one.brand.lower().rstrip(":")
        for found in repair(one.document, model).repairs:
            name = found.found.lower().rstrip(":")
            if brand in name or name in brand:
                detected += 1
                named += bool(found.restored)
                right += found.restored == one.word
                break
    return Score(len(made), detected / len(made), right / max(1, detected), right / max(1, named))


def alarms(clean: Sequence[Document], model: RepairModel) -> Score:
    """Clean pages that are flagged."""
    flagged = sum(1 for document in clean if repair(document, model).flags)
    return Score(len(clean), alarms=flagged / len(clean))


def learned(documents: Sequence[Document]) -> RepairModel:
    """The model of a process that has scanned nothing before."""
    sys.modules["indexer.repair.scan"].__dict__["_scanned"] = 0
    return everything(learn([scan(document) for document in documents]))


def everything(model: RepairModel) -> RepairModel:
    """The model without the hint which documents to look at."""
    return RepairModel(model.phrases, model.archive)


def measure(shared: Path, *, count: int = 120) -> dict[str, Score]:
    """All settings side by side."""
    documents = archive(shared)
    pool, rest = documents[6000:12000], documents[12000:]
    likely = list(pages(pool, LIKELY, words_held_out=True, count=count, seed=11))
    neutral = list(
        pages(pool[::-1], MEANINGLESS_BRANDS, words_held_out=True, count=count // 2, seed=12)
    )
    used = {one.document.id[2:] for one in (*likely, *neutral)}
    clean = [document for document in pool if document.id not in used][: 4 * count]
    traps = [document for document in rest if TRAPS.search(document.text)]
    traps = random.Random(5).sample(traps, count)
    others = rest[::4]
    measured = [one.document for one in likely] + clean[: len(likely)]
    more = [document for document in pool[::-1] if document.id not in used][:1000]
    models = {
        "alone": RepairModel.default(),
        "set": learned(measured + more),
        "archive": learned(measured + more + others),
    }
    scores = {}
    for name, model in models.items():
        scores[f"{name}, likely names"] = score(likely, model)
        offices = [one for one in likely if one.kind != "noun"]
        scores[f"{name}, offices, leaders, places"] = score(offices, model)
        scores[f"{name}, any names"] = score(neutral, model)
        with no_list():
            scores[f"{name}, likely names, no list"] = score(likely, model)
        scores[f"{name}, clean"] = alarms(clean, model)
        scores[f"{name}, traps"] = alarms(traps, model)
    return scores


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
    scores = measure(shared, count=240 if "--long" in sys.argv else 120)
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
