"""Fit the weights of the program features to labelled documents.

Run by hand after the features or the labels have changed, never at build or search time:

    python -m indexer.facets.train_programs LABELLED.jsonl

Each line has `title`, `text` and `programs`. A logistic regression per program starts from
the weights in `data/programs.yaml` and is held near them (a Gaussian prior around the start:
maximum a posteriori, as in Chelba and Acero, "Adaptation of Maximum Entropy Capitalizer: Little
Data Can Help a Lot", EMNLP 2004), so a feature that the documents say little about keeps what a person gave it.
Deterministic: Newton steps, no random numbers. The output `data/program_weights.tsv` holds
the names of features and their weights, nothing of the documents.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.facets.gazetteer import DATA
from indexer.facets.programs import ABOUT, BIAS, PROGRAMS, Model, load_model, values
from indexer.facets.text import read

Array = NDArray[np.float64]

STIFFNESS = 8.0
"""Precision of the prior: how firmly weights are held where they start."""
THRESHOLD = -0.85
"""Score from which a program is given: below even odds, because a single clause is enough for
the labels and the F1 measure rewards finding it. Written into the biases."""
FOLDS = 5


def features_of(model: Model, title: str, text: str) -> dict[str, float]:
    """Feature values of one document."""
    return values(model, read(Document("", "", title=title, text=text)))[0]


def fit(matrix: Array, labels: Array, start: Array, stiffness: float, steps: int = 30) -> Array:
    """Weights of one program; `matrix` is (documents, features) with a first column of ones.

    The bias and what the text is about (the first columns) are held more loosely.
    """
    hold = np.full(matrix.shape[1], stiffness)
    hold[: 1 + len(ABOUT)] = stiffness * 0.3

    def cost(weights: Array) -> float:
        scores = matrix @ weights
        loss = np.logaddexp(0.0, scores).sum() - float(labels @ scores)
        return float(loss) + 0.5 * float(hold @ (weights - start) ** 2)

    weights: Array = start.copy()
    reached = cost(weights)
    for _ in range(steps):
        chance = 1.0 / (1.0 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        gradient = matrix.T @ (chance - labels) + hold * (weights - start)
        curvature = (matrix * (chance * (1 - chance))[:, None]).T @ matrix + np.diag(hold)
        change = np.linalg.solve(curvature, gradient)
        step = 1.0
        while cost(weights - step * change) > reached and step > 1e-6:
            step /= 2
        weights = np.asarray(weights - step * change, dtype=np.float64)
        gained, reached = reached - cost(weights), cost(weights)
        if gained < 1e-9:
            break
    return weights


def fit_all(
    model: Model,
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[Sequence[str]],
    stiffness: float = STIFFNESS,
) -> dict[str, float]:
    """Weights of all features and biases, by name."""
    fitted: dict[str, float] = {}
    for program in PROGRAMS:
        names = [f"{program}/{about}" for about in ABOUT]
        names += [f.name for f in model.features if f.program == program]
        matrix = np.array([[1.0, *(row.get(name, 0.0) for name in names)] for row in rows])
        wanted = np.array([float(program in found) for found in labels])
        bias = f"{program}/{BIAS}"
        start = np.array([model.weights[name] for name in (bias, *names)])
        weights = fit(matrix, wanted, start, stiffness)
        fitted.update(zip((bias, *names), (float(w) for w in weights), strict=True))
    return fitted


def predict(
    weights: Mapping[str, float], row: Mapping[str, float], threshold: float = THRESHOLD
) -> set[str]:
    """Programs whose score exceeds the threshold."""
    scores = {program: weights[f"{program}/{BIAS}"] for program in PROGRAMS}
    for name, value in row.items():
        scores[name.partition("/")[0]] += weights[name] * value
    return {program for program, score in scores.items() if score > threshold}


def micro_f1(pairs: Sequence[tuple[set[str], set[str]]]) -> float:
    """Micro-averaged F1 of (wanted, found) sets."""
    hit = sum(len(wanted & found) for wanted, found in pairs)
    total = sum(len(wanted) + len(found) for wanted, found in pairs)
    return 2 * hit / total if total else 0.0


def cross_validate(
    model: Model,
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[Sequence[str]],
    stiffness: float = STIFFNESS,
    threshold: float = THRESHOLD,
) -> float:
    """Micro-F1 over documents that each fold did not see."""
    pairs = []
    for fold in range(FOLDS):
        seen = [i for i in range(len(rows)) if i % FOLDS != fold]
        weights = fit_all(model, [rows[i] for i in seen], [labels[i] for i in seen], stiffness)
        pairs += [
            (set(labels[i]), predict(weights, rows[i], threshold))
            for i in range(fold, len(rows), FOLDS)
        ]
    return micro_f1(pairs)


def main() -> None:
    """Fit, report the score on unseen folds, and write the weights."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    documents: list[dict[str, Any]] = [json.loads(line) for line in lines]
    model = load_model(trained=False)
    rows = [features_of(model, d.get("title") or "", d["text"]) for d in documents]
    labels = [d["programs"] for d in documents]
    print(f"micro-F1, {FOLDS} folds: {cross_validate(model, rows, labels):.3f}")
    weights = fit_all(model, rows, labels)
    for program in PROGRAMS:
        weights[f"{program}/{BIAS}"] -= THRESHOLD
    text = "".join(f"{name}\t{weights[name]:.2f}\n" for name in sorted(weights))
    (DATA / "program_weights.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
