"""Who gives and who receives in a range of text that names a relation and places?

The side follows from the words (A 对口支援 B; A 赴 B), else from the national schemes, in
which the east gives to the west.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.facets.gazetteer import DATA, Gazetteer
from indexer.facets.places import Mention
from indexer.facets.rules import load_yaml


@dataclass(frozen=True)
class Rules:
    """The shipped rules of `data/pairing.yaml`, compiled."""

    relations: re.Pattern[str]
    national: re.Pattern[str]
    gives: re.Pattern[str]
    giver_behind: re.Pattern[str]
    persons: re.Pattern[str]
    assistance: re.Pattern[str]
    within: re.Pattern[str]
    bystander: re.Pattern[str]
    doing: re.Pattern[str]
    also_give: dict[str, list[str]]
    unnamed_giver: re.Pattern[str]
    alone: re.Pattern[str]
    within_one: re.Pattern[str]
    own: re.Pattern[str]
    not_places: re.Pattern[str]
    donors: frozenset[str]
    recipients: frozenset[str]
    aided: frozenset[str]


@functools.lru_cache(maxsize=1)
def shipped() -> Rules:
    """The shipped rules."""
    data = load_yaml(DATA / "pairing.yaml")

    def pattern(key: str) -> re.Pattern[str]:
        return re.compile(str(data[key]).replace(" ", "").strip())

    return Rules(
        pattern("relations"),
        pattern("national"),
        pattern("gives"),
        pattern("giver_behind"),
        pattern("persons"),
        pattern("assistance"),
        pattern("within"),
        pattern("bystander"),
        pattern("doing"),
        data["also_give"],
        pattern("unnamed_giver"),
        pattern("alone"),
        pattern("within_one"),
        pattern("own"),
        pattern("not_places"),
        frozenset(data["donors"]),
        frozenset(data["recipients"]),
        frozenset(data["aided"]),
    )


Sides = tuple[tuple[str, ...], tuple[str, ...]]
"""Codes that give, codes that receive."""


_TOWARDS = re.compile(
    r"(?:赴|到|来到|前往|走进|深入|向|为|给|送往|支援|援建|援助|奔赴|驻|进驻|在)$"
)


OUTSIDE = frozenset(("香港", "澳门", "台湾"))


def sides_of(
    gazetteer: Gazetteer,
    sentence: str,
    offset: int,
    named: Sequence[Mention],
    pairs: Sequence[Mention],
    aided: Sequence[Mention],
    triggered: bool,
) -> Sides | None:
    """Who gives and who receives in one sentence, or None where it does not tell."""
    rules = shipped()
    explicit = _explicit(gazetteer, sentence, offset, named) if triggered else None
    if explicit:
        return explicit
    codes = _deepest(gazetteer, [mention.code for mention in (*named, *pairs)])
    codes = [code for code in codes if gazetteer.province(code) not in OUTSIDE]
    if aided:
        return _aided(gazetteer, codes, [mention.code for mention in aided])
    if triggered and rules.own.search(sentence) and len({code[:2] for code in codes}) == 1:
        whole = (codes[0][:2] + "0000",)
        return whole, whole
    east = [c for c in codes if gazetteer.province(c) in rules.donors]
    west = [c for c in codes if gazetteer.province(c) in rules.recipients]
    middle = [c for c in codes if c not in east and c not in west]
    if east and west and _one_list(sentence, offset, named):
        return None  # 来自甘南州、略阳县、绥中县…的学生: all of them are guests
    if east and west:
        if {gazetteer.province(c) for c in west} <= rules.aided:
            east += middle
        return tuple(east), tuple(west)
    if not triggered:
        return None
    if middle and (east or west):
        return (tuple(east), tuple(middle)) if east else (tuple(middle), tuple(west))
    if rules.not_places.search(sentence):
        return None
    if west and rules.national.search(sentence):
        return (), tuple(west)
    if east and _SCHEME.search(sentence):
        if len({c[:2] for c in codes}) == 1 and rules.within.search(sentence):
            return tuple(east), tuple(east)
        return tuple(east), ()
    return None


_SCHEME = re.compile("对口|东西部")
_NATIONAL_OR_MOVE = re.compile("东西部?协作|搬迁")


def _one_list(sentence: str, offset: int, named: Sequence[Mention]) -> bool:
    """Whether all places of a sentence, at least five, stand in one enumeration."""
    between = (
        sentence[first.end - offset : second.start - offset]
        for first, second in itertools.pairwise(named)
    )
    return len(named) >= _MANY and all(len(gap) <= 2 and "、" in gap for gap in between)


_MANY = 5


def _aided(gazetteer: Gazetteer, codes: Sequence[str], receivers: Sequence[str]) -> Sides:
    """Sides of 援藏, 援疆: the places of that province receive, those of others give."""
    rules = shipped()
    helped = {gazetteer.province(code) for code in receivers}
    western = rules.recipients - {name for to in helped for name in rules.also_give.get(to, ())}
    givers = [code for code in codes if gazetteer.province(code) not in western | helped]
    below = [code for code in codes if gazetteer.province(code) in helped]
    named = {gazetteer.province(code) for code in below}
    above = [code for code in receivers if gazetteer.province(code) not in named]
    return tuple(givers), tuple(dict.fromkeys([*above, *below]))


def _explicit(
    gazetteer: Gazetteer, sentence: str, offset: int, named: Sequence[Mention]
) -> Sides | None:
    """Sides that the words themselves give: A 对口支援 B, B 的对口帮扶城市 A, A 赴 B."""
    rules = shipped()
    for giving in rules.giver_behind.finditer(sentence):
        behind = [m for m in named if _right_behind(sentence, giving.end(), m.start - offset)]
        before = [m for m in named if m.end <= offset + giving.start()]
        if behind and before:
            return (behind[0].code,), (before[-1].code,)
    all_givers: list[str] = []
    all_receivers: list[str] = []
    helped_by_others = False
    for giving in rules.gives.finditer(sentence):
        behind = [m for m in named if _right_behind(sentence, giving.end(), m.start - offset)]
        if not behind:
            continue
        before = [m for m in named if m.end <= offset + giving.start()]
        if sentence[: giving.start()].endswith(("和", "、", "及", "与")) and before:
            before = []  # 4个自治区和对口支援新疆的有关省市
        in_east = gazetteer.province(behind[0].code) in rules.donors
        if giving.group().endswith("的") and in_east:
            west = [m for m in before if gazetteer.province(m.code) not in rules.donors]
            if west:  # 册亨县和对口帮扶的宁波市
                all_givers.append(behind[0].code)
                all_receivers.append(west[-1].code)
            if west or not before:  # 负责对口援建的深圳相关部门
                continue
        receivers = _listed(" " * offset + sentence, behind[0], named)
        codes = [mention.code for mention in receivers]
        behind_of = offset + sentence.find("的", receivers[-1].end - offset) + 1
        after = [m for m in named if m.start == behind_of == receivers[-1].end + 1]  # 汉源的湖北省
        elsewhere = [m for m in (*before, *after) if m.code[:2] not in {c[:2] for c in codes}]
        near = [m for m in before if not any(gazetteer.within(m.code, c) for c in codes)]
        east = [m for m in named if gazetteer.province(m.code) in rules.donors]
        others = [m for m in east if m.code[:2] not in {c[:2] for c in codes}]
        givers = _listed_backwards(elsewhere) or near[-1:] or others[:1]
        unnamed = rules.unnamed_giver.search(sentence[: giving.start()]) or not giving.start()
        if not givers and (not unnamed or rules.not_places.search(sentence)):
            helped_by_others = True
            continue
        all_receivers += codes
        all_givers += [m.code for m in givers if m.code not in all_receivers]
    if all_receivers or helped_by_others:
        return tuple(_deepest(gazetteer, all_givers)), tuple(dict.fromkeys(all_receivers))
    return _inside_one_province(gazetteer, sentence, offset, named)


def _right_behind(sentence: str, end: int, start: int) -> bool:
    """Whether a place begins at the end of a word or one sign behind, in the same clause."""
    return start == end or (start == end + 1 and sentence[end] not in "，,、：:（(")


def _listed(text: str, first: Mention, named: Sequence[Mention]) -> list[Mention]:
    """A mention and those that a list adds to it: 龙川、都安、大化."""
    found = [first]
    for mention in named:
        if text[found[-1].end : mention.start] in ("、", "和", "与", "及"):
            found.append(mention)
    return found


def _listed_backwards(named: Sequence[Mention]) -> list[Mention]:
    """The last mention and those that form a list with it: 辽宁、上海、广东."""
    found = list(named[-1:])
    for mention in reversed(named[:-1]):
        if found[0].start - mention.end > 1:
            break
        found.insert(0, mention)
    return found


def _inside_one_province(
    gazetteer: Gazetteer, sentence: str, offset: int, named: Sequence[Mention]
) -> Sides | None:
    """Two places of one province: the one that something goes to receives."""
    rules = shipped()
    if not rules.within_one.search(sentence):
        return None
    small = [m for m in named if not m.code.endswith("0000")]
    if len({m.code for m in small}) < 2 or len({m.code[:2] for m in named}) > 1:
        return None
    if rules.persons.search(sentence) or rules.not_places.search(sentence):
        return None
    if _NATIONAL_OR_MOVE.search(sentence):
        return None
    for mention in small[1:]:
        if _TOWARDS.search(sentence, 0, mention.start - offset):
            givers = [m.code for m in small if m.end <= mention.start and m.code != mention.code]
            if givers:
                return (givers[0],), (mention.code,)
    return None


def _deepest(gazetteer: Gazetteer, codes: Sequence[str]) -> list[str]:
    """The codes without those that another one lies in, each once."""
    unique = list(dict.fromkeys(codes))
    return [
        code
        for code in unique
        if not any(other != code and gazetteer.within(other, code) for other in unique)
    ]
