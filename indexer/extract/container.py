"""Which element of a page holds its article?

The one for which most prose speaks, widened where the article goes on beside it.
A known container, where the page has one, goes before.
"""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from functools import lru_cache

from indexer.extract.lines import load_rules
from indexer.extract.outline import Outline, text_of

_CANDIDATES = 12
_FOOTER_LENGTH = 600


@dataclass(frozen=True)
class ContainerRules:
    ids: frozenset[str]
    classes: frozenset[str]
    likely: re.Pattern[str]
    unlikely: re.Pattern[str]
    cut: re.Pattern[str]
    footer: re.Pattern[str]


@lru_cache(maxsize=1)
def container_rules() -> ContainerRules:
    """The rules of `data/containers.yaml`, compiled once per process."""
    rules = load_rules("containers.yaml")
    known: list[str] = rules["known"]
    return ContainerRules(
        ids=frozenset(name[1:] for name in known if name.startswith("#")),
        classes=frozenset(name[1:] for name in known if name.startswith(".")),
        likely=re.compile(rules["likely"], re.IGNORECASE),
        unlikely=re.compile(rules["unlikely"], re.IGNORECASE),
        cut=re.compile(rules["cut"], re.IGNORECASE),
        footer=re.compile(rules["footer"], re.IGNORECASE),
    )


def find_container(outline: Outline, *, use_known: bool = True) -> int | None:
    """The number of the element that holds the article, or None where there is no prose."""
    scored = _best_scored(outline)
    if use_known:
        known = _best_known(outline)
        if known is not None and (
            scored is None or outline.prose[known] >= 0.3 * outline.prose[scored]
        ):
            return known
    return None if scored is None else _widened(outline, scored)


def is_known(outline: Outline, index: int) -> bool:
    """Whether a rule names the element as a container of articles."""
    rules = container_rules()
    element = outline.elements[index]
    names = element.get("class")
    return element.get("id") in rules.ids or (
        names is not None and not rules.classes.isdisjoint(names.split())
    )


def _best_known(outline: Outline) -> int | None:
    best, most = None, 0.0
    for index in range(len(outline.elements)):
        # Of one inside the other the inner is meant, where it holds as much.
        if (
            is_known(outline, index)
            and outline.length[index] > 0
            and outline.prose[index] >= most * 0.95
        ):
            best, most = index, outline.prose[index]
    return best


def _best_scored(outline: Outline) -> int | None:
    rules = container_rules()
    scores: list[tuple[float, int]] = []
    for index, credit in enumerate(outline.credit):
        if not credit or outline.elements[index].tag in ("html", "p", "li"):
            continue
        purity = outline.prose[index] / max(1, outline.length[index])
        score = credit * (1 - outline.link_density(index)) * (0.4 + 0.6 * purity)
        name = outline.name(index)
        if name != " ":
            if rules.likely.search(name):
                score *= 1.25
            if rules.unlikely.search(name):
                score *= 0.4
        scores.append((score, -index))
    for _, index in heapq.nlargest(_CANDIDATES, scores):
        if not _is_footer(outline, -index):
            return -index
    return None


def _is_footer(outline: Outline, index: int) -> bool:
    """Whether the element is what stands at the foot of every page of a site."""
    if outline.length[index] > _FOOTER_LENGTH:
        return False
    text = text_of(outline.elements[index])
    return "。" not in text and bool(container_rules().footer.search(text))


def _widened(outline: Outline, index: int) -> int:
    """The element around it, where the article goes on beside the best one."""
    rules = container_rules()
    while True:
        up = outline.parent[index]
        if up < 0 or outline.elements[up].tag in ("html", "body"):
            return index
        beside = outline.prose[up] - outline.prose[index]
        if beside < 0.12 * outline.prose[index] or outline.link_density(up) > 0.35:
            return index
        if rules.unlikely.search(outline.name(up)):
            return index
        foreign = sum(
            outline.prose[child]
            for child in _children(outline, up)
            if child != index
            and (rules.unlikely.search(outline.name(child)) or outline.link_density(child) > 0.3)
        )
        beside -= foreign
        if beside < 0.12 * outline.prose[index]:
            return index
        if beside < 0.3 * (outline.length[up] - outline.length[index]):
            return index  # mostly something else than prose
        index = up


def _children(outline: Outline, index: int) -> list[int]:
    return [outline.number[child] for child in outline.elements[index] if child in outline.number]
