"""Is a repeated name foreign to the page? What speaks for and against, as numbers.

The weights of data/foreign.tsv were fitted by logistic regression to hijacked pages made
from clean ones; no feature alone flags a page.
"""

from __future__ import annotations

import functools
import math
import re
from importlib.resources import files

from indexer.document import Document
from indexer.repair.candidates import Candidate, candidates
from indexer.repair.dictionary import is_word
from indexer.repair.signals import signals
from indexer.repair.stream import Stream

FOREIGN = 0.3
"""Least probability to call a name foreign: one false alarm in 100 clean pages."""
_DIGIT = re.compile("[0-9]")
_LETTER = re.compile("[a-z]")
_HAN = re.compile("[\u3400-\u9fff]")
# What stands beside names of firms, people, goods and places that are only unknown.
_OWN_LEFT = re.compile('(记者|董事长|总经理|名叫|品牌|同学|老师|村民|台风|嫌疑人|[“"《<(（])$')
_OWN_RIGHT = re.compile(
    '(公司|股份|集团|先生|女士|科技|[村镇乡县路]|系列|手机|[”"》>)）]|今年\\d+岁|\\(|证券|机场|等人|汽车)'
)


_STOPS = frozenset(["", *"。;!?\n|_-:"])
# The range of each feature that the contexts give.
_BY_CONTEXT = {
    "total": (-1.0, 3.0),
    "fit": (-1.0, 2.0),
    "confidence": (0.0, 1.0),
    "known": (0.0, 1.0),
    "listed": (0.0, 1.0),
}


def context_features(
    *, total: float, fit: float, confidence: float, known: bool, listed: bool
) -> dict[str, float]:
    """What the contexts say. `known`: the archive has the name as a word of its own;
    `listed`: the word that fits best is in the lexicon."""
    values = {
        "total": total / 10,
        "fit": fit / 4,
        "confidence": confidence,
        "known": float(known),
        "listed": float(listed),
    }
    return {
        name: max(least, min(most, values[name])) for name, (least, most) in _BY_CONTEXT.items()
    }


def name_features(candidate: Candidate, stream: Stream, document: Document) -> dict[str, float]:
    """What the name itself, the signs beside it and the title lines say; of the order of one."""
    rules = signals()
    text, size = candidate.text, len(candidate.text)
    places = len(candidate.starts)
    brand = rules.brands.search(text)
    tail = rules.tails.search(text)
    syllables = rules.syllables.findall(text)
    own = glued = adverts = 0
    for start in candidate.starts:
        left = stream.text[max(0, start - 3) : start]
        right = stream.text[start + size : start + size + 6]
        # 。X官网 advertises; 上架X官网 tells where something is sold.
        advert = left[-1:] in _STOPS and rules.advert.match(right) is not None
        adverts += advert
        honest = rules.honest.search(left[-2:] + text + right[:4]) is not None
        honest |= text[-1] in "村镇乡县路"
        own += bool(honest or _OWN_LEFT.search(left) or _OWN_RIGHT.match(right)) and not advert
        glued += bool(left and right and _HAN.match(left[-1]) and _HAN.match(right[0]))
    letters, digits, han = _LETTER.search(text), _DIGIT.search(text), _HAN.search(text)
    return {
        "bias": 1.0,
        "brand": float(brand is not None),
        "tail": float(tail is not None and tail.start() >= 1),
        "weak_tail": float(tail is None and rules.weak_tails.search(text, 1) is not None),
        "word": float(is_word(text)),
        "syllables": min(3.0, len(syllables)) / 2,
        "mixed": float(bool(letters or digits) and bool(han)),
        "coded": float(bool(letters) and bool(digits)),
        "latin": float(bool(letters)),
        "sign": float(text[-1:] == ":" or any(sign in text for sign in "_@|")),
        "adverts": float(adverts > 0),
        "title": float(_in_slogan(text, document)),
        "slot": float(candidate.origin == "slot"),
        "own": own / places,
        "glued": glued / places,
        "long": max(0.0, size - 6) / 4,
        "places": math.log(places / 2),
        "subject": min(2.0, len(set(rules.subject.findall(stream.text))) / 2),
    }


def suspects(stream: Stream, document: Document, *, archive: bool | None = None) -> list[Candidate]:
    """The candidates of a document's body that may turn out to be foreign at all, judged
    with an archive, without one, or (None) in either way."""
    ways = (True, False) if archive is None else (archive,)
    found = []
    for candidate in candidates(stream, (document.title, document.page_title)):
        values = name_features(candidate, stream, document)
        if any(most_probable(values, archive=way) >= FOREIGN for way in ways):
            found.append(candidate)
    return found


def probability(values: dict[str, float], *, archive: bool) -> float:
    """How likely a name with these features is foreign (0 to 1)."""
    weights = _weights()["archive" if archive else "alone"]
    score = sum(weights.get(name, 0.0) * value for name, value in values.items())
    return _logistic(score)


def most_probable(values: dict[str, float], *, archive: bool) -> float:
    """The same where the contexts are not known yet and speak for it as much as they can."""
    weights = _weights()["archive" if archive else "alone"]
    score = sum(weights.get(name, 0.0) * value for name, value in values.items())
    for name, ends in _BY_CONTEXT.items():
        score += max(weights.get(name, 0.0) * end for end in ends)
    return _logistic(score)


def _logistic(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@functools.cache
def _weights() -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = {"alone": {}, "archive": {}}
    text = files("indexer.repair").joinpath("data/foreign.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, alone, archive = line.split("\t")
            weights["alone"][name] = float(alone)
            weights["archive"][name] = float(archive)
    return weights


def _in_slogan(name: str, document: Document) -> bool:
    """Whether a title line is such a site's slogan with the name in it."""
    for title in (document.title, document.page_title):
        if name.rstrip(":") in title.lower() and signals().slogans.search(title):
            return True
    return False
