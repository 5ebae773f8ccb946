"""Text to tokens: fold characters, cut words, find the parts of words, know their synonyms.

analyzer = load_analyzer()
analyzer.tokens("残 疾 人联合会").words      # ['残疾人联合会']
"""

from __future__ import annotations

from indexer.analysis.analyzer import Analyzer, load_analyzer
from indexer.analysis.fields import caption_text, field_batches
from indexer.analysis.tokens import TokenBatch, Tokens

__all__ = [
    "Analyzer",
    "TokenBatch",
    "Tokens",
    "caption_text",
    "field_batches",
    "load_analyzer",
]
