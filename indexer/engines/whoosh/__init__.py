"""The embedded default engine: a Whoosh index whose postings are arrays."""

from __future__ import annotations

from indexer.engines.whoosh.engine import ENGINE

__all__ = ["ENGINE"]
