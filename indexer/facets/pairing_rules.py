"""The rules of paired assistance: `data/pairing.yaml`, compiled."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from indexer.errors import ConfigError
from indexer.facets.gazetteer import DATA
from indexer.facets.rules import CORRECT, load_yaml


@dataclass(frozen=True)
class Rules:
    """The entries of `data/pairing.yaml`, compiled; what each is for stands there."""

    relations: re.Pattern[str]
    national: re.Pattern[str]
    gives: re.Pattern[str]
    giver_behind: re.Pattern[str]
    persons: re.Pattern[str]
    assistance: re.Pattern[str]
    within: re.Pattern[str]
    bystander: re.Pattern[str]
    doing: re.Pattern[str]
    also_give: dict[str, frozenset[str]]
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
    """The shipped rules; raises `ConfigError` naming one that cannot be used."""
    data = load_yaml(DATA / "pairing.yaml")
    return Rules(**{field.name: _compiled(field.name, data) for field in fields(Rules)})


def _compiled(name: str, data: Mapping[str, Any]) -> Any:
    """Texts as patterns (without the blanks that lay them out), lists as sets."""
    value = data.get(name)
    if isinstance(value, Mapping):
        return {key: _compiled(key, value) for key in value}
    if isinstance(value, list):
        return frozenset(value)
    try:
        return re.compile(str(data[name]).replace(" ", "").strip())
    except (re.error, KeyError) as error:
        raise ConfigError(
            f"pairing.yaml: {name} 无法使用。 It cannot be used: {error}",
            CORRECT,
        ) from error


Sides = tuple[tuple[str, ...], tuple[str, ...]]
"""Codes that give, codes that receive."""


OUTSIDE = frozenset(("香港", "澳门", "台湾"))
"""They take part in no national scheme."""
