"""Is a repeated name foreign to the page? What speaks for and against, as numbers.

The weights of data/foreign.tsv were fitted by logistic regression to hijacked pages made
from clean ones; no feature alone flags a page.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Sequence

from indexer.document import Document
from indexer.repair import weights
from indexer.repair.candidates import PLAIN_LATIN, SHORT, SURE, Candidate, edges
from indexer.repair.extents import variants
from indexer.repair.model import RepairModel
from indexer.repair.shapes import shape
from indexer.repair.signals import signals
from indexer.repair.spelling import spelled
from indexer.repair.stream import Stream
from indexer.repair.vocabulary import is_word, words

FOREIGN = 0.62
"""Least probability to call a name foreign: less than one false alarm in 100 clean pages."""
ADVERTISED = 0.9
"""Least probability by the name itself to believe a page's advertisement of it."""
LONG = 5
"""Characters from which a name may have words of the sentence at its edges."""
FEW = 2
"""Places up to which a name's contexts tell little."""
GLANCES = (1, 3)
"""Signs on either side that are glanced at; the cheap glance first."""
MOST_GLANCES = 12
LONGEST_SLOGAN = 14
"""Characters behind a name in which a slogan of such sites stands."""
MOST_PLACES = 20
"""Occurrences looked at; more of them add time and no certainty."""
_MOST_ODDS = 20.0
# What the contexts of a foreign name mostly are.
_TYPICAL = {"total": 1.5, "fit": 0.8, "agreeing": 0.75, "confidence": 0.35, "listed": 1.0}
_HAN = re.compile("[\u3400-\u9fff]")
# What stands beside names of firms, people, goods and places that are only unknown.
_OWN_LEFT = re.compile(
    '(记者|董事长|总经理|名叫|品牌|同学|老师|村民|台风|嫌疑人|搭载|型号|车型|[一这新]款|[“"《<(（])$'
)
_OWN_RIGHT = re.compile(
    '(公司|股份|集团|先生|女士|科技|[村镇乡县路]|系列|手机|[”"》>)）]|今年\\d+岁|\\(|证券|机场|等人|汽车'
    "|董事|总裁|总经理|创始人|旗下|控股|营收|财报|股价|处理器|芯片|战机|[车机]型|键盘|耳机|电脑|售价)"
)


_COUNTS = frozenset("多余几数十百千万")
_STOPS = frozenset(["", *"。;!?\n|_-:"])
_NEEDED = math.log(FOREIGN / (1 - FOREIGN))
# The range of each feature that the contexts give.
BY_CONTEXT = {
    "total": (-1.0, 4.0),
    "fit": (-1.0, 2.0),
    "agreeing": (0.0, 1.0),
    "odds": (-1.5, 3.0),
    "confidence": (0.0, 1.0),
    "known": (0.0, 1.0),
    "listed": (0.0, 1.0),
}


def context_features(
    *,
    total: float,
    fit: float,
    confidence: float,
    known: bool,
    listed: bool,
    agreeing: float,
    odds: float,
) -> dict[str, float]:
    """What the contexts say. `known`: the archive has the name as a word of its own;
    `listed`: the word that fits best is in the lexicon."""
    values = {
        "total": total / 10,
        "fit": fit / 4,
        "confidence": confidence,
        "known": float(known),
        "listed": float(listed),
        "agreeing": agreeing,
        "odds": odds / 10,
    }
    return {name: max(least, min(most, values[name])) for name, (least, most) in BY_CONTEXT.items()}


def name_features(
    candidate: Candidate, stream: Stream, document: Document, told: Iterable[str] = ()
) -> dict[str, float]:
    """What the name itself, the signs beside it and the title lines say; of the order of one.

    `told`: brands that other pages of the archive advertise.
    """
    rules = signals()
    text, size = candidate.text, len(candidate.text)
    starts = candidate.starts[:MOST_PLACES]
    places = len(starts)
    titled = _titled(text, document)
    joints = edges(stream.text, text, starts)
    own = glued = adverts = slogans = torn = 0
    for start in starts:
        left = stream.text[max(0, start - 3) : start]
        right = stream.text[start + size : start + size + 6]
        # 。X官网 advertises; 上架X官网 tells where something is sold.
        advert = left[-1:] in _STOPS and rules.advert.match(right) is not None
        adverts += advert
        after = stream.text[start + size : start + size + LONGEST_SLOGAN]
        slogans += advert and rules.slogans.search(after) is not None
        honest = rules.honest.search(left[-2:] + text + right[:4]) is not None
        honest |= text[-1] in "村镇乡县路" or _counted(left, text) or _side(text)
        own += bool(honest or _OWN_LEFT.search(left) or _OWN_RIGHT.match(right)) and not advert
        torn += _torn(left[-1:] + text[0]) or _torn(text[-1] + right[:1])
        glued += bool(left and right and _HAN.match(left[-1]) and _HAN.match(right[0]))
    return {
        **spelled(text),
        "brand": float(rules.brands.search(text) is not None),
        "told": float(any(one in text for one in told if len(one) > SHORT or one == text)),
        "adverts": float(adverts > 0),
        "slogan": float(slogans > 0),
        "title": float("title" in titled),
        "titled": float("titled" in titled),
        "slot": float(candidate.origin == "slot"),
        "own": own / places,
        "torn": torn / places,
        "strange": sum(joints) / max(1, len(joints)),
        "glued": glued / places,
        "once": float(places == 1),
        "twice": float(places == 2),
        "places": math.log(len(candidate.starts) / 2),
        "subject": _subject(stream.text),
    }


@functools.lru_cache(maxsize=4)
def _subject(text: str) -> float:
    """How much a page has gambling as its subject."""
    return min(2.0, len(set(signals().subject.findall(text))) / 2)


def _counted(left: str, text: str) -> bool:
    """Whether a name is what was counted (5 亿辆)."""
    return text[0] in "万亿" and (left[-1:].isdigit() or left[-1:] in _COUNTS)


def _side(text: str) -> bool:
    """Whether a name is a side of talks (乌方), or the end of one (巴基斯坦方)."""
    return len(text) == SHORT and text[-1] == "方"


def _torn(pair: str) -> bool:
    """Whether an edge of a name runs through a word (the end of 驻缅甸使 in 驻缅甸使馆)."""
    return len(pair) == 2 and is_word(pair)


def suspects(
    names: Sequence[Candidate], stream: Stream, document: Document, model: RepairModel
) -> list[Candidate]:
    """Those of a body's candidates that are worth a judgement: a look at the signs beside
    them says how well a word could fit, cheaply and not far off."""
    named = _names_sites(names, document)
    found = []
    for name in names:
        if name.origin not in SURE and _listed(name.text):
            continue
        whole = _by_name(spelled(name.text))
        sure = named or name.origin in ("slot", "told") or _hoped(name, whole)
        # Of a long run a part may be the name, of a short one hardly.
        if not sure and len(name.text) < LONG:
            continue
        readings = [
            (one, _by_name(spelled(one.text)) - whole) for one in variants(name, model.known)
        ]
        if not (sure or any(_hoped(one, whole + more) for one, more in readings)):
            continue
        score = _by_name(name_features(name, stream, document, model.brands))
        if any(
            _hoped(one, score + more) and _may_fit(one, score + more, stream, model)
            for one, more in readings
        ):
            found.append(name)
    return found


def _listed(text: str) -> bool:
    """Whether a name is a word of the lexicon, or two of them (美国总统)."""
    known = words()
    return text in known or any(
        text[:at] in known and text[at:] in known for at in range(2, len(text) - 1)
    )


def _names_sites(names: Sequence[Candidate], document: Document) -> bool:
    """Whether a page has a mark besides a name itself that makes the name more likely foreign."""
    marked = any(name.origin in ("brand", "advert") for name in names)
    return marked or signals().is_slogan(f"{document.title}\n{document.page_title}")


def _hoped(name: Candidate, score: float) -> bool:
    """Whether good contexts could make a name foreign; `score` is what the name says."""
    worth = weights.glance()
    places = math.log(min(len(name.starts), MOST_GLANCES))
    return score + worth["places"] + worth["places_each"] * places >= _NEEDED


def _may_fit(name: Candidate, score: float, stream: Stream, model: RepairModel) -> bool:
    worth = weights.glance()
    return all(
        score + worth[kind] + worth[f"{kind}_each"] * glance(name, stream, model, orders) >= _NEEDED
        for orders, kind in glances(name)
    )


def glances(name: Candidate) -> list[tuple[int, str]]:
    """How many signs beside a name are glanced at, and what weights.glance() calls it."""
    few = "_of_few" if len(name.starts) <= FEW else ""
    return [(orders, f"{orders}{few}") for orders in GLANCES]


def glance(name: Candidate, stream: Stream, model: RepairModel, orders: int) -> float:
    """How much better some word fits the signs beside a name than a new name does, in nats."""
    starts = name.starts[:MOST_GLANCES]
    nats = model.glance(stream.classes, starts, len(name.text), shape(name.text), orders)
    return min(_MOST_ODDS, nats)


def advertised(name: Candidate, stream: Stream, document: Document) -> bool:
    """Whether a page itself says that a name is such a site's: it advertises it."""
    values = name_features(name, stream, document)
    told = bool(values["title"] or values["titled"] or values["adverts"])
    told &= name.text not in PLAIN_LATIN
    return told and _logistic(_by_name({**values, **_TYPICAL})) >= ADVERTISED


def probability(values: dict[str, float]) -> float:
    """How likely a name with these features is foreign (0 to 1)."""
    return _logistic(_by_name(values))


def _by_name(values: dict[str, float]) -> float:
    known = weights.foreign()
    return sum([known.get(name, 0.0) * value for name, value in values.items() if value])


def _logistic(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def _titled(name: str, document: Document) -> set[str]:
    """In which kinds of title lines a name stands: "title" of such a site's slogan, "titled"
    of any site's, or alone."""
    rules, found = signals(), set()
    for title in (document.title, document.page_title):
        if name.rstrip(":") in title.lower():
            found |= {"title"} if rules.slogans.search(title) else set()
            alone = title.lower().strip() == name
            found |= {"titled"} if alone or rules.site_slogans.search(title) else set()
    return found
