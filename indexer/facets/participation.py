"""Does a named place take part in what the text reports, or is it only named?

The rules are `data/participation.yaml`; each looks at the words right beside a mention.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.errors import ConfigError
from indexer.facets.gazetteer import DATA, Gazetteer
from indexer.facets.places import Mention
from indexer.facets.rules import CORRECT, load_yaml

_REACH = 24
"""How many characters before a mention the rules see."""

_AHEAD = 80
"""How many characters behind it."""

_LONGEST = 200
"""How many of its sentence before it, for the rules that look at the sentence."""

_SENTENCE_ENDS = "。！？!?；;\n"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One rule: a mention with these words beside it does not take part."""

    name: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    only: frozenset[str]
    short: bool
    """For short forms below the provinces alone (长岭村 is no village of 长岭县)."""
    lists: bool
    """Whether the names that follow in the same enumeration are excluded too."""
    sentence: bool
    """Whether the words before are all those of the sentence."""

    def applies(self, before: str, after: str, province: str, short: bool) -> bool:
        """Whether the words on both sides of a mention match the rule."""
        if (self.only and province not in self.only) or (self.short and not short):
            return False
        if self.before is not None and not self.before.search(before):
            return False
        return self.after is None or self.after.match(after) is not None


@dataclass(frozen=True, slots=True)
class Publisher:
    """When the place of the publisher stands for "our city"."""

    rules: frozenset[str]
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Participation:
    """All rules of the file."""

    exclusions: tuple[Exclusion, ...]
    publisher: Publisher


@functools.lru_cache(maxsize=1)
def shipped() -> Participation:
    """The shipped rules; raises `ConfigError` naming a rule that cannot be used."""
    data = load_yaml(DATA / "participation.yaml")
    publisher = data["publisher"]
    return Participation(
        tuple(_exclusion(rule) for rule in data["rules"]),
        Publisher(frozenset(publisher["rules"]), re.compile(publisher["words"])),
    )


def _exclusion(rule: Mapping[str, Any]) -> Exclusion:
    try:
        if not {"before", "after"} & set(rule):
            raise ConfigError(
                f"participation.yaml: {rule['name']} 没有条件。 The rule looks at nothing.", CORRECT
            )
        return Exclusion(
            str(rule["name"]),
            re.compile(rule["before"]) if "before" in rule else None,
            re.compile(rule["after"]) if "after" in rule else None,
            frozenset(rule.get("only", ())),
            bool(rule.get("short", False)),
            bool(rule.get("list", False)),
            bool(rule.get("sentence", False)),
        )
    except (re.error, KeyError) as error:
        raise ConfigError(
            f"participation.yaml: 一条规则有误。 A rule is wrong: {error}", CORRECT
        ) from error


def reason_against(gazetteer: Gazetteer, text: str, mention: Mention) -> str:
    """The name of the rule by which a mention does not take part, or nothing."""
    rule = _rule_against(gazetteer, text, mention)
    return rule.name if rule else ""


def _rule_against(gazetteer: Gazetteer, text: str, mention: Mention) -> Exclusion | None:
    before = text[max(0, mention.start - _REACH) : mention.start]
    sentence = text[_sentence_begin(text, mention.start) : mention.start]
    after = text[mention.end : mention.end + _AHEAD]
    province = gazetteer.province(mention.code)
    alone = mention.end - mention.start <= _SHORT  # 山东泰安社区 is in Shandong all the same
    short = alone and not mention.full and not mention.code.endswith("0000")
    for rule in shipped().exclusions:
        if rule.applies(sentence if rule.sentence else before, after, province, short):
            return rule
    return None


def _sentence_begin(text: str, position: int) -> int:
    low = max(0, position - _LONGEST)
    return max(low, *(text.rfind(sign, low, position) + 1 for sign in _SENTENCE_ENDS))


def _reasons(
    gazetteer: Gazetteer, text: str, found: Sequence[Mention]
) -> list[tuple[Mention, str]]:
    """Each mention with its reason; an enumeration shares the reason of its first name."""
    reasons: list[tuple[Mention, str]] = []
    leading: Exclusion | None = None
    end = -1
    for mention in found:
        follows = leading is not None and text[end : mention.start] in _AND
        rule = leading if follows else _rule_against(gazetteer, text, mention)
        leading = rule if rule is not None and rule.lists else None
        end = mention.end
        reasons.append((mention, rule.name if rule else ""))
    return reasons


_SHORT = 3
_AND = ("、", "和", "与", "及", "以及")


def taking_part(
    gazetteer: Gazetteer, texts: Sequence[str], found: Sequence[Sequence[Mention]]
) -> list[list[Mention]]:
    """The mentions of each text that take part.

    Where none does, those of the publisher, if the text speaks of a place without naming it.
    """
    rules = shipped().publisher
    kept: list[list[Mention]] = []
    publisher: list[list[Mention]] = []
    for text, named in zip(texts, found, strict=True):
        reasons = _reasons(gazetteer, text, named)
        kept.append([mention for mention, reason in reasons if not reason])
        publisher.append([mention for mention, reason in reasons if reason in rules.rules])
    if any(kept) or not any(rules.words.search(text) for text in texts):
        return kept
    return publisher
