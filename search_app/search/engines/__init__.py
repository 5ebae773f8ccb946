"""The read side of the engines.

engine = open_engine(generation.path)      # by the engine that its manifest names
engine.search(EngineQuery(tree, facets=("province", "year")))
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from indexer.errors import IndexOutdated
from search_app.search.engines.base import ReadEngine

ENGINES = {"whoosh": ("search_app.search.engines.whoosh.engine", "WhooshEngine")}
"""Name in the manifest → module and class, loaded when it is asked for."""


def open_engine(folder: Path, name: str = "whoosh", fingerprint: str = "") -> ReadEngine:
    """Open the files of a generation. Raises IndexOutdated where its engine is not known,
    IndexMissing or IndexDamaged as the engine finds them."""
    try:
        module, kind = ENGINES[name]
    except KeyError:
        raise IndexOutdated(
            f"索引由本程序没有的引擎写成：{name}。 An unknown engine wrote the index.",
            "请重建索引：python -m indexer build SOURCE… Rebuild the index.",
        ) from None
    return cast(ReadEngine, getattr(import_module(module), kind)(folder, fingerprint))
