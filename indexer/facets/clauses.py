"""Clauses that each name a giver and a receiver of their own (山东援建北川，广东援建汶川).

Where a scheme is named, a bare verb of helping is enough: the list of places right before
it gives to the list right behind it. A relation never reaches from one such clause into
the next.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from indexer.facets.gazetteer import DATA, Gazetteer
from indexer.facets.places import Mention
from indexer.facets.rules import load_yaml

_CLAUSE_END = re.compile("[，,；;：:]")
_IN_BRACKETS = re.compile("（[^（）]*）|\\([^()]*\\)")
_QUOTES = '“”‘’"《》'
_WITH = frozenset(("与", "和", "同", "对", "—", "——", "-"))
_BETWEEN = frozenset("、，,；;")
_AND = "，,、和与及并"
_FIRM = re.compile("对口|结对")
"""Words that join two places of one province as well."""

_JOINED = frozenset(("、", "和", "与", "及", "以及"))


@dataclass(frozen=True)
class Verbs:
    """What `data/pairing.yaml` says under `help`, compiled.

    `active` matches all that stands between giver and receiver (等省市分别支援), `passive`
    what stands behind the giver in 北川由山东援建.
    """

    active: re.Pattern[str]
    passive: re.Pattern[str]


@functools.lru_cache(maxsize=1)
def shipped() -> Verbs:
    """The shipped verbs."""
    data = load_yaml(DATA / "pairing.yaml")["help"]
    verb, several, manner = (
        str(data[key]).replace(" ", "") for key in ("verb", "several", "manner")
    )
    between = f"(?:{several})?(?:{_IN_BRACKETS.pattern})?(?:{manner})*(?:{verb})"
    return Verbs(re.compile(f"{between}[{_QUOTES}]?"), re.compile(f"{between}(?=[，,；;。、的]|$)"))


def helps(
    gazetteer: Gazetteer, text: str, start: int, end: int, named: Sequence[Mention]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Codes that give and that receive, for each helping clause of a range with these mentions."""
    verbs = shipped()
    brackets = [match.span() for match in _IN_BRACKETS.finditer(text, start, end)]
    outside = [m for m in named if not any(low < m.start < high for low, high in brackets)]
    lists = list(enumerations(text, outside))
    found = []
    giving: list[Mention] = []
    taking: list[Mention] = []
    for number in range(len(lists) - 1):
        givers, receivers = lists[number], lists[number + 1]
        between = text[givers[-1].end : receivers[0].start]
        behind = receivers[-1].end
        if verbs.active.fullmatch(between):
            if number + 2 < len(lists):
                following = text[behind : lists[number + 2][0].start]
                if len(receivers) > 1 and verbs.active.fullmatch(following):
                    split = _behind_the_receivers(gazetteer, receivers)
                    receivers, lists[number + 1] = receivers[:split], receivers[split:]
        elif lists[number] is taking and verbs.active.fullmatch(between.lstrip(_AND)):
            givers = giving  # 宝安对口帮扶龙川和扶贫协作都安
        elif between == "由" and verbs.passive.match(text, behind, end):
            givers, receivers = receivers, givers
        else:
            continue
        donors = tuple(mention.code for mention in givers)
        recipients = tuple(mention.code for mention in receivers)
        one_province = len({code[:2] for code in donors + recipients}) == 1
        if not one_province or _FIRM.search(between) or _FIRM.search(text, behind, end):
            found.append((donors, recipients))
            giving, taking = givers, lists[number + 1]
    return found


def couples(text: str, named: Sequence[Mention]) -> list[Sequence[Mention]]:
    """Mentions two by two where they stand so: 山东与重庆、天津与甘肃; else nothing.

    Before them only their own provinces may be named (浙江的东西部协作：杭州与广元、…).
    """
    for first in range(len(named) - 3):
        listed = named[first:]
        twos = [listed[number : number + 2] for number in range(0, len(listed), 2)]
        if len(listed) % 2 == 0 and _two_by_two(text, twos):
            known = {mention.code[:2] for mention in listed}
            return twos if all(m.code[:2] in known for m in named[:first]) else []
    return []


def _two_by_two(text: str, twos: Sequence[Sequence[Mention]]) -> bool:
    inner = (text[first.end : second.start] for first, second in twos)
    outer = (text[a[1].end : b[0].start] for a, b in itertools.pairwise(twos))
    return all(gap in _WITH for gap in inner) and all(gap in _BETWEEN for gap in outer)


def enumerations(text: str, named: Sequence[Mention], offset: int = 0) -> Iterator[list[Mention]]:
    """Mentions that stand in one enumeration (山东和湖南), one list for each.

    `text` may be a part of the text that the mentions lie in, from `offset` on.
    """
    current: list[Mention] = []
    for mention in named:
        if current and text[current[-1].end - offset : mention.start - offset] not in _JOINED:
            yield current
            current = []
        current.append(mention)
    if current:
        yield current


def _behind_the_receivers(gazetteer: Gazetteer, listed: Sequence[Mention]) -> int:
    """How many of 支援〔北川、汶川、广东〕支援 receive: those of the first one's province."""
    province = gazetteer.province(listed[0].code)
    count = 1
    while count < len(listed) and gazetteer.province(listed[count].code) == province:
        count += 1
    return min(count, len(listed) - 1)


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses of a sentence; together they cover it."""
    cuts = [start, *(m.end() for m in _CLAUSE_END.finditer(text, start, end)), end]
    return [(low, high) for low, high in itertools.pairwise(cuts) if low < high]


_OF_HELP = re.compile("[帮扶援捐送]|支持|协作|结对|对口")


def segments(
    text: str,
    start: int,
    end: int,
    provinces: Callable[[int, int], frozenset[str]],
    named: Sequence[Mention] = (),
) -> list[tuple[int, int]]:
    """A sentence cut before each clause that names other givers and receivers than those before.

    `provinces` gives the prefixes of both sides for a range of `text`, none where it lacks
    one of the two. Other clauses stay with the one before them, the first ones with the next,
    unless they say of other provinces among the mentions `named` what is no help
    (贵州与广东开展协作，四川与重庆共建 …).
    """
    bounds = [start]
    known: frozenset[str] = frozenset()
    for low, high in clauses(text, start, end):
        found = provinces(low, high)
        others = {mention.code[:2] for mention in named if low <= mention.start < high}
        strange = len(others) > 1 and others.isdisjoint(known)
        if found and found != known:
            if known:
                bounds.append(low)
            known = found
        elif known and not found and strange and not _OF_HELP.search(text, low, high):
            bounds.append(low)
            known = frozenset(others)
    return list(itertools.pairwise([*bounds, end]))
