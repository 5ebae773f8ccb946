"""Make the tables that the repair of hijacked pages knows words by, from clean documents."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from indexer import repair
from indexer.analysis.normalise import HAN, code_points, tables
from indexer.document import Document
from indexer.repair import vocabulary
from indexer.repair.candidates import candidates
from indexer.repair.contexts import ContextModel
from indexer.repair.counting import entries, entries_of, pruned
from indexer.repair.extents import variants
from indexer.repair.honest import LONGEST, hash_of, hashes
from indexer.repair.pages import page_stream
from indexer.repair.rare import compile_pairs
from indexer.repair.stream import Codes, stream
from indexer.repair.topics import FIRST_YEAR, TEXT, UNIT, Topics, page_words
from tests.repair.hijack import listed

DATA = Path(repair.__path__[0]) / "data"
COMMON = 5
"""Pages from which a pair of Han is common."""
FREQUENT = 300
"""Frequency in jieba's dictionary from which the pairs of a word are common."""
LEAST = 3
"""Pages from which a context of a word is shipped."""
ABOUT = 2
"""Occurrences from which a page is about a word."""
FEW = 3.0
"""Pages that a word is short of being known in a year."""
TOGETHER, TELLING = 3, 0.7
"""Pages that a word shares with a companion, and nats, from which the companion tells of it."""
SEVERAL = 2
"""Pages that a name stands on from which it is known."""
KNOWN_IN = 5
"""Pages in which a companion stands."""
DRAWN = 20.0
"""Pages that a word is short of being known: keeps rare words from having companions by chance."""


def pairs(documents: Sequence[Document]) -> bytes:
    """data/pairs.bin: which pairs of Han are common."""
    found = [np.unique(_pairs(stream(document.text).classes)) for document in documents]
    every, pages_with = np.unique(np.concatenate(found), return_counts=True)
    frequent = [
        _pairs(stream(word).classes) for word, frequency in _dictionary() if frequency >= FREQUENT
    ]
    common = np.unique(np.concatenate([every[pages_with >= COMMON], *frequent]))
    low = np.uint64((1 << 21) - 1)
    return compile_pairs(
        (common >> np.uint64(21)).astype(np.uint32), (common & low).astype(np.uint32)
    )


def _pairs(classes: Codes) -> NDArray[np.uint64]:
    han = tables().kind[classes] == HAN
    places = np.flatnonzero(han[:-1] & han[1:])
    paired: NDArray[np.uint64] = classes[places].astype(np.uint64) << np.uint64(21)
    return paired | classes[places + 1]


def _dictionary() -> Iterator[tuple[str, int]]:
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        yield word, int(frequency)


def contexts(documents: Sequence[Document]) -> ContextModel:
    """The model of data/contexts.npz."""
    texts = [document.text for document in documents]
    model = vocabulary.learned(texts, vocabulary.words())
    numbers = {word: number for number, word in enumerate(model.words)}
    pages = [list(vocabulary.count([text], numbers)) for text in texts]
    ids = vocabulary.named(list(numbers), np.arange(len(model.words)), numbers)
    found = [
        np.unique(
            np.concatenate(
                [
                    entries_of((classes, starts, ends, ids[its]))
                    for classes, starts, ends, its in pieces
                ]
            )
        )
        for pieces in pages
    ]
    every, pages_with = np.unique(np.concatenate(found), return_counts=True)
    own = entries(model)
    places = np.minimum(np.searchsorted(every, own), len(every) - 1)
    return pruned(model, (every[places] == own) & (pages_with[places] >= LEAST))


def topics(documents: Sequence[Document]) -> Topics:
    """The model of data/topics.npz."""
    words = [word for word, kind in vocabulary.words().items() if kind != "name"]
    pages_of: dict[str, list[int]] = {}
    for page, document in enumerate(documents):
        for word in page_words(document):
            pages_of.setdefault(word, []).append(page)
    companions = [word for word, its in sorted(pages_of.items()) if len(its) >= KNOWN_IN]
    about = [
        [
            page
            for page, document in enumerate(documents)
            if document.text[:TEXT].count(word) >= ABOUT
        ]
        for word in words
    ]
    size = len(documents)
    subjects = _incidence(about, size)
    present = _incidence([pages_of[word] for word in companions], size)
    together = (present @ subjects.T).tocoo()
    kept = together.data >= TOGETHER
    rows, columns, both = together.row[kept], together.col[kept], together.data[kept]
    share = np.array([len(pages_of[word]) for word in companions])[rows] / size
    total = np.array([len(its) for its in about])[columns]
    nats = np.log((both + DRAWN * share) / ((total + DRAWN) * share))
    # A companion that holds the word went with it when it was replaced.
    apart = [
        words[c] not in companions[r] for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    telling = (nats >= TELLING) & np.array(apart)
    rows, columns, nats = rows[telling], columns[telling], nats[telling]
    order = np.lexsort((columns, rows))
    used, firsts = np.unique(rows[order], return_index=True)
    return Topics(
        words=tuple(words),
        companions=tuple(companions[row] for row in used.tolist()),
        firsts=np.append(firsts, len(order)).astype(np.int64),
        ids=columns[order].astype(np.uint16),
        nats=np.minimum(nats[order] * UNIT, 255).astype(np.uint8),
        years=_years(documents, words),
    )


def _years(documents: Sequence[Document], words: Sequence[str]) -> NDArray[np.int8]:
    """Steps of nats [y, v]: log of the pages of a year with a word over those expected."""
    dated = [(int(one.date[:4]), page_words(one)) for one in documents if one.date]
    size = max(year for year, _ in dated) - FIRST_YEAR + 1
    numbers = {word: number for number, word in enumerate(words)}
    found, pages = np.zeros((size, len(words))), np.zeros(size)
    for year, its in dated:
        if year >= FIRST_YEAR:
            pages[year - FIRST_YEAR] += 1
            found[year - FIRST_YEAR, [numbers[word] for word in its & numbers.keys()]] += 1
    expected = np.outer(pages / pages.sum(), found.sum(axis=0))
    nats = np.log((found + FEW) / (expected + FEW))
    return np.clip(np.round(nats * UNIT), -127, 127).astype(np.int8)


def _incidence(pages: Sequence[Sequence[int]], size: int) -> sparse.csr_matrix:
    """Which pages of so many belong to each entry, as a matrix of ones."""
    firsts = np.cumsum([0, *map(len, pages)])
    inside = np.array([page for its in pages for page in its], dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(inside)), inside, firsts), shape=(len(pages), size))


def brands() -> list[str]:
    """Names of such sites: those of the development half, and of the shipped list without
    those of the other half."""
    text = (DATA / "signals.yaml").read_text(encoding="utf-8")
    shipped = text.split("brands: >", 1)[1].split("\n\n", 1)[0].split()
    made = [name for names in listed("brands.txt", "dev").values() for name in names]
    held_out = [name for names in listed("brands.txt", "held_out").values() for name in names]
    folded = {stream(name).text.rstrip(":") for name in (*shipped, *made)}
    return sorted(folded - {stream(name).text.rstrip(":") for name in held_out})


def honest(documents: Iterable[Document]) -> list[str]:
    """Names that repeat on clean pages as brands would."""
    names = {
        name.text
        for document in documents
        for name in candidates(page_stream(document), (document.title,))
        if name.origin in ("unknown", "part") and len(name.text) <= 8
    }
    return sorted(names)


def known_names(documents: Sequence[Document]) -> NDArray[np.uint32]:
    """The hashes of data/names.npz: names that repeat on a page, and stand on another."""
    pages = [page_stream(document) for document in documents]
    known = vocabulary.words()
    repeated = {
        variant.text
        for document, page in zip(documents, pages, strict=True)
        for name in candidates(page, (document.title,))
        for variant in variants(name, known)
        if len(variant.text) <= LONGEST
    }
    found = []
    for size in sorted({len(name) for name in repeated}):
        wanted = np.unique(
            np.array([hash_of(name) for name in repeated if len(name) == size], dtype=np.uint64)
        )
        pages_with = np.zeros(len(wanted), dtype=int)
        for page in pages:
            its = hashes(code_points(page.text), size)
            at = np.minimum(np.searchsorted(wanted, its), len(wanted) - 1)
            pages_with[np.unique(at[wanted[at] == its])] += 1
        found.append(wanted[pages_with >= SEVERAL])
    return np.unique(np.concatenate(found)).astype(np.uint32)


def odds(names: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    """log P(sign|brand) / P(sign|honest name) of Han, drawn towards 0 where little was seen."""
    inside = Counter(sign for name in names for sign in set(name))
    outside = Counter(sign for name in others for sign in set(name))
    few = 4.0
    found = {}
    for sign in inside.keys() | outside.keys():
        share = (outside[sign] + 1) / (len(others) + 1)
        if sign >= "\u3400" and inside[sign] + outside[sign] * len(names) / len(others) >= 1:
            expected = few * (outside[sign] + 1) / len(others)
            found[sign] = math.log((inside[sign] + expected) / (len(names) + few) / share)
    return found


def signs(names: Sequence[str], others: Sequence[str]) -> str:
    """data/signs.tsv."""
    rows = defaultdict(list)
    for sign, nats in odds(names, others).items():
        rows[round(max(-3.0, min(3.0, nats)) * 2) / 2].append(sign)
    lines = [
        f"{nats}\t{''.join(sorted(rows[nats]))}" for nats in sorted(rows, reverse=True) if nats
    ]
    return (
        "# Han that names of such sites are made of, against honest new names: nats <TAB> signs.\n"
        "# Made by tests/quality/repair_training.py.\n" + "\n".join(lines) + "\n"
    )
