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
from indexer.repair.candidates import Candidate
from indexer.repair.signals import signals
from indexer.repair.stream import Stream

_DIGIT = re.compile("[0-9]")
_LETTER = re.compile("[a-z]")
_HAN = re.compile("[\u3400-\u9fff]")
# What stands beside names of firms, people, goods and places that are only unknown.
_OWN_LEFT = re.compile('(记者|董事长|总经理|名叫|品牌|同学|老师|村民|台风|嫌疑人|[“"《<(（])$')
_OWN_RIGHT = re.compile(
    '(公司|股份|集团|先生|女士|科技|[村镇乡县路]|系列|手机|[”"》>)）]|今年\\d+岁|\\(|证券|机场|等人|汽车)'
)


def features(
    candidate: Candidate,
    stream: Stream,
    document: Document,
    *,
    total: float,
    fit: float,
    confidence: float,
    known: bool,
    listed: bool,
) -> dict[str, float]:
    """Numbers of the order of one. `known`: the archive has the name as a word of its own;
    `listed`: the word that fits best is in the lexicon."""
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
        advert = rules.advert.match(right) is not None
        adverts += advert
        own += bool(_OWN_LEFT.search(left) or _OWN_RIGHT.match(right)) and not advert
        glued += bool(left and right and _HAN.match(left[-1]) and _HAN.match(right[0]))
    letters, digits, han = _LETTER.search(text), _DIGIT.search(text), _HAN.search(text)
    return {
        "bias": 1.0,
        "brand": float(brand is not None),
        "tail": float(tail is not None and tail.start() >= 1),
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
        "total": max(-1.0, min(3.0, total / 10)),
        "fit": max(-1.0, min(2.0, fit / 4)),
        "confidence": confidence,
        "known": float(known),
        "listed": float(listed),
        "subject": min(2.0, len(set(rules.subject.findall(stream.text))) / 2),
    }


def probability(values: dict[str, float], *, archive: bool) -> float:
    """How likely a name with these features is foreign (0 to 1)."""
    weights = _weights()["archive" if archive else "alone"]
    score = sum(weights.get(name, 0.0) * value for name, value in values.items())
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
