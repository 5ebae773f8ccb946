"""Fit the weights of the programs to labelled documents, and learn the cues.

Run by hand after the rules or the labels have changed, never at build or search time
(needs scipy, which the development environment has):

    python -m indexer.facets.train_programs LABELS.jsonl [LABELS.jsonl …] [--texts ARCHIVE.jsonl.gz]

A line of labels has `id` and `programs`, and `title` and `text` or a document of that id in the
archive. All programs are fitted together by logistic regression with a Gaussian prior
(maximum a posteriori): the weights of features are held near those of `data/programs.yaml` for
their own program and near zero for the others, those of cues near zero (as in Chelba and Acero,
"Adaptation of Maximum Entropy Capitalizer: Little Data Can Help a Lot", EMNLP 2004). Cues are the
words and pairs of neighbouring words that get the heaviest weights when all are tried.
Deterministic. What is written holds words and weights, nothing of the documents.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from indexer.analysis import Analyzer, load_analyzer
from indexer.document import Document
from indexer.facets.gazetteer import DATA
from indexer.facets.program_features import CUES, observe_all
from indexer.facets.program_rules import ABOUT, PROGRAMS, Array, Rules, load_rules
from indexer.facets.programs import BIAS
from indexer.facets.text import read

Line = dict[str, Any]

START_BIAS = -1.8
HOLD_FEATURES, HOLD_CUES, HOLD_BIAS = 3.0, 1.0, 0.1
"""Precisions of the priors: how firmly weights are held where they start."""
THRESHOLD = -1.4
"""Log odds from which a program is given: below even odds, because a single clause is enough
for the labels and the F1 measure rewards finding it. Written into the biases."""
LEAST_DOCUMENTS = 6
"""Documents that a cue must stand in."""
KEPT_CUES = 10_000
FOLDS = 5
STEPS = 60
_CUE = re.compile("[\u3400-\u9fff]{2,8}")


@dataclass(frozen=True)
class Fitted:
    """Weights; columns are `PROGRAMS`."""

    rules: Rules
    bias: Array
    features: Array
    cues: Array


def candidates(analyzer: Analyzer, texts: Iterable[str]) -> dict[str, int]:
    """Words and pairs of neighbouring words with the number of texts that they stand in."""
    found: Counter[str] = Counter()
    for text in texts:
        words = analyzer.tokens(text).words
        pairs = map(str.__add__, words, words[1:])
        found.update({word for word in (*words, *pairs) if _CUE.fullmatch(word)})
    return {word: n for word, n in sorted(found.items()) if n >= LEAST_DOCUMENTS}


def with_cues(frequencies: dict[str, int], documents: int) -> Rules:
    """The rules with all these words as cues."""
    return load_rules((word, float(np.log(documents / n))) for word, n in frequencies.items())


def matrices(rules: Rules, lines: Sequence[Line]) -> tuple[Array, Any]:
    """Values of features (documents, names) and of cues (documents, cues; sparse)."""
    features = np.zeros((len(lines), len(rules.names)))
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for number, line in enumerate(lines):
        document = Document("", "", title=line.get("title") or "", text=line["text"])
        found = observe_all(rules, read(document))
        features[number] = found.values
        rows += [number] * len(found.cues)
        columns += found.cues.tolist()
        values += found.strengths.tolist()
    return features, csr_matrix((values, (rows, columns)), shape=(len(lines), len(rules.cues)))


def labels_of(lines: Sequence[Line]) -> Array:
    """1 where a document has a program: (documents, programs)."""
    return np.array([[float(p in line["programs"]) for p in PROGRAMS] for line in lines])


def fit(rules: Rules, features: Array, cues: Any, labels: Array) -> Fitted:
    """Weights of all programs at once."""
    width = len(PROGRAMS)
    matrix = hstack([csr_matrix(features), cues]).tocsr()
    turned = matrix.T.tocsr()
    start = np.zeros((matrix.shape[1], width))
    for number, feature in enumerate(rules.features, len(ABOUT)):
        start[number, PROGRAMS.index(feature.program)] = feature.weight
    hold = np.full((matrix.shape[1], 1), HOLD_CUES)
    hold[: features.shape[1]] = HOLD_FEATURES

    def cost(flat: Array) -> tuple[float, Array]:
        weights, bias = flat[:-width].reshape(-1, width), flat[-width:]
        scores = matrix @ weights + bias
        loss = float((np.logaddexp(0.0, scores) - labels * scores).sum())
        error = 1.0 / (1.0 + np.exp(-scores)) - labels
        moved, shift = weights - start, bias - START_BIAS
        loss += 0.5 * float((hold * moved**2).sum()) + 0.5 * HOLD_BIAS * float(shift @ shift)
        slope = turned @ error + hold * moved
        return loss, np.concatenate([slope.ravel(), error.sum(axis=0) + HOLD_BIAS * shift])

    first = np.concatenate([start.ravel(), np.full(width, START_BIAS)])
    best = minimize(cost, first, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    weights = best[:-width].reshape(-1, width)
    return Fitted(rules, best[-width:], weights[: features.shape[1]], weights[features.shape[1] :])


def heaviest(fitted: Fitted, kept: int) -> list[int]:
    """Numbers of the cues that weigh most where they stand, ascending."""
    weight = np.abs(fitted.cues).max(axis=1) * fitted.rules.rarity
    return sorted(np.argsort(-weight, kind="stable")[:kept].tolist())


def train(
    lines: Sequence[Line], features: Array, cues: Any, rules: Rules, kept: int = KEPT_CUES
) -> tuple[Fitted, list[int]]:
    """Weights of these documents with only the heaviest cues, and which those are."""
    labels = labels_of(lines)
    chosen = heaviest(fit(rules, features, cues, labels), kept)
    less = load_rules((rules.cues[n], float(rules.rarity[n])) for n in chosen)
    return fit(less, features, rescaled(cues[:, chosen]), labels), chosen


def rescaled(cues: Any) -> Any:
    """Rows scaled as `observe_all` would scale them if there were no other cues."""
    length = np.sqrt(np.asarray(cues.multiply(cues).sum(axis=1)).ravel())
    scale = np.divide(CUES, length, out=np.zeros_like(length), where=length > 0)
    return cues.multiply(scale[:, None]).tocsr()


def scores(fitted: Fitted, features: Array, cues: Any) -> Array:
    """Log odds of documents: (documents, programs)."""
    return np.asarray(fitted.bias + features @ fitted.features + cues @ fitted.cues)


def unseen_scores(lines: Sequence[Line], kept: int = KEPT_CUES) -> Array:
    """Log odds of each document from weights and cues that were learned without it."""
    everything = _observed(lines)
    found = np.zeros((len(lines), len(PROGRAMS)))
    for fold in range(FOLDS):
        other = np.arange(fold, len(lines), FOLDS)
        found[other] = _taught(lines, everything, other, kept)
    return found


def scores_from(seen: Sequence[Line], lines: Sequence[Line], kept: int = KEPT_CUES) -> Array:
    """Log odds of `lines` from weights and cues that were learned from `seen` alone."""
    both = [*seen, *lines]
    return _taught(both, _observed(both), np.arange(len(seen), len(both)), kept)


def _observed(lines: Sequence[Line]) -> tuple[Rules, Array, Any]:
    rules = with_cues(candidates(load_analyzer(), map(_text, lines)), len(lines))
    return rules, *matrices(rules, lines)


def _taught(
    lines: Sequence[Line], observed: tuple[Rules, Array, Any], other: NDArray[np.intp], kept: int
) -> Array:
    """Log odds of some lines from weights that were learned from all the rest."""
    rules, features, cues = observed
    seen = np.setdiff1d(np.arange(len(lines)), other)
    fitted, chosen = train([lines[n] for n in seen], features[seen], cues[seen], rules, kept)
    return scores(fitted, features[other], rescaled(cues[other][:, chosen]))


def predicted(found: Array, threshold: float = THRESHOLD) -> list[set[str]]:
    """Programs of each document whose score exceeds the threshold."""
    return [{PROGRAMS[n] for n in np.flatnonzero(row > threshold)} for row in found]


def read_labels(paths: Iterable[Path], texts: Path | None = None) -> list[Line]:
    """Labelled documents with their texts, each id once; those without a text are left out."""
    found: dict[str, Line] = {}
    for path in paths:
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            found.setdefault(line["id"], line)
    missing = {key for key, line in found.items() if "text" not in line}
    if missing and texts is not None:
        for document in _archive(texts):
            if document["id"] in missing:
                found[document["id"]] = {**document, **found[document["id"]]}
    return [line for line in found.values() if "text" in line]


def _archive(path: Path) -> Iterator[Line]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _text(line: Line) -> str:
    return f"{line.get('title') or ''}\n{line['text']}"


def _row(*cells: str | float) -> str:
    return "\t".join(c if isinstance(c, str) else f"{c:.2f}".rstrip("0").rstrip(".") for c in cells)


def main() -> None:
    """Fit, and write weights and cues."""
    arguments = sys.argv[1:]
    texts = None
    if "--texts" in arguments:
        place = arguments.index("--texts")
        texts = Path(arguments[place + 1])
        del arguments[place : place + 2]
    lines = read_labels(map(Path, arguments), texts)
    rules, features, cues = _observed(lines)
    fitted, _ = train(lines, features, cues, rules)
    rows = [_row(BIAS, *(fitted.bias - THRESHOLD))]
    rows += [
        _row(name, *weights)
        for name, weights in zip(fitted.rules.names, fitted.features, strict=True)
    ]
    (DATA / "program_weights.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = [
        _row(word, rarity, *weights)
        for word, rarity, weights in zip(
            fitted.rules.cues, fitted.rules.rarity, fitted.cues, strict=True
        )
    ]
    (DATA / "program_cues.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(lines)} documents, {len(fitted.rules.cues)} cues")


if __name__ == "__main__":
    main()
