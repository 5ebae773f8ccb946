"""The words that may have been replaced, and the contexts that are shipped for them.

data/words.tsv is the lexicon, data/phrases.txt shows its words in the phrases of offices,
data/contexts.npz has counts of contexts from 24,000 pages of news (keys of one to three
characters, hashed, not text; `tests/quality/repair_training.py` makes it).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import HAN, tables
from indexer.analysis.tokenizer import Tokenizer
from indexer.repair import offices
from indexer.repair.contexts import ContextModel
from indexer.repair.counting import Counted, build, merged
from indexer.repair.shapes import SHAPES, shape
from indexer.repair.storing import load
from indexer.repair.stream import QUOTE, STOP, UNKNOWN, stream

NAMES = {shape: f"?{shape}" for shape in SHAPES}
"""Stand for all names and rare words of one shape: what an unknown word is that belongs there."""
PHRASE = 4.0
"""Occurrences that one phrase stands for."""
MOST_WORDS = 3000
"""Words learned from an archive besides those that are shipped."""
LEAST = 12
"""Occurrences from which a word is more than one of the rare ones."""
CHUNK = 200_000
"""Characters segmented at a time: bounds memory to some 20 MB."""
Ints = NDArray[np.int64]

_LETTER = re.compile("[a-z]")


def _read(name: str) -> list[str]:
    text = files("indexer.repair").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@functools.cache
def words() -> dict[str, str]:
    """The lexicon: word → its class (office, leader, province, city, country, place, noun)."""
    lexicon: dict[str, str] = {}
    for line in _read("words.tsv"):
        kind, listed = line.split("\t")
        for word in listed.split():
            lexicon.setdefault(word, kind)
    for name in offices.shipped().careers:
        lexicon.setdefault(name, "leader")
    for name in NAMES.values():
        lexicon[name] = "name"
    return lexicon


@functools.cache
def phrases() -> tuple[tuple[str, str, str], ...]:
    """(left, word, right): each word of the lexicon in its usual contexts.

    Raises ValueError where a line names no word of the lexicon.
    """
    members: dict[str, list[str]] = {}
    for word, kind in words().items():
        members.setdefault("@" + kind, []).append(word)
    found = []
    for line in _read("phrases.txt"):
        head, entries = line.split(": ", 1)
        head = NAMES["other"] if head == "?" else head
        if head not in members and head not in words():
            raise ValueError(f"phrases.txt: {head} is not in words.tsv")
        for word in members.get(head, [head]):
            for entry in entries.split():
                left, _, right = entry.partition("_")
                found.append((left, word, right))
    return tuple(found)


def _counted_phrases(numbers: dict[str, int]) -> Counted:
    """The phrases as one piece of `count`, apart by unknown signs."""
    parts: list[str] = []
    starts, ends, ids = [], [], []
    at = 0
    for left, word, right in phrases():
        starts.append(at + len(left))
        ends.append(at + len(left) + len(word))
        ids.append(numbers[word])
        parts.append(f"{left}{word}{right}\0")
        at += len(parts[-1])
    text = "".join(parts)
    classes = stream(text).classes.copy()
    # Signs in an entry show how it is written, not how often a word begins a sentence.
    classes[(classes == STOP) | (classes == QUOTE)] = UNKNOWN
    return classes, np.array(starts, np.int64), np.array(ends, np.int64), np.array(ids, np.int64)


@functools.cache
def _tokenizer() -> Tokenizer:
    return Tokenizer((word, 0) for word, kind in words().items() if kind != "name")


def cut(text: str) -> list[str]:
    """The words of a folded run of Han."""
    return _tokenizer().cut(text)


def is_word(text: str) -> bool:
    """Whether a folded run of Han is a word of jieba's dictionary or of the lexicon."""
    return _tokenizer().has_word(text)


def count(texts: Iterable[str], numbers: dict[str, int]) -> Iterator[Counted]:
    """Occurrences of words in texts, a chunk at a time.

    Every word of two Han and more gets a number, which is added to `numbers`. Words inside
    longer words count as well (教育 in 教育局).
    """
    parts: dict[str, list[tuple[int, int, int]]] = {}
    for chunk in _chunks(texts):
        batch = _tokenizer().batch(chunk)
        classes, origins = [], []
        for text in chunk:
            one = stream(text)
            classes.append(one.classes)
            origins.append(one.offsets)
        starts: list[int] = []
        ends: list[int] = []
        ids: list[int] = []
        base = 0
        for number, text in enumerate(chunk):
            tokens = batch[number]
            to_stream = np.full(len(text) + 1, len(classes[number]), dtype=np.int64)
            to_stream[origins[number]] = np.arange(len(origins[number]))
            begins = to_stream[tokens.starts].tolist() if len(tokens.starts) else []
            for word, at in zip(tokens.words, begins, strict=True):
                inner = parts.get(word)
                if inner is None:
                    inner = parts[word] = _parts(word, numbers)
                for offset, length, wid in inner:
                    starts.append(base + at + offset)
                    ends.append(base + at + offset + length)
                    ids.append(wid)
            base += len(classes[number]) + 1
        gap = np.array([STOP], dtype=np.uint32)
        joined = [piece for one in classes for piece in (one, gap)]
        yield (
            np.concatenate(joined), np.array(starts, np.int64), np.array(ends, np.int64),
            np.array(ids, np.int64),
        )  # fmt: skip


def _parts(word: str, numbers: dict[str, int]) -> list[tuple[int, int, int]]:
    """A word and the known words inside it: (offset, length, number)."""
    kinds = tables().kind
    if len(word) < 2 or len(word) > 12 or any(kinds[ord(char)] != HAN for char in word):
        return [(0, len(word), numbers[NAMES["letters"]])] if _LETTER.search(word) else []
    numbers.setdefault(word, len(numbers))
    found = []
    for size in range(2, len(word) + 1):
        for offset in range(len(word) - size + 1):
            wid = numbers.get(word[offset : offset + size])
            if wid is not None:
                found.append((offset, size, wid))
    return found


def _chunks(texts: Iterable[str]) -> Iterator[Sequence[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


@functools.cache
def shipped() -> ContextModel:
    """The model of the shipped contexts and phrases."""
    data = files("indexer.repair").joinpath("data/contexts.npz").read_bytes()
    return with_phrases(load(data))


def with_phrases(model: ContextModel) -> ContextModel:
    """The model with the words of the lexicon in their phrases."""
    # A word may be newer in the lexicon than the counts are.
    known = tuple(dict.fromkeys((*model.words, *words())))
    numbers = {word: number for number, word in enumerate(known)}
    return merged(model, build([_counted_phrases(numbers)], known), PHRASE)


def learned(texts: Sequence[str], words: Iterable[str] | None = None) -> ContextModel:
    """The contexts of `words` (those that are shipped) and of other frequent words in texts."""
    known = shipped().words if words is None else tuple(words)
    numbers = {word: number for number, word in enumerate(known)}
    counted = list(count(texts, numbers))
    totals = np.zeros(len(numbers), dtype=np.int64)
    for *_, ids in counted:
        totals += np.bincount(ids, minlength=len(totals))
    own = np.arange(len(totals)) < len(known)
    # The most frequent words besides: more of them cost time and seldom fit.
    most = np.sort(totals[~own])[-MOST_WORDS:]
    enough = max(LEAST, int(most[0]) if len(most) == MOST_WORDS else 0)
    kept = np.flatnonzero((totals >= enough) | own)
    every = list(numbers)
    renumber = named(every, kept, numbers)
    pieces = [(classes, starts, ends, renumber[ids]) for classes, starts, ends, ids in counted]
    return build(pieces, [every[number] for number in kept.tolist()])


def named(every: Sequence[str], kept: Ints, numbers: dict[str, int]) -> Ints:
    """Old number → new one for words of which only `kept` stay: what is rare is mostly a name,
    together these words show where names stand."""
    new = np.fromiter((numbers[NAMES[shape(word)]] for word in every), np.int64, len(every))
    new[kept] = np.arange(len(kept))
    return new
