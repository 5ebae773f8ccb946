"""Who gives and who receives in a range of text that names a relation and places?

The side follows from the words (A 对口支援 B; A 赴 B), else from the national schemes, in
which the east gives to the west.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from indexer.facets.explicit import deepest, explicit_sides
from indexer.facets.gazetteer import Gazetteer
from indexer.facets.pairing_rules import OUTSIDE, Sides, shipped
from indexer.facets.places import Mention


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
    both = sorted((*named, *pairs), key=lambda mention: mention.start)
    explicit = explicit_sides(gazetteer, sentence, offset, both) if triggered else None
    if explicit:
        return explicit
    codes = deepest(gazetteer, [mention.code for mention in (*named, *pairs)])
    codes = [code for code in codes if gazetteer.province(code) not in OUTSIDE]
    if triggered and not aided:
        for province, words in rules.relief.items():
            helped = [code for code in codes if gazetteer.province(code) == province]
            givers = [code for code in codes if code not in helped]
            if helped and givers and words.search(sentence):
                return tuple(givers), tuple(helped)
    if aided:
        return _aided(gazetteer, codes, [mention.code for mention in aided])
    if triggered and rules.own.search(sentence) and len({code[:2] for code in codes}) == 1:
        whole = (codes[0][:2] + "0000",)
        return whole, whole
    if not pairs and rules.army.search(sentence):
        return None
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
    if middle and (east or west) and _named_together(sentence, offset, named):
        return (tuple(codes), ()) if east else ((), tuple(codes))  # 江苏、河南等省通过结对帮扶 …
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


_SCHEME = re.compile("对口|东西部|扶贫协作")


def _one_list(sentence: str, offset: int, named: Sequence[Mention]) -> bool:
    """Whether all places of a sentence, at least five, stand in one enumeration."""
    between = (
        sentence[first.end - offset : second.start - offset]
        for first, second in itertools.pairwise(named)
    )
    return len(named) >= _MANY and all(len(gap) <= 2 and "、" in gap for gap in between)


def _named_together(sentence: str, offset: int, named: Sequence[Mention]) -> bool:
    """Whether the places are one list that ends with 等省: they are on one side."""
    listed = all(
        sentence[first.end - offset : second.start - offset] == "、"
        for first, second in itertools.pairwise(named)
    )
    return listed and bool(named) and sentence.startswith("等", named[-1].end - offset)


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
