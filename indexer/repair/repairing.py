"""Flag a hijacked page and note what stood there; the text itself is never changed."""

from __future__ import annotations

import dataclasses

from indexer.document import Document, Repair
from indexer.repair.affinity import Affinity
from indexer.repair.candidates import candidates
from indexer.repair.foreign import FOREIGN, probability, suspects
from indexer.repair.judge import Verdict, judge
from indexer.repair.model import RepairModel
from indexer.repair.nicknames import nicknames
from indexer.repair.pages import page_stream, span
from indexer.repair.spam import is_spam
from indexer.repair.stream import Stream
from indexer.repair.titles import title_lines

CONFIDENCE = 0.1
"""Least confidence to name the word that stood there."""
CONFIDENCE_ONCE = 0.3
"""The same where it stood at one place alone."""
CERTAIN = 0.85
"""Probability from which a page is called tampered though no word is known."""


def repair(document: Document, model: RepairModel) -> Document:
    """The document with its repairs and the flags "tampered", "tampered_suspected", "spam".

    "tampered": a name is foreign for certain, or the word that stood there is known;
    "tampered_suspected": a name is likely foreign, no more is known. A model that was
    learned has been told by the scans which documents to look at.
    """
    if model.suspects is not None and document.id not in model.suspects:
        return document
    flags = ["spam"] if is_spam(document) else []
    one = page_stream(document)
    names = candidates(one, (document.title, document.page_title), model.brands)
    by_rule = tuple(_if_asked(one_, model.asked) for one_ in nicknames(document))
    affinity = Affinity(document)
    verdicts = [
        judge(candidate, one, document, model, affinity)
        for candidate in suspects(names, one, document, model)
        if all(candidate.text != repaired.found for repaired in by_rule)
    ]
    # A name that nothing but advertises was put between words, not in place of one.
    struck = _apart([one_ for one_ in verdicts if one_.places and _foreign(one_) >= FOREIGN])
    repairs = tuple(_repair(verdict, one, document, model) for verdict in struck) + by_rule
    named = () if struck else tuple(title_lines(document))
    repairs += named
    if repairs:
        sure = bool(named) or any(_foreign(verdict) >= CERTAIN for verdict in struck)
        known = any(one_.restored for one_ in repairs)
        flags.append("tampered" if sure or known else "tampered_suspected")
    if not flags:
        return document
    return document.replace(repairs=repairs, flags=tuple(dict.fromkeys((*document.flags, *flags))))


def _foreign(verdict: Verdict) -> float:
    return probability(verdict.features)


def _if_asked(one: Repair, asked: float | None) -> Repair:
    """Without the word where more confidence is asked for."""
    return one if one.confidence >= (asked or 0.0) else dataclasses.replace(one, restored="")


def _apart(verdicts: list[Verdict]) -> list[Verdict]:
    """One verdict for names that overlap: the one with more places."""
    chosen: list[Verdict] = []
    for verdict in sorted(verdicts, key=lambda v: -len(v.candidate.starts)):
        name = verdict.candidate.text
        if not any(name in one.candidate.text or one.candidate.text in name for one in chosen):
            chosen.append(verdict)
    return chosen


def _repair(verdict: Verdict, one: Stream, document: Document, model: RepairModel) -> Repair:
    name = verdict.candidate
    places = [span(document, one, start, len(name.text)) for start in name.starts]
    spans = sorted(places, key=lambda place: place[0] != "text")
    field, begin, end = spans[0]
    asked = model.asked
    if asked is None:
        asked = CONFIDENCE if verdict.places > 1 else CONFIDENCE_ONCE
    certain = verdict.confidence >= asked
    return Repair(
        found=getattr(document, field)[begin:end],
        restored=verdict.word if certain else "",
        count=len(spans),
        confidence=round(verdict.confidence, 3),
        spans=tuple(spans),
    )
