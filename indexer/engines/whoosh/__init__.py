"""The embedded default engine: a Whoosh index whose postings are arrays."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    # The write side loads Whoosh; readers of the arrays start without it.
    if name == "ENGINE":
        from indexer.engines.whoosh.engine import ENGINE

        return ENGINE
    raise AttributeError(name)
