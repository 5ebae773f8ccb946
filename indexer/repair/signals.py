"""Signals from a name itself and from the wording around it; the rules are data/signals.yaml."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Signals:
    """Compiled rules."""

    brands: re.Pattern[str]
    branded: re.Pattern[str]
    """A brand with what such sites add to it."""
    syllables: re.Pattern[str]
    tails: re.Pattern[str]
    ends: re.Pattern[str]
    """One of the tails with nothing but the words of a site behind it."""
    weak_tails: re.Pattern[str]
    firms: re.Pattern[str]
    """The weak tails that firms have most, at the end of a name."""
    sites: re.Pattern[str]
    slogans: re.Pattern[str]
    site_slogans: re.Pattern[str]
    spam: re.Pattern[str]
    subject: re.Pattern[str]
    advert: re.Pattern[str]
    honest: re.Pattern[str]
    slots: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    def is_slogan(self, title: str) -> bool:
        """Whether a title line names a site as such sites do, or others."""
        return bool(self.slogans.search(title) or self.site_slogans.search(title))


@functools.cache
def signals() -> Signals:
    """The shipped rules, read once per process."""
    data = files("indexer.repair").joinpath("data/signals.yaml").read_text(encoding="utf-8")
    rules: dict[str, Any] = yaml.safe_load(data)
    brands, tails, weak_tails, sites = (
        _alternatives(rules[name].split()) for name in ("brands", "tails", "weak_tails", "sites")
    )
    return Signals(
        brands=re.compile(brands),
        branded=re.compile(f"(?:{brands})(?:{tails}|{weak_tails}|{sites}|[a-z0-9])*"),
        syllables=re.compile(_alternatives(rules["syllables"].split())),
        tails=re.compile(tails),
        ends=re.compile(f"(?:{tails})(?:{tails}|{weak_tails}|{sites}|[^\u3400-\u9fff])*$"),
        weak_tails=re.compile(weak_tails),
        firms=re.compile("(?:" + "|".join(rules["firms"].split()) + ")$"),
        sites=re.compile("(?:" + "|".join(rules["sites"].split()) + "):?$"),
        slogans=re.compile("|".join(rules["slogans"]), re.IGNORECASE | re.MULTILINE),
        site_slogans=re.compile("|".join(rules["site_slogans"]), re.IGNORECASE | re.MULTILINE),
        spam=re.compile(_alternatives(rules["spam"].split())),
        subject=re.compile(_alternatives(rules["subject"].split())),
        honest=re.compile("|".join(rules["honest"])),
        slots=tuple(
            (re.compile(after), re.compile(f"(?:{ends})$")) for after, ends in rules["slots"]
        ),
        advert=re.compile("|".join(rules["advert"]), re.IGNORECASE),
    )


def _alternatives(words: list[str]) -> str:
    """A pattern of many words, as a trie, for folded text: without IGNORECASE the search
    skips to the places where one of the first signs stands."""
    return _trie(sorted({word.lower() for word in words}))


def _trie(words: list[str]) -> str:
    branches: dict[str, list[str]] = {}
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
    if not branches:
        return ""
    parts = []
    for first, rests in branches.items():
        rest = _trie([rest for rest in rests if rest])
        optional = "" in rests
        tail = f"(?:{rest}){'?' if optional else ''}" if rest else ""
        parts.append(re.escape(first) + tail)
    return "|".join(parts)
