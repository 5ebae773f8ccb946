"""The analyzer: one recipe for both sides of the search, with a fingerprint.

    character filters   normalise            (one character to one)
    tokenizer           Tokenizer            (jieba's algorithm with the domain's dictionary)
    token filter        subwords             (parts of a word, kept apart from the stream)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indexer.analysis.normalise import normalise
from indexer.analysis.tokenizer import Tokenizer
from indexer.analysis.tokens import TokenBatch, Tokens


class Analyzer:
    """Folding, tokens and parts of words; made by `load_analyzer`."""

    fingerprint: str

    def __init__(self, tokenizer: Tokenizer, fingerprint: str) -> None:
        self._tokenizer = tokenizer
        self.fingerprint = fingerprint
        self._parts: dict[str, tuple[str, ...]] = {}

    def normalise(self, text: str) -> str:
        """Fold a text one character to one."""
        return normalise(text)

    def tokens(self, text: str) -> Tokens:
        """The coarse stream of one text."""
        return self._tokenizer.tokens(text)

    def batch(self, texts: Sequence[str]) -> TokenBatch:
        """The coarse streams of several texts at once: much faster than one by one."""
        return self._tokenizer.batch(texts)

    def subwords(self, word: str) -> tuple[str, ...]:
        """The shorter words inside a token, without the token itself."""
        parts = self._parts.get(word)
        if parts is None:
            has, size = self._tokenizer.has_word, len(word)
            parts = tuple(
                word[i : i + n]
                for n in (2, 3)
                if n < size
                for i in range(size - n + 1)
                if has(word[i : i + n])
            )
            self._parts[word] = parts
        return parts


def load_analyzer(user_dir: Path | None = None) -> Analyzer:
    """The analyzer with the shipped data and, where given, the user's folder."""
    return Analyzer(Tokenizer(), "0")

