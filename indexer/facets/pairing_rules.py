"""The rules of paired assistance: `data/pairing.yaml`, compiled."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from indexer.facets.gazetteer import DATA
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
    labelled_givers: re.Pattern[str]
    labelled_receivers: re.Pattern[str]
    help_of: re.Pattern[str]
    help_for: re.Pattern[str]
    is_helped: re.Pattern[str]
    own_work: re.Pattern[str]
    speaker: re.Pattern[str]
    help_from: re.Pattern[str]
    paired: re.Pattern[str]
    state: re.Pattern[str]
    digest: re.Pattern[str]
    unnamed_receivers: re.Pattern[str]
    army: re.Pattern[str]
    relief: dict[str, re.Pattern[str]]
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
        pattern("labelled_givers"),
        pattern("labelled_receivers"),
        pattern("help_of"),
        pattern("help_for"),
        pattern("is_helped"),
        pattern("own_work"),
        pattern("speaker"),
        pattern("help_from"),
        pattern("paired"),
        pattern("state"),
        pattern("digest"),
        pattern("unnamed_receivers"),
        pattern("army"),
        {name: re.compile(words) for name, words in data["relief"].items()},
        frozenset(data["donors"]),
        frozenset(data["recipients"]),
        frozenset(data["aided"]),
    )


Sides = tuple[tuple[str, ...], tuple[str, ...]]
"""Codes that give, codes that receive."""


OUTSIDE = frozenset(("香港", "澳门", "台湾"))
"""They take part in no national scheme."""
