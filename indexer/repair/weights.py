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


def _read(name: str) -> dict[str, float]:
    text = files("indexer.repair").joinpath(f"data/{name}").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return {name: float(weight) for name, weight in rows}
