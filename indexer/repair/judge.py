"""Judge a candidate: was it put there, and what stood there before?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.repair.candidates import Candidate, variants
from indexer.repair.contexts import ContextModel
from indexer.repair.signals import signals
from indexer.repair.stream import Stream

Floats = NDArray[np.float64]

MOST_GAPS = 16
"""Occurrences compared; more of them add time and no certainty."""
TEMPERATURE = 2.0
"""Occurrences of one page share their topic, so their evidence is not independent."""


@dataclass(frozen=True)
class Verdict:
    """`fit`: nats per side by which the best word beats an unknown name; `brand`: how much
    the name looks like such a site's (0 to 3); `confidence` of `word` among all words."""

    candidate: Candidate
    word: str
    fit: float
    total: float
    confidence: float
    brand: float


def judge(candidate: Candidate, stream: Stream, document: Document, model: ContextModel) -> Verdict:
    """The verdict on the best reading of a candidate's extent."""
    best: Verdict | None = None
    for variant in variants(candidate, model.known):
        verdict = _judge(variant, stream, document, model)
        if best is None or verdict.total + verdict.brand > best.total + best.brand:
            best = verdict
    assert best is not None  # the candidate is its own first variant
    return best


def _judge(
    candidate: Candidate, stream: Stream, document: Document, model: ContextModel
) -> Verdict:
    size = len(candidate.text)
    starts = _distinct(candidate, stream)
    fits = model.fits(stream.classes, starts, [start + size for start in starts])
    totals = fits.sum(axis=0)
    scores = totals + 0.3 * np.log(model.totals + 1.0)
    for i in np.argsort(-scores)[:40].tolist():
        if model.words[i] in stream.text or candidate.text in model.words[i]:
            # Every occurrence was replaced: a word that still stands there was not.
            scores[i] -= 4.0 + 2.0 * stream.text.count(model.words[i])
    top = int(np.argmax(scores))
    weights = np.exp((scores - scores[top]) / TEMPERATURE)
    return Verdict(
        candidate=candidate,
        word=model.words[top],
        fit=float(totals[top] / len(starts)),
        total=float(totals[top]),
        confidence=float(1.0 / weights.sum()),
        brand=brandness(candidate, document),
    )


def _distinct(candidate: Candidate, stream: Stream) -> list[int]:
    """Occurrences with contexts of their own: a context that repeats tells nothing new."""
    seen: dict[str, int] = {}
    size = len(candidate.text)
    for start in candidate.starts:
        around = stream.text[max(0, start - 2) : start] + "\0"
        around += stream.text[start + size : start + size + 2]
        seen.setdefault(around, start)
    return sorted(seen.values())[:MOST_GAPS]


def brandness(candidate: Candidate, document: Document) -> float:
    """How much a name and the page's title lines look like a spam site's."""
    rules = signals()
    text = candidate.text
    score = 0.0
    if candidate.origin == "brand":
        score += 2.0
    elif candidate.origin == "latin":
        mixed = any(char >= "\u4e00" for char in text) or any(char.isdigit() for char in text)
        score += 0.7 if mixed else 0.2
    if rules.parts.search(text):
        score += 0.7
    score += title_signal((document.title, document.page_title), text)
    return score


def title_signal(titles: Sequence[str], name: str) -> float:
    """1.5 where a title line is such a site's slogan with the name in it."""
    for title in titles:
        folded = title.lower()
        if name.rstrip(":") in folded and signals().slogans.search(title):
            return 1.5
    return 0.0
