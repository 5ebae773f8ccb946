"""One module per contender, each with the same few methods; imported only when asked for."""

from __future__ import annotations

from importlib import import_module

from benchmarks.contenders.base import Contender

CONTENDERS = {
    "xiezuo": ("benchmarks.contenders.xiezuo", "Xiezuo"),
    "xiezuo-words": ("benchmarks.contenders.xiezuo", "XiezuoWords"),
    "tantivy": ("benchmarks.contenders.tantivy_py", "Tantivy"),
    "fts5": ("benchmarks.contenders.fts5", "Fts5"),
    "whoosh": ("benchmarks.contenders.stock_whoosh", "StockWhoosh"),
    "whoosh-jieba": ("benchmarks.contenders.stock_whoosh", "TutorialWhoosh"),
}


def contender(name: str) -> Contender:
    module, kind = CONTENDERS[name]
    made: Contender = getattr(import_module(module), kind)()
    return made
