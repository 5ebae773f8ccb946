"""Nicknames that stand where a name belongs (席大大总书记); the rules are data/nicknames.tsv."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib.resources import files

from indexer.document import Document, Repair


@functools.cache
def _rules() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    text = files("indexer.repair").joinpath("data/nicknames.tsv").read_text(encoding="utf-8")
    rules = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            nickname, name, around = line.split("\t")
            rules.append((nickname, name, re.compile(around.replace("X", f"(?:{nickname})"))))
    return tuple(rules)


def has_nickname(text: str) -> bool:
    """Whether a nickname stands anywhere in a text."""
    return any(nickname in text for nickname, _, _ in _rules())


def nicknames(document: Document) -> Iterator[Repair]:
    """A repair per nickname; restored where at least half of its places call for the name."""
    text = document.text
    for nickname, name, around in _rules():
        starts = [found.start() for found in re.finditer(re.escape(nickname), text)]
        if not starts:
            continue
        confirmed = sum(1 for _ in around.finditer(text))
        share = min(1.0, confirmed / len(starts))
        if share >= 0.5:
            spans = tuple(("text", at, at + len(nickname)) for at in starts)
            yield Repair(nickname, name, len(spans), round(0.5 + 0.45 * share, 3), spans)  # type: ignore[arg-type]
