"""Judge a candidate: was it put there, and what stood there before?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.repair.candidates import Candidate, outside_core, variants
from indexer.repair.foreign import FOREIGN, context_features, name_features, probability
from indexer.repair.model import RepairModel, Side
from indexer.repair.signals import signals
from indexer.repair.stream import Stream
from indexer.repair.topics import FOLLOWED_BONUS, Affinity

Floats = NDArray[np.float64]

MOST_GAPS = 40
"""Occurrences compared; more of them add time and no certainty."""
SHORTLIST = 60
"""Words whose place on the page is looked at, the best by context alone."""
PRIOR = 1.0
"""Weight of how common a word is."""
OUTSIDE = 2.0
"""Nats against each character of a name beside the part that marks it as foreign."""
UNLISTED = -2.5
"""Nats against a word that is not in the lexicon: most are no names of anything."""
MOST_PLACES = 6
"""Places that count in judging a neighbour which is the same at all of them."""
TEMPERATURE = 2.0
"""Flattens the scores for the feature "confidence" of foreign.py."""
CALIBRATION = 1.3
"""Flattens them so that of the words restored with confidence p about p are right: the
occurrences of one page share their topic, so their evidence is not independent."""


@dataclass(frozen=True)
class Verdict:
    """`fit`: nats per place by which the best word beats an unknown name, `total`: of all
    places; `confidence` of `word` among all words; `worth` of this reading among others."""

    candidate: Candidate
    word: str
    fit: float
    total: float
    confidence: float
    features: dict[str, float]
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
    affinity = affinity or Affinity(document)
    readings = []
    for variant in variants(candidate, model.known):
        left = variant.starts[0] - candidate.starts[0]
        right = len(candidate.text) - len(variant.text) - left
        readings.append(_judge(variant, (left, right), stream, document, model, affinity))
    return max(readings, key=lambda verdict: verdict.worth)


def _judge(
    candidate: Candidate,
    cut: tuple[int, int],
    stream: Stream,
    document: Document,
    model: RepairModel,
    affinity: Affinity,
) -> Verdict:
    size = len(candidate.text)
    starts = _in_sentences(candidate, stream)
    fits = model.fits(stream.classes, starts, [start + size for start in starts])
    scores = fits.scores + PRIOR * np.log(model.common)
    scores[len(model.phrases.words) :] += UNLISTED
    scores[model.name] = -np.inf
    named = name_features(candidate, stream, document)
    best = float(fits.scores.max() - fits.scores[model.name])
    if _possible(named, best, len(starts), model):
        ends = (start + size for start in starts)
        followed = affinity.leads_to(stream.text[end : end + 5] for end in ends)
        for i in np.argsort(-scores)[:SHORTLIST].tolist():
            word = model.words[i]
            if word in stream.text or candidate.text in word:
                # Every occurrence was replaced: a word that still stands there was not.
                scores[i] -= 4.0 + 2.0 * stream.text.count(word)
            scores[i] += affinity(word) + FOLLOWED_BONUS * math.log1p(followed[word])
    top = int(np.argmax(scores))
    weights = np.exp((scores - scores[top]) / TEMPERATURE)
    total = float(fits.scores[top] - fits.scores[model.name])
    worth = float(scores[top]) - OUTSIDE * outside_core(candidate.text)
    worth += _coincidence(fits.left, fits.right, cut[0], top, model)
    worth += _coincidence(fits.right, fits.left, cut[1], top, model)
    return Verdict(
        candidate=candidate,
        word=model.words[top],
        fit=total / len(starts),
        total=total,
        confidence=float(1.0 / np.exp((scores - scores[top]) / CALIBRATION).sum()),
        features={
            **named,
            **context_features(
                total=total,
                fit=total / len(starts),
                confidence=float(1.0 / weights.sum()),
                known=candidate.text in model.known,
                listed=top < len(model.phrases.words),
            ),
        },
        worth=worth,
    )


def _possible(named: dict[str, float], best: float, places: int, model: RepairModel) -> bool:
    """Whether the name may be foreign if its best word turns out to be quite certain."""
    hoped = context_features(
        total=best, fit=best / places, confidence=1.0, known=False, listed=True
    )
    return probability({**named, **hoped}, archive=model.archive is not None) >= FOREIGN


def _in_sentences(candidate: Candidate, stream: Stream) -> list[int]:
    """The occurrences that stand for a word, without those that advertise (X官网, X-下载)."""
    size = len(candidate.text)
    rule = signals().advert
    chosen = [start for start in candidate.starts if not rule.match(stream.text, start + size)]
    return (chosen or list(candidate.starts))[:MOST_GAPS]


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
