"""The weights that were fitted (`tests/quality/repair_training.py`): name <TAB> weight."""

from __future__ import annotations

import functools
from importlib.resources import files


@functools.cache
def foreign() -> dict[str, float]:
    """Feature of foreign.py → its weight."""
    return _read("foreign.tsv")


@functools.cache
def restoring() -> dict[str, float]:
    """Evidence of weighing.py → its weight."""
    return _read("restoring.tsv")


@functools.cache
def glance() -> dict[str, float]:
    """What the contexts of a foreign name hardly add more than to its log-odds: for each kind
    of glance at least so much, and so much for `_each` nat of it; likewise by its places."""
    return _read("glance.tsv")


def _read(name: str) -> dict[str, float]:
    text = files("indexer.repair").joinpath(f"data/{name}").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return {name: float(weight) for name, weight in rows}
