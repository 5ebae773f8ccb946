"""Precision, recall and F1 of the facets on the labelled documents, beside two baselines.

    python -m tests.quality.facet_scores [--pin [--lower]]

prints the table; `--pin` writes the floors that `test_facets.py` holds (a little below what
was measured), and never lowers one unless `--lower` says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.document import Document
from indexer.facets import PROVINCES, Gazetteer, derive
from indexer.facets.programs import load_model
from indexer.facets.train_programs import cross_validate, features_of

FLOORS = Path(__file__).parent / "facet_floors.json"
MARGIN = 0.005


@dataclass(frozen=True)
class Score:
    """Micro-averaged over documents."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def corpus(shared: Path) -> Path:
    """The labelled documents."""
    return shared / "gold" / "facets" / "documents.jsonl"


def digest(path: Path) -> str:
    """What pins the corpus that floors were measured on."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load(path: Path) -> list[dict[str, Any]]:
    """The labelled documents as mappings."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def score(pairs: Iterable[tuple[set[Any], set[Any]]]) -> Score:
    """The score of (wanted, found) sets."""
    hit = wanted_count = found_count = 0
    for wanted, found in pairs:
        hit += len(wanted & found)
        wanted_count += len(wanted)
        found_count += len(found)
    return Score(hit / max(1, found_count), hit / max(1, wanted_count))


def to_document(line: dict[str, Any]) -> Document:
    """A labelled line as the pipeline would hand it over, without its labels."""
    return Document(
        id=line["id"],
        path=line["id"],
        title=line["title"] or "",
        text=line["text"],
        date=line.get("date"),
        source=line.get("source"),
    )


def names_alone(line: dict[str, Any]) -> set[str]:
    """First baseline: every province whose short name stands anywhere in the document."""
    text = f"{line['title']}\n{line['text']}"
    return {name for name in PROVINCES.values() if name in text}


def counties(line: dict[str, Any]) -> set[str]:
    """Second baseline: every division that the gazetteer finds, where its name has one meaning."""
    gazetteer = Gazetteer.shipped()
    text = f"{line['title']}\n{line['text']}"
    return {
        gazetteer.province(name.codes[0])
        for _, _, name in gazetteer.find(text)
        if len(name.codes) == 1 and (name.full or name.trust == "sure")
    }


def measure(lines: Sequence[dict[str, Any]]) -> dict[str, Score]:
    """All scores by name; "program, unseen" is out of five folds, the weights never saw them."""
    derived = [derive(to_document(line)) for line in lines]
    pairs = list(zip(lines, derived, strict=True))
    model = load_model(trained=False)
    rows = [features_of(model, line["title"] or "", line["text"]) for line in lines]
    unseen = cross_validate(model, rows, [line["programs"] for line in lines])
    return {
        "province, names alone": score((set(x["provinces"]), names_alone(x)) for x in lines),
        "province, gazetteer": score((set(x["provinces"]), counties(x)) for x in lines),
        "province": score((set(x["provinces"]), {p.name for p in d.provinces}) for x, d in pairs),
        "role": score(
            (
                {(n, "donor") for n in x["donors"]} | {(n, "recipient") for n in x["recipients"]},
                {(p.name, role) for p in d.provinces for role in p.roles},
            )
            for x, d in pairs
        ),
        "program": score((set(x["programs"]), {p.id for p in d.programs}) for x, d in pairs),
        "program, unseen": Score(unseen, unseen),
        "year": score(({x["year"]} - {None}, {d.year} - {None}) for x, d in pairs),
    }


def table(scores: dict[str, Score]) -> str:
    """The scores as lines of text."""
    lines = [f"{'':24}{'precision':>10}{'recall':>8}{'F1':>8}"]
    lines += [
        f"{name:24}{value.precision:10.3f}{value.recall:8.3f}{value.f1:8.3f}"
        for name, value in scores.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the table, and pin floors where asked to."""
    shared = Path(os.environ.get("XIEZUO_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    path = corpus(shared)
    scores = measure(load(path))
    print(table(scores))
    if "--pin" not in sys.argv:
        return
    old = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"] if FLOORS.exists() else {}
    floors = {name: round(value.f1 - MARGIN, 3) for name, value in scores.items()}
    if "--lower" not in sys.argv:
        floors = {name: max(value, old.get(name, 0.0)) for name, value in floors.items()}
    content = {"corpus": digest(path), "floors": floors}
    FLOORS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
