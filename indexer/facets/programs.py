"""Which kinds of program does a document report, and in which sentences?

A linear model over what `program_features` finds: each feature and each cue has a weight for
each program (`data/program_weights.tsv`, `data/program_cues.tsv`), fitted to labelled documents
by `train_programs`. The evidence of a value are the sentences that contribute most to it.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from indexer.document import Document, Evidence, Program
from indexer.errors import ConfigError
from indexer.facets.gazetteer import DATA
from indexer.facets.program_features import Found, observe_all
from indexer.facets.program_rules import ABOUT, PROGRAMS, Array, Rules, load_rules
from indexer.facets.text import Reading

BIAS = "bias"
_EVIDENCE = 3


@dataclass(frozen=True)
class Model:
    """Rules with the weights in force; columns are `PROGRAMS`."""

    rules: Rules
    bias: Array
    features: Array
    """(names of the rules, programs)."""
    cues: Array
    """(cues of the rules, programs)."""


@functools.lru_cache(maxsize=1)
def shipped() -> Model:
    """The shipped model; raises `ConfigError` naming what cannot be used."""
    cues, table = _table("program_cues.tsv", 1 + len(PROGRAMS))
    rules = load_rules(zip(cues, table[:, 0].tolist(), strict=True))
    known, weights = _table("program_weights.tsv", len(PROGRAMS))
    rows = dict(zip(known, weights, strict=True))
    features = np.zeros((len(rules.names), len(PROGRAMS)))
    for number, name in enumerate(rules.names):
        if name in rows:
            features[number] = rows[name]
        elif number >= len(ABOUT):
            # Nobody has trained it yet: it counts for its own program as its author says.
            feature = rules.features[number - len(ABOUT)]
            features[number, PROGRAMS.index(feature.program)] = feature.weight
    return Model(rules, rows[BIAS], features, table[:, 1:])


def _table(name: str, width: int) -> tuple[list[str], Array]:
    """The names in the first column of a table and the numbers behind them."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    cells = [line.partition("\t") for line in lines]
    try:
        numbers = np.array(" ".join(rest for _, _, rest in cells).split(), dtype=np.float64)
        return [first for first, _, _ in cells], numbers.reshape(len(lines), width)
    except ValueError as error:
        raise ConfigError(
            f"{name}: 每行应有 {width} 个数字。 Every line needs {width} numbers: {error}",
            "用 indexer.facets.train_programs 重新生成。 Write it anew with that program.",
        ) from error


def score(model: Model, found: Found) -> Array:
    """Log odds of each program."""
    scores: Array = model.bias + found.values @ model.features
    scores += found.strengths @ model.cues[found.cues]
    return scores


def derive_programs(document: Document, readings: tuple[Reading, ...]) -> tuple[Program, ...]:
    """The programs of a document in the taxonomy's order, with the sentences as evidence."""
    model = shipped()
    found = observe_all(model.rules, readings)
    scores = score(model, found)
    given = np.flatnonzero(scores > 0)
    if not len(given):
        return ()
    shares = _shares(model, found)
    programs = []
    for number in given.tolist():
        evidence: list[Evidence] = []
        order = np.argsort(-shares[:, number], kind="stable")[:_EVIDENCE]
        for place in order.tolist():
            if shares[place, number] <= 0:
                break
            sentence = found.sentences[place]
            item = sentence.reading.evidence(document, sentence.start, sentence.end)
            if item.text and item not in evidence:
                evidence.append(item)
        if evidence:
            probability = 1.0 / (1.0 + math.exp(-min(30.0, float(scores[number]))))
            programs.append(Program(PROGRAMS[number], round(probability, 3), tuple(evidence)))
    return tuple(programs)


def _shares(model: Model, found: Found) -> Array:
    """What each sentence contributes to each program: (sentences, programs).

    Of the features only those made for the program; of the cues what speaks for it.
    """
    shares = np.zeros((len(found.sentences), len(PROGRAMS)))
    strength = dict(zip(found.cues.tolist(), found.strengths.tolist(), strict=True))
    for place, (sentence, weighed) in enumerate(zip(found.sentences, found.weighed, strict=True)):
        for number, value in weighed.items():
            column = PROGRAMS.index(model.rules.features[number].program)
            shares[place, column] += value * model.features[len(ABOUT) + number, column]
        for cue in sentence.cues:
            shares[place] += np.maximum(model.cues[cue], 0.0) * strength[cue]
    return shares
