"""Precision, recall and F1 of the facets on labelled documents, beside two baselines.

    python -m tests.quality.facet_scores [--pin [--lower]]

prints two tables: of the documents that come with their labels, and of others of the archive
(`facet_labels.jsonl`: ids and labels only, the texts are those of the archive), read by the same
taxonomy after the rules had been written. `--pin` writes the floors that `test_facets.py` holds (a little below what
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
from indexer.facets.program_rules import PROGRAMS
from indexer.facets.train_programs import (
    labels_of,
    predicted,
    read_labels,
    scores_from,
    unseen_scores,
)

LABELS = Path(__file__).parent / "facet_labels.jsonl"
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


def archive(shared: Path) -> Path:
    """The documents that `LABELS` names."""
    return shared / "gold" / "retrieval" / "archive.jsonl.gz"


def others(shared: Path) -> list[dict[str, Any]]:
    """The documents of `LABELS` with their texts."""
    return read_labels([LABELS], archive(shared))


def measure(lines: Sequence[dict[str, Any]]) -> dict[str, Score]:
    """All scores by name."""
    derived = [derive(to_document(line)) for line in lines]
    pairs = list(zip(lines, derived, strict=True))
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
        "year": score(({x["year"]} - {None}, {d.year} - {None}) for x, d in pairs),
    }


def measure_unseen(
    gold: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]
) -> tuple[Score, Score]:
    """Programs of each set, from weights and cues that never saw the document (five folds)."""
    lines = [*gold, *others]
    pairs = _programs(lines, unseen_scores(lines))
    return score(pairs[: len(gold)]), score(pairs[len(gold) :])


def measure_taught(gold: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> Score:
    """Programs of the first set, from weights and cues learned from the second alone."""
    return score(_programs(gold, scores_from(others, gold)))


def _programs(lines: Sequence[dict[str, Any]], found: Any) -> list[tuple[set[Any], set[Any]]]:
    wanted = [{p for p, on in zip(PROGRAMS, row, strict=True) if on} for row in labels_of(lines)]
    return list(zip(wanted, predicted(found), strict=True))


def table(scores: dict[str, Score]) -> str:
    """The scores as lines of text."""
    lines = [f"{'':28}{'precision':>10}{'recall':>8}{'F1':>8}"]
    lines += [
        f"{name:28}{value.precision:10.3f}{value.recall:8.3f}{value.f1:8.3f}"
        for name, value in scores.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the tables, and pin floors where asked to."""
    shared = Path(os.environ.get("XIEZUO_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    path = corpus(shared)
    gold, more = load(path), others(shared)
    scores, other_scores = measure(gold), measure(more)
    unseen = measure_unseen(gold, more)
    scores["program, taught by others"] = measure_taught(gold, more)
    for title, found, programs in (
        (f"{len(gold)} documents with their labels", scores, unseen[0]),
        (f"{len(more)} others of the archive", other_scores, unseen[1]),
    ):
        # The shipped weights have seen all of these; only others say how good they are.
        found["program, unseen"] = programs
        print(f"{title}\n{table(found)}\n")
    if "--pin" not in sys.argv:
        return
    pinned = {**scores, **{f"others: {name}": value for name, value in other_scores.items()}}
    old = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"] if FLOORS.exists() else {}
    floors = {name: round(value.f1 - MARGIN, 3) for name, value in pinned.items()}
    if "--lower" not in sys.argv:
        floors = {name: max(value, old.get(name, 0.0)) for name, value in floors.items()}
    content = {"corpus": digest(path), "labels": digest(LABELS), "floors": floors}
    FLOORS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
