"""Where a tree's words stand in the stored texts of documents, in characters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from indexer.engines.whoosh.places import Shapes, spans
from indexer.schema import TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.index import FIELD_BITS, POSITION, ArrayIndex
from search_app.search.engines.whoosh.spots import SHIFT, Keys, unpacked
from search_app.search.windows import best_windows

Span: TypeAlias = tuple[int, int]
Lines: TypeAlias = tuple[Keys, Keys, Keys, Keys]
"""Columns of places: line, start, end, and the number of the word."""

_LEAVES = (tree.Word, tree.Run, tree.Prefix, tree.Wildcard, tree.Fuzzy)
_LOW = (1 << 16) - 1
_NOWHERE = np.empty(0, dtype=np.int64)


class Places:
    """Places of words in some texts ("title", "text", "caption") of several documents.

    A line is one text of one document: first all documents' first text, then all their second
    one, and so on. `columns` are sorted by line, start and end.
    """

    __slots__ = ("_edges", "_ends", "_extents", "_longest", "_size", "_starts", "columns")

    def __init__(self, size: int, lines: int, columns: Lines, extents: Keys | None = None) -> None:
        """Of `size` documents with `lines` lines; `extents` say what of the tokens to leave
        out (see `Spots`), None where nothing is."""
        line, starts, ends, _ = columns
        # One number that sorts as line, start and length do; equal ones stay in their order.
        widths = np.minimum(ends - starts, _LOW)
        order = ((line << 48) + (starts << 16) + widths).argsort(kind="stable")
        line, starts, ends, words = (column[order] for column in columns)
        self._size = size
        self.columns: Lines = line, starts, ends, words
        self._edges: list[int] = line.searchsorted(np.arange(lines + 1)).tolist()
        self._longest = int(widths.max(initial=0))
        if self._longest == _LOW:
            self._longest = int((ends - starts).max())
        self._starts: list[int] = starts.tolist()
        self._ends: list[int] = ends.tolist()
        self._extents: list[int] | None = None if extents is None else extents[order].tolist()

    def windows(self, length: int, count: int) -> list[list[Span]]:
        """The best stretches of the documents' first texts, see `best_windows`."""
        first = self._edges[self._size]
        line, starts, ends, words = (column[:first] for column in self.columns)
        return best_windows(line, starts, ends, words, self._size, length, count)

    def spans(self, line: int, text: str, low: int = 0, high: int | None = None) -> list[Span]:
        """The places between two characters of a line's text as it was written, sorted; those
        that end before `low` may be among them."""
        first, last = self._edges[line : line + 2]
        if first == last:
            return []
        starts = self._starts
        if low > self._longest:
            first = bisect_left(starts, low - self._longest, first, last)
        if high is not None:
            last = bisect_left(starts, high, first, last)
        found = list(zip(starts[first:last], self._ends[first:last], strict=True))
        if self._extents is None or not any(self._extents[first:last]):
            return found
        return _exact(text, found, self._extents[first:last])


def groups(node: tree.Node | None) -> list[tuple[tree.Leaf, ...]]:
    """The words that a tree asks for from left to right, each with all its alternatives;
    then the words that only score, each for itself."""
    if isinstance(node, _LEAVES):
        return [(node,)]
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
    index: ArrayIndex,
    docs: Sequence[int],
    node: tree.Node | None,
    texts: Sequence[str] = ("text",),
) -> Places:
    """Places of each word of the tree in some texts of the documents."""
    size = len(docs)
    base = np.array(docs, dtype=np.int64) << SHIFT
    fields, firsts = [], []
    for text, name in enumerate(texts):
        for field in index.fields_of[name]:
            fields.append((field, text * size))
            firsts.append(base + (field << FIELD_BITS))
    lines = size * len(texts)
    if not fields:
        return Places(size, lines, (_NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE))
    low = np.concatenate(firsts)
    edges = np.concatenate((low, low + (1 << FIELD_BITS)))
    wanted = np.array(sorted(docs), dtype=np.intp)
    # Stretches of keys of one word in one field of one document, and all texts with any.
    keys, extents, counts, stretches = [], [], [], []
    shapes: list[tuple[Shapes, int]] = []
    number_of: dict[int, int] = {}
    parted = False
    for word, leaves in enumerate(groups(node)):
        spots = index.group(leaves, wanted)
        parted |= spots.parted
        bounds = spots.keys.searchsorted(edges).tolist()
        for row, first in enumerate(bounds[: len(low)]):
            last = bounds[row + len(low)]
            if first == last:
                continue
            keys.append(spots.keys[first:last])
            extents.append(spots.extents[first:last])
            counts.append(last - first)
            field, line = fields[row // size]
            number = number_of.setdefault(row, len(shapes))
            if number == len(shapes):
                segment, local = index.generation.locate(docs[row % size])
                shapes.append((segment.fields[TEXT_FIELDS[field].name].shapes, local))
            stretches.append(((number << 16 | line + row % size) << 16) | word)
    if not keys:
        return Places(size, lines, (_NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE))
    stretch = np.array(stretches).repeat(counts)
    positions = np.concatenate(keys) & POSITION
    left_out = np.concatenate(extents) if parted else None
    more = None if left_out is None else unpacked(left_out)[1]
    starts, ends = spans(shapes, stretch >> 32, positions, more)
    columns = (stretch >> 16) & _LOW, starts, ends, stretch & _LOW
    return Places(size, lines, columns, left_out)


def _exact(text: str, found: Sequence[Span], extents: Sequence[int]) -> list[Span]:
    """Places on the text as it was written: the parts of a word are counted over its own
    characters, whatever spaces and signs stand between them."""
    result = []
    for (start, end), extent in zip(found, extents, strict=True):
        if extent:
            lead, _, tail = unpacked(extent)
            start, end = _trimmed(text, start, end, lead, tail)  # noqa: PLW2901
        if start < end:
            result.append((start, end))
    result.sort()
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
