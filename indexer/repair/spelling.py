"""What a name says by itself, as numbers: its signs, its shape, the words that it is made of."""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from itertools import pairwise

from indexer.repair.candidates import FREQUENT
from indexer.repair.honest import is_honest
from indexer.repair.rare import is_rare
from indexer.repair.shapes import given, shape, transcribed
from indexer.repair.signals import signals
from indexer.repair.vocabulary import cut, is_word, words

_DIGIT = re.compile("[0-9]")
_LETTER = re.compile("[a-z]")
_HAN = re.compile("[\u3400-\u9fff]")
_PAIR = re.compile("[\u3400-\u9fff]{2}")
# Signs of grammar, which a name hardly begins or ends with.
_FUNCTION = frozenset("将还的了在和是也就都该这一为与及或但从被把对向由已又再此其称")


@functools.lru_cache(maxsize=1 << 14)
def spelled(text: str) -> dict[str, float]:
    """Features of a folded name, of the order of one; the caller does not change them."""
    rules = signals()
    size = len(text)
    kind = shape(text)
    tail = rules.ends.search(text, 1) is not None
    firm = rules.firms.search(text, 1) is not None
    weak = not firm and rules.weak_tails.search(text, 1) is not None
    letters, digits = _LETTER.search(text), _DIGIT.search(text)
    han = len(_HAN.findall(text))
    syllables = rules.syllables.findall(text)
    return {
        "bias": 1.0,
        "tail": float(tail),
        "weak_tail": float(weak and not tail),
        "firm": float(firm and not tail),
        "site": float(rules.sites.search(text, 1) is not None),
        "word": float(is_word(text)),
        "honest": float(is_honest(text)),
        "person": float(kind == "person"),
        "given": given(text) if kind == "person" else 0.0,
        "foreign": transcribed(text),
        "place": float(kind == "place"),
        "rare": _rareness(text),
        "signs": bounded(made_of(text)),
        "syllables": min(3.0, len(syllables) * min(1.0, 6 / size)) / 2,
        "mixed": float(bool(letters or digits) and han > 0),
        "coded": float(bool(letters) and bool(digits)),
        "latin": float(bool(letters)),
        "sign": float(text[-1:] == ":" or any(sign in text for sign in "_@|")),
        "parts": float(_all_words(text)),
        "long": min(1.0, max(0.0, size - 6) / 4),
        "edge": float(text[0] in _FUNCTION or text[-1] in _FUNCTION),
        "phrase": float(han > 9),
        "office": float(any(text[-size:] in _offices() for size in (2, 3, 4))),
    }


@functools.cache
def _offices() -> frozenset[str]:
    """The offices of the lexicon: what a name of such a site hardly ends with."""
    return frozenset(word for word, kind in words().items() if kind == "office")


def made_of(text: str) -> float:
    """log P(signs|brand) / P(signs|honest new name), by the Han that brands are made of."""
    signs = _signs()
    return sum(signs.get(sign, 0.0) for sign in text)


def bounded(nats: float) -> float:
    """The feature "signs"."""
    return max(-2.0, min(2.0, nats / 3))


@functools.cache
def _signs() -> dict[str, float]:
    text = files("indexer.repair").joinpath("data/signs.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return {sign: float(nats) for nats, signs in rows for sign in signs}


def _all_words(text: str) -> bool:
    """Whether a name is put together from dictionary words and common single signs, as
    honest names and what runs over their edges mostly are."""
    return all(is_word(word) if len(word) > 1 else word in FREQUENT for word in cut(text))


def _rareness(text: str) -> float:
    """Share of the pairs of Han in a name that are rare."""
    pairs = [pair for pair in map("".join, pairwise(text)) if _PAIR.match(pair)]
    return sum(map(is_rare, pairs)) / len(pairs) if pairs else 0.0
