"""The words that may have been replaced: data/words.tsv, and the contexts of data/phrases.txt."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import HAN, tables
from indexer.analysis.tokenizer import Tokenizer
from indexer.repair.contexts import ContextModel, build
from indexer.repair.stream import QUOTE, STOP, UNKNOWN, Codes, stream

Ints = NDArray[np.int64]
Counted = tuple[Codes, Ints, Ints, Ints]
"""Classes of a piece of text; starts, ends and numbers of the words in it."""
PHRASE_FLOOR = 0.4
"""Phrases show a part of a word's contexts only: a new context tells little against it."""
NAME = "?"
"""Stands for all names and rare words together: what an unknown word is that belongs there."""
TIERS = {"3": 200.0, "2": 70.0, "": 25.0}
"""Occurrences that stand for a tier of data/common.tsv."""
MOST_WORDS = 3000
"""Words learned from an archive besides those of the lexicon."""
CHUNK = 200_000
"""Characters segmented at a time: bounds memory to some 20 MB."""


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
    for line in _read("leaders.tsv"):
        lexicon.setdefault(line.split("\t")[0], "leader")
    lexicon[NAME] = "name"
    return lexicon


@functools.cache
def commonness() -> NDArray[np.float64]:
    """How common each word of the lexicon is, in occurrences of a notional collection [v]."""
    tiers = {
        word: TIERS[tier]
        for tier, listed in (line.split("\t") for line in _read("common.tsv"))
        for word in listed.split()
    }
    return np.array([tiers.get(word, TIERS[""]) for word in words()])


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
    return Tokenizer((word, 0) for word in words())


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
        return []
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
    """The model of the lexicon and its phrases alone."""
    numbers = {word: i for i, word in enumerate(words())}
    return build([_counted_phrases(numbers)], list(numbers), floor=PHRASE_FLOOR)


def learned(texts: Sequence[str], least: int = 12) -> ContextModel:
    """The contexts of the lexicon and of other frequent words in texts."""
    numbers = {word: i for i, word in enumerate(words())}
    counted = list(count(texts, numbers))
    totals = np.zeros(len(numbers), dtype=np.int64)
    for *_, ids in counted:
        totals += np.bincount(ids, minlength=len(totals))
    own = np.arange(len(totals)) < len(words())
    # The most frequent words besides the lexicon: more of them cost time and seldom fit.
    most = np.sort(totals[~own])[-MOST_WORDS:]
    enough = max(least, int(most[0]) if len(most) == MOST_WORDS else 0)
    kept = np.flatnonzero((totals >= enough) | own)
    # What is rare is mostly a name: together these words show where names stand.
    renumber = np.full(len(totals), list(words()).index(NAME), dtype=np.int64)
    renumber[kept] = np.arange(len(kept))
    names = list(numbers)
    pieces = [(classes, starts, ends, renumber[ids]) for classes, starts, ends, ids in counted]
    return build(pieces, [names[i] for i in kept.tolist()])
