"""Measures ranking on judged queries: nDCG@10 and recall, beside what a library gives.

    python -m tests.quality.retrieval_scores            the table
    python -m tests.quality.retrieval_scores --pin      and floors from it (needs --lower to fall)

A document without a grade counts as not relevant. nDCG has the gain 2^grade - 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

FLOORS = Path(__file__).with_name("retrieval_floors.json")
MARGIN = 0.01
"""What floors lie below the measured value: ties and rounding of other machines."""

Grades = Mapping[str, Mapping[str, int]]


def read_queries(folder: Path) -> dict[str, str]:
    lines = (folder / "queries.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines if line}


def read_grades(folder: Path) -> Grades:
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        qid, document, grade = line.split("\t")
        grades.setdefault(qid, {})[document] = int(grade)
    return grades


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) of a ranking."""

    def gain(values: Sequence[int]) -> float:
        return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(values))

    best = sorted(grades.values(), reverse=True)[:depth]
    return gain([grades.get(document, 0) for document in ranked[:depth]]) / gain(best)


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 100) -> float:
    """Share of the relevant documents (grade 1 or more) among the first."""
    relevant = {document for document, grade in grades.items() if grade}
    return len(relevant & set(ranked[:depth])) / len(relevant)


def digest(folder: Path) -> str:
    """Of everything that the floors were measured on."""
    found = hashlib.sha256()
    for name in ("archive.jsonl.gz", "queries.tsv", "qrels.tsv"):
        found.update((folder / name).read_bytes())
    return found.hexdigest()


def measure(runs: Mapping[str, Sequence[str]], grades: Grades) -> dict[str, float]:
    """Means over the queries."""
    return {
        "ndcg@10": sum(ndcg(runs[qid], grades[qid]) for qid in grades) / len(grades),
        "recall@100": sum(recall(runs[qid], grades[qid]) for qid in grades) / len(grades),
    }


def rank(folder: Path, index: Path) -> dict[str, list[str]]:
    """Build an index of the archive (without the steps that ranking does not use) and rank."""
    import gzip
    import shutil

    from indexer.pipeline import Options, build
    from search_app.search.service import SearchService

    source = index.with_name("archive.jsonl")
    with gzip.open(folder / "archive.jsonl.gz") as packed, source.open("wb") as file:
        shutil.copyfileobj(packed, file)
    without = frozenset({"facets", "repair", "duplicates"})
    build([source], index, Options(without=without))
    service = SearchService(index)
    return {
        qid: [document for document, _ in service.rank(text, 100)]
        for qid, text in read_queries(folder).items()
    }


def table(runs: Mapping[str, Sequence[str]], folder: Path) -> str:
    grades, queries = read_grades(folder), read_queries(folder)
    lines = ["query                                   nDCG@10  recall@100"]
    for qid, text in queries.items():
        line = f"{qid} {text}"
        width = 40 - sum(sign > "\u2e80" for sign in line)
        scores = ndcg(runs[qid], grades[qid]), recall(runs[qid], grades[qid])
        lines.append(f"{line:<{width}}{scores[0]:7.3f}{scores[1]:12.3f}")
    means = measure(runs, grades)
    lines.append(f"{'mean':<40}{means['ndcg@10']:7.3f}{means['recall@100']:12.3f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pin", action="store_true", help="write the floors")
    parser.add_argument("--lower", action="store_true", help="allow floors to fall")
    options = parser.parse_args()
    root = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("XIEZUO_SHARED", root.parent / "shared")) / "gold" / "retrieval"
    with tempfile.TemporaryDirectory() as scratch:
        runs = rank(folder, Path(scratch) / "index")
    print(table(runs, folder))
    if options.pin:
        means = measure(runs, read_grades(folder))
        floors = {name: math.floor((mean - MARGIN) * 1000) / 1000 for name, mean in means.items()}
        if FLOORS.exists() and not options.lower:
            old = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"]
            floors = {name: max(floor, old.get(name, 0)) for name, floor in floors.items()}
        pinned = {"corpus": digest(folder), "floors": floors}
        FLOORS.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
