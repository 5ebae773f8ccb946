"""How official a source is, by rules in data/sources.tsv."""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from urllib.parse import urlsplit


@functools.cache
def _rules() -> list[tuple[int, str, re.Pattern[str]]]:
    rules = []
    text = files("indexer.duplicates").joinpath("data/sources.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            rank, what, pattern = line.split("\t")
            rules.append((int(rank), what, re.compile(pattern)))
    return rules


@functools.lru_cache(maxsize=4096)
def _rank(source: str, host: str) -> int:
    best = 0
    for rank, what, pattern in _rules():
        if rank > best and pattern.search(source if what == "source" else host):
            best = rank
    return best


def source_rank(source: str | None, url: str | None) -> int:
    """0 (unknown) to 4 (the state's own site): which of equal reprints is shown first."""
    host = ""
    if url:
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:  # an address that only looks like one
            host = ""
    return _rank(source or "", host)
