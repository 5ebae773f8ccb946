"""What may be suggested while someone types, prepared when an index is built.

    data = build_suggestions(analyzer, vocabulary, titles)      # bytes of one file

Entries are words of the index with the number of documents that have them, places, terms of
the field, phrases that titles repeat, and titles. The file is NumPy's `.npz` with:

    text, text_bounds    the entries in order of their folded text, UTF-8
    kinds, weights       per entry: place in `KINDS`, number of documents
    full, full_bounds, full_entries       sorted spellings in pinyin, and whose they are
    short, short_bounds, short_entries    sorted first letters of their syllables

Reading it makes no objects: see `search_app.search.suggest`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.dictionary import HAN
from indexer.analysis.pinyin import syllables

if TYPE_CHECKING:
    from indexer.analysis.analyzer import Analyzer

KINDS = ("title", "word", "phrase", "place", "term")
"""What an entry is; where a text is several of these, the later one counts."""
FILE = "suggest.npz"

MOST_WORDS = 20_000
MOST_PHRASES = 10_000
MOST_TITLES = 10_000
LONGEST_WORD = 12
LONGEST_TITLE = 60
TITLE_SYLLABLES = 8
"""Titles are found by the spelling of their beginning alone."""
PHRASE_WORDS = (2, 3, 4)
PHRASE_DOCUMENTS = 3
MOSTLY = 0.7


def build_suggestions(
    analyzer: Analyzer,
    vocabulary: Iterable[tuple[str, int]],
    titles: Sequence[str],
) -> bytes:
    """The file for an index.

    `vocabulary` are the words of its texts with their numbers of documents, `titles` the
    titles of its documents (of a large index a part of them is taken).
    """
    entries: dict[str, tuple[int, int]] = {}
    distinct = list(dict.fromkeys(" ".join(title.split()) for title in titles))
    step = -(-len(distinct) // MOST_TITLES) or 1
    sample = distinct[::step]
    for title in sample:
        if 4 <= len(title) <= LONGEST_TITLE:
            entries[title] = (KINDS.index("title"), 1)
    counts = dict(vocabulary)
    for word in _frequent(counts, least=2 if len(distinct) >= 500 else 1):
        entries[word] = (KINDS.index("word"), counts[word])
    for phrase, count in repeated_phrases(analyzer, sample).items():
        entries.setdefault(phrase, (KINDS.index("phrase"), count * step))
    ours = _known_words(analyzer, counts)
    for name, forms in analyzer.places.items():
        # 成功 is a place where 成功镇 is written too.
        if name in ours:
            for word in (name, *forms):
                if word in ours:
                    entries[word] = (KINDS.index("place"), ours[word])
    for word in analyzer.terms:
        if word in ours:
            entries[word] = (KINDS.index("term"), ours[word])
    return _packed(analyzer, entries)


def _known_words(analyzer: Analyzer, counts: Mapping[str, int]) -> Counter[str]:
    """Words of our dictionaries that the index holds, 残联 in 县残联 too."""
    known: Counter[str] = Counter()
    for name, forms in analyzer.places.items():
        for word in (name, *forms):
            if word in counts:
                known[word] = counts[word]
    terms = [word for word in analyzer.terms if word in counts]
    known.update({word: counts[word] for word in terms})
    ours = frozenset(analyzer.terms)
    for word in terms:
        for part in analyzer.subwords(word):
            if part in ours:
                known[part] += counts[word]
    return known


def _frequent(counts: Mapping[str, int], least: int) -> list[str]:
    """The most frequent words of Han, frequent ones first.

    A word of less than `least` documents may be a slip of the pen.
    """
    values = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    # A third of the words are of one character or no Han.
    most = 2 * MOST_WORDS
    if len(values) > most:
        least = max(least, int(np.partition(values, -most)[-most]))
    kept = [
        word
        for word, count in counts.items()
        if count >= least and 2 <= len(word) <= LONGEST_WORD and HAN.fullmatch(word)
    ]
    kept.sort(key=lambda word: (-counts[word], word))
    return kept[:MOST_WORDS]


def repeated_phrases(analyzer: Analyzer, titles: Sequence[str]) -> dict[str, int]:
    """Runs of two to four longer words that several titles have, with the number of titles.

    Runs that mostly stand inside one longer run are left out.
    """
    batch = analyzer.batch(titles)
    found: Counter[str] = Counter()
    for number in range(len(batch)):
        tokens = batch[number]
        gaps = np.flatnonzero(np.diff(tokens.positions) > 1) + 1
        edges = [0, *gaps.tolist(), len(tokens)]
        seen: set[str] = set()
        for first, last in pairwise(edges):
            words = tokens.words[first:last]
            for size in PHRASE_WORDS:
                for place in range(len(words) - size + 1):
                    run = words[place : place + size]
                    if min(map(len, run)) > 1:
                        seen.add("".join(run))
        found.update(seen)
    kept = {
        phrase: count
        for phrase, count in found.items()
        if count >= PHRASE_DOCUMENTS and len(phrase) <= LONGEST_WORD and HAN.fullmatch(phrase)
    }
    inside = {
        part
        for phrase, count in kept.items()
        for part in _shorter(phrase)
        if kept.get(part, 0) * MOSTLY <= count
    }
    best = sorted(kept.keys() - inside, key=lambda phrase: (-kept[phrase], phrase))
    return {phrase: kept[phrase] for phrase in best[:MOST_PHRASES]}


def _shorter(phrase: str) -> Iterator[str]:
    for start in range(len(phrase) - 1):
        for end in range(start + 2, len(phrase) + 1):
            if end - start < len(phrase):
                yield phrase[start:end]


def spell(folded: str, most: int | None = None) -> tuple[str, str]:
    """The spelling of a folded text in pinyin and the first letters of its syllables."""
    parts = syllables(folded[:most])
    if not folded.isalnum():
        parts = [part for part in parts if part.isalnum()]
    return "".join(parts), "".join([part[0] for part in parts])


def _packed(analyzer: Analyzer, entries: Mapping[str, tuple[int, int]]) -> bytes:
    # Entries hold no line ends, so all of them are folded in one go.
    together = analyzer.normalise("\n".join(entries)).split("\n")
    folded = dict(zip(entries, together, strict=bool(entries)))
    texts = sorted(entries, key=lambda text: (folded[text], text))
    full: list[tuple[str, int]] = []
    short: list[tuple[str, int]] = []
    for number, text in enumerate(texts):
        is_title = entries[text][0] == KINDS.index("title")
        spelling, letters = spell(folded[text], TITLE_SYLLABLES if is_title else None)
        full.append((spelling, number))
        short.append((letters, number))
    arrays = {
        "kinds": np.array([entries[text][0] for text in texts], dtype=np.uint8),
        "weights": np.array([entries[text][1] for text in texts], dtype=np.uint32),
        **_strings("text", texts),
    }
    for name, keys in (("full", full), ("short", short)):
        keys.sort()
        arrays.update(_strings(name, [key for key, _ in keys]))
        arrays[f"{name}_entries"] = np.array([number for _, number in keys], dtype=np.uint32)
    out = io.BytesIO()
    np.savez(out, **arrays)  # type: ignore[arg-type]  # the stubs take allow_pickle for an array
    return out.getvalue()


def _strings(name: str, texts: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """Texts as one run of UTF-8 bytes and the bounds of each."""
    data = [text.encode("utf-8", "surrogatepass") for text in texts]
    bounds = np.zeros(len(data) + 1, dtype=np.uint32)
    np.cumsum([len(each) for each in data], out=bounds[1:])
    return {name: np.frombuffer(b"".join(data), dtype=np.uint8), f"{name}_bounds": bounds}
