"""What does this page say? Bytes of a raw page to a Document: title, date, source, body.

    bytes ── encoding ──▶ text ── markup, tree, blocks ──▶ blocks ── body ──▶ Document

What counts as an article's container, as furniture or as a byline is data in `data/`.
"""

from __future__ import annotations

from indexer.extract.extractor import ExtractOptions, extract

__all__ = ["ExtractOptions", "extract"]
