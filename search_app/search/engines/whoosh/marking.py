"""Where a tree's words stand in the stored texts of documents, in characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.narrow import ramps
from indexer.engines.whoosh.segment import FieldReader
from indexer.schema import TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.index import FIELD_BITS, POSITION, ArrayIndex
from search_app.search.engines.whoosh.spots import SHIFT, unpacked
from search_app.search.snippets import Place

Raw: TypeAlias = tuple[int, int, int, int]
"""Start, end, word, and the extents (see `Spots`) that are still to be laid on the text."""

_FIELDS = len(TEXT_FIELDS) - 1


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
    index: ArrayIndex, docs: Sequence[int], node: tree.Node | None
) -> list[dict[str, list[Raw]]]:
    """Per document the places of each word of the tree, by the text that they lie in:
    "title", "text" or "caption"."""
    result: list[dict[str, list[Raw]]] = [{} for _ in docs]
    size = len(docs)
    low = np.array(docs, dtype=np.int64) << SHIFT
    edges = np.concatenate((low, low + (1 << SHIFT)))
    columns = []
    for word, leaves in enumerate(groups(node)):
        spots = index.group(leaves)
        bounds = spots.keys.searchsorted(edges)
        counts = bounds[size:] - bounds[:size]
        at = ramps(bounds[:size], counts)
        if len(at):
            rows = np.arange(size).repeat(counts)
            columns.append((rows, spots.keys[at], spots.extents[at], np.full(len(at), word)))
    if not columns:
        return result
    rows, keys, extents, words = (
        columns[0]
        if len(columns) == 1
        else [np.concatenate(column) for column in zip(*columns, strict=True)]
    )
    # One round per field and segment that has any places: nearly always two.
    unit = (keys >> FIELD_BITS) & _FIELDS
    many = len(index.generation.segments) > 1
    if many:
        bases = np.array(index.generation.bases)
        unit |= (bases.searchsorted(keys >> SHIFT, "right") - 1) << 8
    for number in sorted(set(unit.tolist())):
        chosen = np.flatnonzero(unit == number)
        segment = index.generation.segments[number >> 8]
        field = TEXT_FIELDS[number & _FIELDS]
        starts, ends = _located(
            segment.fields[field.name],
            np.array(docs) - index.generation.bases[number >> 8],
            rows[chosen],
            keys[chosen] & POSITION,
            extents[chosen],
        )
        lists = rows[chosen], starts, ends, words[chosen], extents[chosen]
        for row, *place in zip(*[column.tolist() for column in lists], strict=True):
            result[row].setdefault(field.of, []).append(tuple(place))
    return result


def _located(
    field: FieldReader,
    docs: NDArray[np.int64],
    rows: NDArray[np.int64],
    positions: NDArray[np.int64],
    extents: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where occurrences start and end in the text of the documents `docs[rows]`."""
    used = np.zeros(len(docs), dtype=bool)
    used[rows] = True
    more = unpacked(extents)[1] if extents.any() else 0
    return field.spans(docs[used], (used.cumsum() - 1)[rows], positions, more)


def exact(text: str, raw: Sequence[Raw]) -> list[Place]:
    """Places on the text as it was written: the parts of a word are counted over its own
    characters, whatever spaces and signs stand between them."""
    result = []
    size = len(text)
    for start, end, word, extents in raw:
        if extents:
            lead, _, tail = unpacked(extents)
            start, end = _trimmed(text, start, end, lead, tail)  # noqa: PLW2901
        if start < end <= size:
            result.append((start, end, word))
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
