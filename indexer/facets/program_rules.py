"""The rules of programs as data: features, contexts and cues, read from their files.

A feature (`data/programs.yaml`) is a list of words that report a program, with what must or
must not stand beside them. Cues (`data/program_cues.tsv`) are words whose meaning for the
programs was learned from labelled documents (`train_programs`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import schema
from indexer.errors import ConfigError
from indexer.facets.gazetteer import DATA
from indexer.facets.rules import CORRECT, load_yaml
from indexer.facets.text import lengths_by_start

Array = NDArray[np.float64]

PROGRAMS = tuple(schema.PROGRAMS)
"""The ids in the taxonomy's order."""

KINDS = ("aid", "soft", "rural", "disability")
FOREIGN = "foreign"
ABOUT = {f"about {kind}": kind for kind in ("aid", "disability", FOREIGN)}
"""Features of the whole text: the share of its sentences with that context."""


@dataclass(frozen=True)
class Feature:
    """Words that report a program. `name` is "program/name"."""

    program: str
    name: str
    words: tuple[str, ...]
    needs: re.Pattern[str] | None
    without: re.Pattern[str] | None
    weight: float


@dataclass(frozen=True)
class Rules:
    """The rules of `data/programs.yaml` and the cues."""

    features: tuple[Feature, ...]
    cues: tuple[str, ...]
    rarity: Array
    """Of each cue: ln(documents / documents with it), over those that it was learned from."""
    context_of: Mapping[str, Mapping[str, float]]
    own_sentence: frozenset[str]
    words: Mapping[str, Entry]
    lengths: Mapping[str, tuple[int, ...]]
    """First two characters → lengths of the words in `words`, longest first."""

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the features in the order of their values: `ABOUT`, then `features`."""
        return (*ABOUT, *(feature.name for feature in self.features))


@dataclass(frozen=True)
class Entry:
    """What a word means: contexts that it speaks of, numbers of features, number of a cue."""

    contexts: tuple[str, ...] = ()
    features: tuple[int, ...] = ()
    cue: int = -1


def load_rules(cues: Iterable[tuple[str, float]]) -> Rules:
    """The rules of `data/programs.yaml` with these cues (word, rarity).

    Raises `ConfigError` naming a feature that cannot be used.
    """
    data = load_yaml(DATA / "programs.yaml")
    features = tuple(
        _feature(program, rule)
        for program in PROGRAMS
        for rule in data["programs"][program]["features"]
    )
    numbers: dict[str, list[int]] = {}
    for number, feature in enumerate(features):
        for word in feature.words:
            numbers.setdefault(word, []).append(number)
    contexts: dict[str, list[str]] = {}
    for name, text in data["contexts"].items():
        for word in text.split():
            contexts.setdefault(word, []).append(name)
    cues = tuple(cues)
    places = {word: number for number, (word, _) in enumerate(cues)}
    words = {
        word: Entry(
            tuple(contexts.get(word, ())), tuple(numbers.get(word, ())), places.get(word, -1)
        )
        for word in {**numbers, **contexts, **places}
    }
    return Rules(
        features,
        tuple(word for word, _ in cues),
        np.array([rarity for _, rarity in cues]),
        {program: dict(data["programs"][program]["context"]) for program in PROGRAMS},
        frozenset(p for p in PROGRAMS if data["programs"][p].get("own_sentence")),
        words,
        lengths_by_start(words),
    )


def _feature(program: str, rule: Mapping[str, Any]) -> Feature:
    try:
        return Feature(
            program,
            f"{program}/{rule['name']}",
            tuple(str(rule["words"]).split()),
            re.compile(rule["with"]) if "with" in rule else None,
            re.compile(rule["without"]) if "without" in rule else None,
            float(rule.get("weight", 1.5)),
        )
    except (re.error, KeyError, ValueError) as error:
        raise ConfigError(
            f"programs.yaml: {program} 的一条特征有误。 A feature of it is wrong: {error}",
            CORRECT,
        ) from error
