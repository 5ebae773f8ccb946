"""Who held which office when: the office beside a gap and the date of a page tell the name.

data/offices.tsv lists offices with the phrases that stand before a name, and their holders
with the months of their terms.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

LONGEST = 12
"""Characters of a phrase."""
WINDOW = 24
"""Characters before a name that are looked at."""
LONGEST_TITLE = 4
"""Characters behind a name that are looked at."""
OPEN = "9999"
MOST_BETWEEN = 12
"""Characters of another title or a given name between an office and a name."""
_BETWEEN = re.compile("、[\u3400-\u9fff]+|[\u3400-\u9fff]{2,6}·")


@dataclass(frozen=True, slots=True)
class Term:
    """One holder of an office: months YYYY-MM, `until` included."""

    name: str
    begin: str
    until: str


@dataclass(frozen=True)
class Offices:
    """`before`: phrase before a name → its office; `after`: title behind a name → offices
    whose phrases end with it; `terms` of each office."""

    before: dict[str, str]
    after: dict[str, tuple[str, ...]]
    terms: dict[str, tuple[Term, ...]]

    @functools.cached_property
    def careers(self) -> dict[str, tuple[str, str]]:
        """Name → from the begin of its first term to the end of its last."""
        spans: dict[str, tuple[str, str]] = {}
        for terms in self.terms.values():
            for term in terms:
                begin, until = spans.get(term.name, (OPEN, ""))
                spans[term.name] = (min(begin, term.begin), max(until, term.until))
        return spans

    def beside(self, left: str, right: str) -> tuple[str, ...]:
        """The offices that are named directly before or behind a gap, or before it with
        another title or the given name between (国务院副总理、团长X, 总统弗拉基米尔·X)."""
        between = range(len(left) - 3, max(0, len(left) - MOST_BETWEEN) - 1, -1)
        for end in (len(left), *(at for at in between if _BETWEEN.fullmatch(left, at))):
            for begin in range(max(0, end - LONGEST), end - 1):
                office = self.before.get(left[begin:end])
                if office:
                    return (office,)
        for size in range(min(LONGEST_TITLE, len(right)), 1, -1):
            if right[:size] in self.after:
                return self.after[right[:size]]
        return ()

    def holders(self, office: str, month: str) -> set[str]:
        """Who held an office in a month; all that ever did where the month is ""."""
        return {
            term.name
            for term in self.terms[office]
            if not month or term.begin <= month <= term.until
        }


@functools.cache
def shipped() -> Offices:
    """The offices of data/offices.tsv."""
    text = files("indexer.repair").joinpath("data/offices.tsv").read_text(encoding="utf-8")
    return parse(text.splitlines())


def parse(lines: Iterable[str]) -> Offices:
    """`@office<TAB>phrase phrase …` lines, each followed by its holders `name<TAB>from<TAB>until`;
    a name alone has no term."""
    before: dict[str, str] = {}
    after: defaultdict[str, set[str]] = defaultdict(set)
    terms: defaultdict[str, list[Term]] = defaultdict(list)
    office = ""
    for line in lines:
        if not line or line.startswith("#"):
            continue
        head, *rest = line.split("\t")
        if head.startswith("@"):
            office = head[1:]
            for phrase in " ".join(rest).split():
                before[phrase] = office
                for size in range(2, min(LONGEST_TITLE, len(phrase)) + 1):
                    after[phrase[-size:]].add(office)
        else:
            begin, until = [*rest, "", ""][:2]
            terms[office].append(Term(head, begin, until or OPEN))
    return Offices(
        before,
        {title: tuple(sorted(ids)) for title, ids in after.items()},
        {office: tuple(held) for office, held in terms.items()},
    )
