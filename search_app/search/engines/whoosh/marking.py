"""Where a tree's words stand in the stored texts of documents, in characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.places import spans
from indexer.schema import TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.index import FIELD_BITS, POSITION, ArrayIndex
from search_app.search.engines.whoosh.spots import SHIFT, Keys, unpacked
from search_app.search.windows import best_windows

Raw: TypeAlias = tuple[int, int, int]
"""Start, end, and the extents (see `Spots`) that are still to be laid on the text."""

_FIELDS = len(TEXT_FIELDS) - 1
# Field 0 is the title; the bits of the others are never all 0.
assert TEXT_FIELDS[0].name == "title"


class Places(NamedTuple):
    """Places of words in several documents, one row each: the document (by its place in the
    list asked for), the field (by its number), start and end of the tokens in the text, what
    of them to leave out, and the word."""

    documents: int
    rows: Keys
    fields: Keys
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    extents: Keys
    words: Keys

    def _within(self, text: str) -> Keys:
        wanted = [number for number, field in enumerate(TEXT_FIELDS) if field.of == text]
        mask = self.fields == wanted[0]
        for number in wanted[1:]:
            mask |= self.fields == number
        return np.flatnonzero(mask)

    def by_document(
        self, text: str, near: Sequence[Sequence[tuple[int, int]]] | None = None, length: int = 0
    ) -> list[list[Raw]]:
        """The places in one of the texts ("title", "text", "caption") of each document; where
        `near` has stretches of each text, only those that passages of `length` characters over
        them can show, and what lies between."""
        result: list[list[Raw]] = [[] for _ in range(self.documents)]
        at = self._within(text)
        if near is not None:
            bounds = [
                (
                    min([a - max(length - (b - a), length // 4) for a, b in part]),
                    max([max(b, a + length) for a, b in part]) + length // 3,
                )
                if part
                else (0, 0)
                for part in near
            ]
            low, high = np.array(bounds, dtype=np.int64).reshape(-1, 2).T  # also of no document
            rows = self.rows[at]
            at = at[(self.ends[at] > low[rows]) & (self.starts[at] < high[rows])]
        columns = (self.rows, self.starts, self.ends, self.extents)
        for row, *place in zip(*[column[at].tolist() for column in columns], strict=True):
            result[row].append(tuple(place))
        return result

    def windows(self, text: str, length: int, count: int) -> list[list[tuple[int, int]]]:
        """The best stretches of the texts, see `best_windows`."""
        at = self._within(text)
        return best_windows(
            self.rows[at], self.starts[at].astype(np.int64), self.ends[at].astype(np.int64),
            self.words[at],
            self.documents, length, count,
        )  # fmt: skip


def groups(node: tree.Node | None) -> list[tuple[tree.Leaf, ...]]:
    """The words that a tree asks for from left to right, each with all its alternatives;
    then the words that only score, each for itself."""
    if isinstance(node, (tree.All, tree.Most)) or (
        isinstance(node, tree.Any) and node.combine == "sum"
    ):
        found = [group for child in node.children for group in groups(child)]
        if isinstance(node, tree.Most) and node.scoring:
            known = {leaf for group in found for leaf in group}
            found.extend((leaf,) for leaf in tree.leaves(node) if leaf not in known)
        return found
    leaves = () if node is None else tuple(tree.leaves(node))
    return [leaves] if leaves else []


def places(
    index: ArrayIndex, docs: Sequence[int], node: tree.Node | None, *, titles: bool = True
) -> Places:
    """Places of each word of the tree in the texts of the documents; without those in titles
    where nobody looks at them."""
    size = len(docs)
    low = np.array(docs, dtype=np.int64) << SHIFT
    edges = np.concatenate((low, low + (1 << SHIFT)))
    columns = []
    for word, leaves in enumerate(groups(node)):
        spots = index.group(leaves)
        bounds = spots.keys.searchsorted(edges)
        counts = bounds[size:] - bounds[:size]
        ends = counts.cumsum()
        if len(ends) and ends[-1]:
            at = (bounds[:size] - ends + counts).repeat(counts)
            at += np.arange(ends[-1])
            rows = np.arange(size).repeat(counts)
            columns.append((rows, spots.keys[at], spots.extents[at], np.full(len(at), word)))
    if not columns:
        nothing, nowhere = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
        return Places(size, nothing, nothing, nowhere, nowhere, nothing, nothing)
    rows, keys, extents, words = (
        np.concatenate([column[number] for column in columns]) for number in range(4)
    )
    fields = (keys >> FIELD_BITS) & _FIELDS
    if not titles:
        inside = np.flatnonzero(fields)
        rows, keys, extents, words = (c[inside] for c in (rows, keys, extents, words))
        fields = fields[inside]
    # Every text with a place is summed up once: a row per document and field.
    lines = fields * size + rows
    used = np.zeros(len(TEXT_FIELDS) * size, dtype=bool)
    used[lines] = True
    texts = []
    if not used.any():
        nowhere = np.empty(0, dtype=np.int32)
        return Places(size, rows, fields, nowhere, nowhere, extents, words)
    for line in used.nonzero()[0].tolist():
        segment, local = index.generation.locate(docs[line % size])
        texts.append((segment.fields[TEXT_FIELDS[line // size].name].shapes, local))
    more = unpacked(extents)[1] if extents.any() else 0
    starts, stops = spans(texts, (used.cumsum() - 1)[lines], keys & POSITION, more)
    return Places(size, rows, fields, starts, stops, extents, words)


def exact(text: str, raw: Sequence[Raw]) -> list[tuple[int, int]]:
    """Places on the text as it was written: the parts of a word are counted over its own
    characters, whatever spaces and signs stand between them."""
    result = []
    size = len(text)
    for start, end, extents in raw:
        if extents:
            lead, _, tail = unpacked(extents)
            start, end = _trimmed(text, start, end, lead, tail)  # noqa: PLW2901
        if start < end <= size:
            result.append((start, end))
    return result


def _trimmed(text: str, start: int, end: int, lead: int, tail: int) -> tuple[int, int]:
    if text[start:end].isalnum():
        return start + lead, end - tail
    while lead and start < end:
        if text[start].isalnum():
            lead -= 1
        start += 1
    while tail and end > start:
        end -= 1
        if text[end].isalnum():
            tail -= 1
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end
