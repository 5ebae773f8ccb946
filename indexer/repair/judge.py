"""Judge a candidate: was it put there, and what stood there before?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.repair.affinity import Affinity
from indexer.repair.candidates import Candidate
from indexer.repair.extents import outside_core, variants
from indexer.repair.foreign import context_features, name_features
from indexer.repair.model import Fits, RepairModel, Side, log_sum
from indexer.repair.shapes import shape
from indexer.repair.signals import signals
from indexer.repair.stream import Stream
from indexer.repair.weighing import Weighed, same, weigh

Floats = NDArray[np.float64]

MOST_GAPS = 40
"""Occurrences compared; more of them add time and no certainty."""
OUTSIDE = 2.0
"""Nats against each character of a name beside the part that marks it as foreign."""
SEVERAL = 8
"""Words among which the best is looked for that is not the name itself."""
MOST_PLACES = 6
"""Places that count in judging a neighbour which is the same at all of them."""


@dataclass(frozen=True)
class Verdict:
    """`word` fits best, with `confidence` among all words, as they were `weighed`; `features`
    for foreign.py; `places` that stand for a word, those that advertise left out."""

    candidate: Candidate
    word: str
    confidence: float
    features: dict[str, float]
    weighed: Weighed
    places: int


@dataclass(frozen=True)
class _Reading:
    """One extent of a name: the places in sentences, how each word fits them, what it is worth."""

    candidate: Candidate
    starts: list[int]
    fits: Fits
    worth: float


def judge(
    candidate: Candidate,
    stream: Stream,
    document: Document,
    model: RepairModel,
    affinity: Affinity | None = None,
) -> Verdict:
    """The verdict on the best reading of a candidate's extent.

    `affinity` of the document may be shared by the candidates of one page.
    """
    readings = []
    for variant in variants(candidate, model.known):
        left = variant.starts[0] - candidate.starts[0]
        right = len(candidate.text) - len(variant.text) - left
        readings.append(_read(variant, (left, right), stream, model))
    best = max(readings, key=lambda reading: reading.worth)
    return _verdict(best, stream, document, model, affinity or Affinity(document))


def _read(
    candidate: Candidate, cut: tuple[int, int], stream: Stream, model: RepairModel
) -> _Reading:
    size = len(candidate.text)
    starts = _in_sentences(candidate, stream)
    fits = model.fits(stream.classes, starts, [start + size for start in starts])
    scores = fits.scores + model.prior
    several = np.argpartition(-scores, SEVERAL)[:SEVERAL]
    best = several[np.argsort(-scores[several])].tolist()
    top = next((i for i in best if not same(model.words[i], candidate.text)), best[0])
    worth = float(scores[top]) - OUTSIDE * outside_core(candidate.text)
    worth += _coincidence(fits.left, fits.right, cut[0], top, model)
    worth += _coincidence(fits.right, fits.left, cut[1], top, model)
    return _Reading(candidate, starts, fits, worth)


def _verdict(
    reading: _Reading, stream: Stream, document: Document, model: RepairModel, affinity: Affinity
) -> Verdict:
    candidate, plain = reading.candidate, reading.fits.scores
    weighed = weigh(candidate.text, reading.starts, plain, stream, model, affinity)
    top = int(np.argmax(weighed.scores))
    kinds = [shape(candidate.text), "other"]
    names = [model.names[kind] for kind in kinds]
    total = float(plain[top] - plain[names].max())
    confidence = float(1.0 / np.exp(weighed.scores - weighed.scores[top]).sum())
    by_context = context_features(
        total=total,
        fit=total / len(reading.starts),
        confidence=confidence,
        known=candidate.text in model.taught,
        listed=bool(model.listed[top]),
        odds=log_sum(weighed.scores) - log_sum(np.array([weighed.names[kind] for kind in kinds])),
        agreeing=_agreeing(reading.fits, top, names, model),
    )
    return Verdict(
        candidate=candidate,
        word=model.words[top],
        confidence=confidence,
        features={**name_features(candidate, stream, document, model.brands), **by_context},
        weighed=weighed,
        places=len(_standing(candidate, stream)),
    )


def _agreeing(fits: Fits, top: int, names: Sequence[int], model: RepairModel) -> float:
    """Share of the different contexts that the word fits better than a name does."""
    better = total = 0
    for side in (fits.left, fits.right):
        for context in side.contexts:
            ids, gains = model.contexts.longer(context)
            values = model.contexts.nearest(context[0])[[top, *names]]
            for place, word in enumerate((top, *names)):
                values[place] += gains[ids == word].sum()
            better += values[0] > values[1:].max() + 0.2
            total += 1
    return better / max(1, total)


def _in_sentences(candidate: Candidate, stream: Stream) -> list[int]:
    """The occurrences that stand for a word; all where every one advertises."""
    return (_standing(candidate, stream) or list(candidate.starts))[:MOST_GAPS]


def _standing(candidate: Candidate, stream: Stream) -> list[int]:
    """The occurrences without those that advertise (X官网, X-下载)."""
    size = len(candidate.text)
    rule = signals().advert
    return [start for start in candidate.starts if not rule.match(stream.text, start + size)]


def _coincidence(side: Side, other: Side, cut: int, top: int, model: RepairModel) -> float:
    """What it costs that the characters cut from a name stand there at every place.

    As part of the name they are spelled once; as part of the sentences they have to come
    about at each of the n places that differ otherwise, with P(context|word) each time.
    """
    if not cut:
        return 0.0
    context = side.contexts.most_common(1)[0][0]
    ratio = max(0.0, float(side.scores[top]) / len(side.contexts))
    chance = math.log(model.share(context, cut)) + ratio
    return (min(len(other.contexts), MOST_PLACES) - 1) * min(0.0, chance)
