"""Sides that the words of a sentence give by themselves: A 对口支援 B, B 的对口帮扶城市 A."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from indexer.facets.clauses import enumerations
from indexer.facets.gazetteer import Gazetteer
from indexer.facets.pairing_rules import Sides, shipped
from indexer.facets.places import Mention

_TOWARDS = re.compile(
    r"(?:赴|到|来到|前往|走进|深入|向|为|给|送往|支援|援建|援助|奔赴|驻|进驻|在)$"
)

_NATIONAL_OR_MOVE = re.compile("东西部?协作|搬迁")


def explicit_sides(
    gazetteer: Gazetteer, sentence: str, offset: int, named: Sequence[Mention]
) -> Sides | None:
    """Sides that the words themselves give: A 对口支援 B, B 的对口帮扶城市 A, A 赴 B."""
    rules = shipped()
    told = (
        _labelled(gazetteer, sentence, offset, named)
        or _helped_by(gazetteer, sentence, offset, named)
        or _helped(sentence, offset, named)
        or _is_helped(sentence, offset, named)
        or _gives_to_unnamed(gazetteer, sentence, offset, named)
    )
    if told:
        return told
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
        receivers = next(enumerations(sentence, named[named.index(behind[0]) :], offset))
        codes = [mention.code for mention in receivers]
        behind_of = offset + sentence.find("的", receivers[-1].end - offset) + 1
        after = [m for m in named if m.start == behind_of == receivers[-1].end + 1]  # 汉源的湖北省
        elsewhere = [m for m in (*before, *after) if m.code[:2] not in {c[:2] for c in codes}]
        near = [m for m in before if not any(gazetteer.within(m.code, c) for c in codes)]
        east = [m for m in named if gazetteer.province(m.code) in rules.donors]
        others = [m for m in east if m.code[:2] not in {c[:2] for c in codes}]
        givers = after or _listed_backwards(elsewhere) or near[-1:] or others[:1]
        if rules.army.search(sentence, 0, giving.start()):
            givers = []
        unnamed = rules.unnamed_giver.search(sentence[: giving.start()]) or not giving.start()
        if not givers and (not unnamed or rules.not_places.search(sentence)):
            helped_by_others = True
            continue
        all_receivers += codes
        all_givers += [m.code for m in givers if m.code not in all_receivers]
    if all_receivers or helped_by_others:
        return tuple(deepest(gazetteer, all_givers)), tuple(dict.fromkeys(all_receivers))
    return _inside_one_province(gazetteer, sentence, offset, named)


def _labelled(
    gazetteer: Gazetteer, sentence: str, offset: int, named: Sequence[Mention]
) -> Sides | None:
    """Sides of lists that say which one they are: …等有帮扶任务的省市, …等接受帮扶的省区."""
    rules = shipped()
    givers: list[str] = []
    receivers: list[str] = []
    for listed in enumerations(sentence, named, offset):
        behind = listed[-1].end - offset
        codes = [mention.code for mention in listed]
        if rules.labelled_givers.match(sentence, behind):
            givers += codes
        elif rules.labelled_receivers.match(sentence, behind):
            receivers += codes
    if not receivers:
        return None
    others = [m.code for m in named if m.code not in receivers]
    return tuple(givers or deepest(gazetteer, [c for c in others if _gives(gazetteer, c)])), tuple(
        receivers
    )


def _gives(gazetteer: Gazetteer, code: str) -> bool:
    return gazetteer.province(code) in shipped().donors


def _helped_by(
    gazetteer: Gazetteer, sentence: str, offset: int, named: Sequence[Mention]
) -> Sides | None:
    """Sides of B 在 A 的对口帮扶下."""
    rules = shipped()
    for listed in enumerations(sentence, named, offset):
        start, end = listed[0].start - offset, listed[-1].end - offset
        if sentence[:start].endswith("在"):
            help_of = rules.help_of.match(sentence, end)
        elif sentence[:start].endswith(("接受", "得到", "得到了", "受到")):
            help_of = rules.help_from.match(sentence, end)
        else:
            continue
        if help_of is None:
            continue
        if any(end < m.start - offset < help_of.end() for m in named):
            continue
        givers = [mention.code for mention in listed]
        others = [
            m.code
            for m in named
            if m not in listed
            and not any(gazetteer.within(giver, m.code) for giver in givers)
            and (m.code[:2] == givers[0][:2] or gazetteer.province(m.code) not in rules.donors)
        ]
        return tuple(givers), tuple(deepest(gazetteer, others))
    return None


def _helped(sentence: str, offset: int, named: Sequence[Mention]) -> Sides | None:
    """Sides of A 对 B 开展对口支援."""
    rules = shipped()
    lists = list(enumerations(sentence, named, offset))
    for number, listed in enumerate(lists):
        start, end = listed[0].start - offset, listed[-1].end - offset
        help_for = rules.help_for.match(sentence, end)
        if not sentence[:start].endswith("对") or help_for is None:
            continue
        if number + 1 < len(lists) and lists[number + 1][0].start - offset <= help_for.end() + 1:
            continue
        receivers = tuple(mention.code for mention in listed)
        givers = [mention.code for mention in lists[number - 1]] if number else []
        provinces = {code[:2] for code in receivers}
        if rules.state.search(sentence, 0, start - 1):
            return (), ()
        return tuple(code for code in givers if code[:2] not in provinces), receivers
    return None


def _is_helped(sentence: str, offset: int, named: Sequence[Mention]) -> Sides | None:
    """Sides of B 是 A 的对口帮扶村."""
    rules = shipped()
    for mention in named:
        end = mention.end - offset
        helped = rules.is_helped.match(sentence, end)
        if helped:
            givers = [m.code for m in named if end <= m.start - offset < helped.end()]
            return tuple(givers), (mention.code,)
    return None


def _gives_to_unnamed(
    gazetteer: Gazetteer, sentence: str, offset: int, named: Sequence[Mention]
) -> Sides | None:
    """Sides of A 对口支援地区的特产: A gives, and others in the sentence have no part in it."""
    rules = shipped()
    if any(gazetteer.province(mention.code) in rules.recipients for mention in named):
        return None
    for listed in enumerations(sentence, named, offset):
        if rules.unnamed_receivers.match(sentence, listed[-1].end - offset):
            return tuple(mention.code for mention in listed), ()
    return None


def _right_behind(sentence: str, end: int, start: int) -> bool:
    """Whether a place begins at the end of a word or one sign behind, in the same clause."""
    return start == end or (start == end + 1 and sentence[end] not in "，,、：:（(")


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
    for mention in small:
        others = [m.code for m in small if not gazetteer.within(m.code, mention.code)]
        if others and rules.own_work.match(sentence, mention.end - offset):
            return (mention.code,), tuple(dict.fromkeys(others))
    for mention in small[1:]:
        if _TOWARDS.search(sentence, 0, mention.start - offset):
            givers = [m.code for m in small if m.end <= mention.start and m.code != mention.code]
            if givers:
                return (givers[0],), (mention.code,)
    for first, second in itertools.pairwise(small):
        joined = sentence[first.end - offset : second.start - offset] in ("与", "和", "同")
        if joined and rules.paired.match(sentence, second.end - offset):
            whole = (first.code[:2] + "0000",)
            return whole, whole
    return None


def deepest(gazetteer: Gazetteer, codes: Sequence[str]) -> list[str]:
    """The codes without those that another one lies in, each once."""
    unique = list(dict.fromkeys(codes))
    return [
        code
        for code in unique
        if not any(other != code and gazetteer.within(other, code) for other in unique)
    ]
