"""What kind of name an unknown word looks like: a person, a transcription, a place, letters.

A new name in an honest page is mostly one of these. Contexts of rare words are counted by
their shape, so that a name is compared with what names of its own shape do.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files

SHAPES = ("person", "foreign", "place", "letters", "other")
_LETTERS = re.compile("[a-z0-9]")


@functools.cache
def _signs() -> dict[str, frozenset[str]]:
    text = files("indexer.repair").joinpath("data/shapes.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return {name: frozenset(listed.split() if " " in listed else listed) for name, listed in rows}


@functools.lru_cache(maxsize=1 << 16)
def shape(word: str) -> str:
    """The shape of a folded word of two characters and more."""
    signs = _signs()
    if _LETTERS.search(word):
        return "letters"
    if transcribed(word) >= 0.99:
        return "foreign"
    if word[-1] in signs["place_ends"]:
        return "place"
    if is_person(word):
        return "person"
    return "other"


def is_person(word: str) -> bool:
    """Whether a word begins as Chinese names of persons do and is as long as they are."""
    signs = _signs()
    if word[:2] in signs["double_surnames"]:
        return 3 <= len(word) <= 4
    return word[0] in signs["surnames"] and 2 <= len(word) <= 3


def transcribed(word: str) -> float:
    """Share of its characters that transcribe foreign names; 0 for less than three."""
    if len(word) < 3:
        return 0.0
    signs = _signs()["transcription"]
    return sum(sign in signs or sign == "·" for sign in word) / len(word)


def given(word: str) -> float:
    """Share of the characters after the first that are common in given names."""
    signs = _signs()["given"]
    return sum(sign in signs for sign in word[1:]) / max(1, len(word) - 1)
