"""The analyzer: one recipe for both sides of the search, with a fingerprint.

character filters   normalise            (one character to one)
tokenizer           Tokenizer            (jieba's algorithm with the field's dictionary)
token filter        subwords             (parts of a word, kept apart from the stream)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from indexer import config
from indexer.analysis.dictionary import USER_WORDS, Dictionary, load_dictionary
from indexer.analysis.explain import Explanation, explain
from indexer.analysis.normalise import DATA, normalise
from indexer.analysis.subwords import divide
from indexer.analysis.synonyms import SYNONYMS, Synonyms, load_synonyms
from indexer.analysis.tokenizer import SEGMENTER, Tokenizer
from indexer.analysis.tokens import TokenBatch, Tokens

# Raised with every change of the code that changes tokens.
RECIPE = "2"
_FILES = (
    "fold.tsv", "folded.tsv", "idf.npz", "letters.tsv", "places.tsv", "synonyms.txt", "terms.txt",
)  # fmt: skip


class Analyzer:
    """Folding, tokens and parts of words; made by `load_analyzer`."""

    fingerprint: str
    """Digest over recipe, segmenter, its version and every dictionary: an index made with
    another one is not searched."""

    def __init__(
        self, dictionary: Dictionary, fingerprint: str, user_dir: Path | None = None
    ) -> None:
        self.fingerprint = fingerprint
        self.terms = tuple(dictionary.terms)
        """The field's and the user's own words."""
        self.places = dictionary.places
        """Names of divisions with their short forms."""
        self._tokenizer = Tokenizer(dictionary.counts.items())
        self._parts = dictionary.parts
        self.synonyms: Synonyms = load_synonyms(user_dir, self.batch, dictionary.plain_places)
        """Acts on queries alone."""

    def normalise(self, text: str) -> str:
        """Fold a text one character to one."""
        return normalise(text)

    def tokens(self, text: str) -> Tokens:
        """The coarse stream of one text."""
        return self._tokenizer.tokens(text)

    def runs(self, text: str) -> list[tuple[str, ...]]:
        """The words of a short text (a query), those without a gap between them together.

        The same words as `tokens` gives, at a hundredth of its fixed cost for plain Han.
        """
        folded = normalise(text)
        if all("\u4e00" <= sign <= "\u9fff" for sign in folded):
            return [tuple(self._tokenizer.cut(folded))] if folded else []
        tokens = self.tokens(text)
        found: list[tuple[str, ...]] = []
        last = None
        for word, position in zip(tokens.words, tokens.positions.tolist(), strict=True):
            if last is not None and position == last + 1:
                found[-1] += (word,)
            else:
                found.append((word,))
            last = position
        return found

    def batch(self, texts: Sequence[str]) -> TokenBatch:
        """The coarse streams of several texts at once: much faster than one by one."""
        return self._tokenizer.batch(texts)

    def subwords(self, word: str) -> tuple[str, ...]:
        """The shorter words inside a (folded) word, without the word itself."""
        if len(word) < 3:
            return ()
        parts = self._parts.get(word)
        return divide(word, self._tokenizer.has_word) if parts is None else parts

    def is_word(self, text: str) -> bool:
        """Whether a (folded) run of Han is a word of the dictionaries."""
        return self._tokenizer.has_word(text)

    def explain(self, text: str) -> Explanation:
        """Each step for a text: folded signs, tokens with offsets and parts, synonyms."""
        return explain(self, text)


def load_analyzer(user_dir: Path | None = None) -> Analyzer:
    """The analyzer with the shipped data and those of the user's folder.

    The folder is `user_dir`, else the one of the settings, else none. It may
    hold `user_words.txt` and `synonyms.txt`. Loading takes about 0.2 s, the second time
    nothing, as long as no file has changed. Raises ConfigError.
    """
    user_dir = user_dir or config.user_dir()
    return _load(user_dir, _fingerprint(user_dir))


@lru_cache(maxsize=4)
def _load(user_dir: Path | None, fingerprint: str) -> Analyzer:
    return Analyzer(load_dictionary(user_dir), fingerprint, user_dir)


def _fingerprint(user_dir: Path | None) -> str:
    digest = hashlib.sha256(f"{RECIPE} {SEGMENTER} {version(SEGMENTER)}".encode())
    files = [DATA / name for name in _FILES]
    if user_dir is not None:
        files += [user_dir / USER_WORDS, user_dir / SYNONYMS]
    for path in files:
        if path.exists():
            digest.update(f"\n{path.name}\n".encode())
            digest.update(path.read_bytes())
    return f"{SEGMENTER}-{digest.hexdigest()[:16]}"
