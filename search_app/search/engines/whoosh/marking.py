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
from search_app.search.engines.whoosh.spots import SHIFT
from search_app.search.snippets import Place

Raw: TypeAlias = tuple[int, int, int, int, int]
"""Start, end, word, and the characters to leave out at its beginning and end: still to be
laid on the text, see `exact`."""

_FIELDS = len(TEXT_FIELDS) - 1


def groups(node: tree.Node | None) -> list[tuple[tree.Leaf, ...]]:
    """The words that a tree asks for from left to right, each with all its alternatives."""
    if isinstance(node, (tree.All, tree.Most)) or (
        isinstance(node, tree.Any) and node.combine == "sum"
    ):
        return [group for child in node.children for group in groups(child)]
    leaves = () if node is None else tuple(tree.leaves(node))
    return [leaves] if leaves else []


def places(
    index: ArrayIndex, docs: Sequence[int], node: tree.Node | None
) -> list[dict[str, list[Raw]]]:
    """Per document the places of each word of the tree, by the text that they lie in:
    "title", "text" or "caption"."""
    result: list[dict[str, list[Raw]]] = [{field.of: [] for field in TEXT_FIELDS} for _ in docs]
    low = np.array(docs, dtype=np.int64) << SHIFT
    high = low + (np.int64(1) << SHIFT)
    columns: list[tuple[NDArray[np.int64], ...]] = []
    for word, leaves in enumerate(groups(node)):
        spots = index.group(leaves)
        first = spots.keys.searchsorted(low)
        counts = spots.keys.searchsorted(high) - first
        at = ramps(first, counts)
        if len(at):
            rows = np.repeat(np.arange(len(docs)), counts)
            columns.append(
                (
                    rows, spots.keys[at], spots.lead[at], spots.more[at], spots.tail[at],
                    np.full(len(at), word),
                )
            )  # fmt: skip
    if not columns:
        return result
    rows, keys, lead, more, tail, words = (
        np.concatenate(column) for column in zip(*columns, strict=True)
    )
    # One round per segment and field that has any places: nearly always two.
    bases = np.array(index.generation.bases)
    unit = (bases.searchsorted(keys >> SHIFT, "right") - 1) * (_FIELDS + 1)
    unit += (keys >> FIELD_BITS) & _FIELDS
    for number in np.unique(unit).tolist():
        chosen = np.flatnonzero(unit == number)
        segment = index.generation.segments[number // (_FIELDS + 1)]
        field = TEXT_FIELDS[number % (_FIELDS + 1)]
        base = index.generation.bases[number // (_FIELDS + 1)]
        starts, ends = _located(
            segment.fields[field.name],
            (keys[chosen] >> SHIFT) - base,
            keys[chosen] & POSITION,
            more[chosen],
        )
        for row, *place in zip(
            rows[chosen].tolist(), starts.tolist(), ends.tolist(), words[chosen].tolist(),
            lead[chosen].tolist(), tail[chosen].tolist(), strict=True,
        ):  # fmt: skip
            result[row][field.of].append(tuple(place))  # type: ignore[arg-type]
    return result


def _located(
    field: FieldReader,
    docs: NDArray[np.int64],
    positions: NDArray[np.int64],
    more: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where occurrences start and end in the text of their documents."""
    distinct = np.unique(docs)
    tokens, bounds = field.tokens_of(distinct)
    row = distinct.searchsorted(docs)
    # Positions ascend within a document; lifted by row they ascend altogether.
    lifted = tokens.positions + (np.repeat(np.arange(len(distinct)), np.diff(bounds)) << SHIFT)
    first = lifted.searchsorted((row << SHIFT) + positions)
    return tokens.starts[first], tokens.ends[first + more]


def exact(text: str, raw: Sequence[Raw]) -> list[Place]:
    """Places on the text as it was written: the parts of a word are counted over its own
    characters, whatever spaces and signs stand between them."""
    result = []
    for start, end, word, lead, tail in raw:
        if lead or tail:
            start, end = _trimmed(text, start, end, lead, tail)  # noqa: PLW2901
        if start < end <= len(text):
            result.append(Place(start, end, word))
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
