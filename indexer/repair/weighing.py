"""What stood there: the words that may have, with the evidence for each as numbers.

A log-linear model: a word's score is the sum of its evidence times the weights of
data/restoring.tsv, and P(word) ∝ exp(score). The weights were fitted to hijacked pages made
from clean ones (`tests/quality/repair_training.py`), so the share that a word has of all
words is its confidence.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.repair import weights
from indexer.repair.affinity import Affinity, Called
from indexer.repair.model import RepairModel
from indexer.repair.offices import LONGEST_TITLE, WINDOW
from indexer.repair.stream import Stream

SHORTLIST = 40
"""Words whose place on the page is looked at, the best by contexts and subject alone."""
FOLLOWER = 5
"""Characters behind a gap that may be a place."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GENERAL = ("context", "common", "unlisted", "topic", "year")
"""Evidence for every word: nats by its contexts, logarithm of how common it is, whether it is
in no lexicon, nats by the subject of the page, and by its year."""
PARTICULAR = (
    "place",  # logarithm of the names on the page that lie in it
    "leads",  # logarithm of the places inside it that stand directly behind the gaps
    "in_text",  # whether it still stands on the page: every occurrence was replaced
    "times_in_text",
    "out_of_office",
    "held",  # offices beside the gaps that it held then, each shared by all its holders
    "held_not_then",  # and those that it held at other times
)
"""Evidence for the words of the shortlist."""


@dataclass(frozen=True)
class Weighed:
    """`scores` of all words [v] in nats, -inf for what cannot have stood there; `names`: the
    score of an unknown name of each shape; `ids` [c] of the shortlist with its `values`
    [c, evidence]."""

    scores: Floats
    names: dict[str, float]
    ids: Ints
    values: Floats


def weigh(
    name: str, starts: Sequence[int], plain: Floats, stream: Stream, model: RepairModel,
    affinity: Affinity,
) -> Weighed:  # fmt: skip
    """Weigh all words for a name at `starts` of a stream; `plain` [v] are the nats of their
    contexts."""
    subject = model.of_topics(affinity.subject(model.topics))
    year = model.of_topics(affinity.in_year(model.topics))
    general = np.stack([plain, model.common, (~model.listed).astype(float), subject, year], axis=1)
    scores: Floats = general @ _vector(GENERAL)
    names = {shape: float(scores[number]) for shape, number in model.names.items()}
    scores[list(model.names.values())] = -np.inf
    text, ends = stream.text, [start + len(name) for start in starts]
    called = affinity.called(
        (text[max(0, start - WINDOW) : start], text[end : end + LONGEST_TITLE])
        for start, end in zip(starts, ends, strict=True)
    )
    best = np.argpartition(-scores, SHORTLIST)[:SHORTLIST].tolist()
    best += [model.numbers[word] for office in called for word in office.then & model.known]
    left_out = [i for i in best if same(model.words[i], name)]
    scores[left_out] = -np.inf
    ids = np.setdiff1d(best, left_out)
    followed = affinity.leads_to(text[end : end + FOLLOWER] for end in ends)
    particular = np.array(
        [_particular(model.words[i], stream, affinity, called, followed) for i in ids.tolist()]
    )
    scores[ids] += particular @ _vector(PARTICULAR)
    return Weighed(scores, names, ids, np.hstack([general[ids], particular]))


def _particular(
    word: str, stream: Stream, affinity: Affinity, called: Sequence[Called],
    followed: dict[str, int],
) -> list[float]:  # fmt: skip
    times = stream.text.count(word)
    return [
        math.log1p(affinity.places[word]),
        math.log1p(followed.get(word, 0)),
        float(times > 0),
        math.log1p(times),
        float(affinity.out_of_office(word)),
        sum(1 / len(office.then) for office in called if word in office.then),
        float(sum(word in office.ever and word not in office.then for office in called)),
    ]


def same(word: str, name: str) -> bool:
    """Whether a word is the name itself or a part of it: what an archive has learned of a
    brand, or of a word that it is made with, explains nothing."""
    return word in name or name in word


@functools.cache
def _vector(names: tuple[str, ...]) -> Floats:
    return np.array([weights.restoring()[name] for name in names])
