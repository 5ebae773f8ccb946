"""Where a tree's words stand in the stored texts of documents, in characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from indexer.engines.whoosh.places import spans
from indexer.schema import TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.index import FIELD_BITS, POSITION, ArrayIndex
from search_app.search.engines.whoosh.spots import SHIFT, unpacked
from search_app.search.snippets import Place

Raw: TypeAlias = tuple[int, int, int, int]
"""Start, end, word, and the extents (see `Spots`) that are still to be laid on the text."""

Found: TypeAlias = dict[str, list[Raw]]
"""The places in one document by the text that they lie in: "title", "text", "caption"."""

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


def places(index: ArrayIndex, docs: Sequence[int], node: tree.Node | None) -> list[Found]:
    """Per document the places of each word of the tree."""
    result: list[Found] = [{} for _ in docs]
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
            columns.append((rows, spots.keys[at], spots.extents[at], [word] * len(at)))
    if not columns:
        return result
    rows, keys, extents = (np.concatenate([column[n] for column in columns]) for n in range(3))
    fields = (keys >> FIELD_BITS) & _FIELDS
    # Every text with a place is summed up once: a row per document and field.
    lines = fields * size + rows
    used = np.zeros(len(TEXT_FIELDS) * size, dtype=bool)
    used[lines] = True
    texts = []
    for line in used.nonzero()[0].tolist():
        segment, local = index.generation.locate(docs[line % size])
        texts.append((segment.fields[TEXT_FIELDS[line // size].name].shapes, local))
    odd = bool(extents.any())
    more = unpacked(extents)[1] if odd else 0
    starts, stops = spans(texts, (used.cumsum() - 1)[lines], keys & POSITION, more)
    words = [word for column in columns for word in column[3]]
    for row, field, *place in zip(
        rows.tolist(), fields.tolist(), starts.tolist(), stops.tolist(), words,
        extents.tolist() if odd else [0] * len(words), strict=True,
    ):  # fmt: skip
        result[row].setdefault(TEXT_FIELDS[field].of, []).append(tuple(place))
    return result


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
