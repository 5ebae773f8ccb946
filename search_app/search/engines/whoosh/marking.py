"""Where a tree's words stand in the stored texts of documents, in characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indexer.engines.whoosh.segment import FieldReader
from indexer.schema import TEXT_FIELDS
from search_app.search import tree
from search_app.search.engines.whoosh.index import ArrayIndex
from search_app.search.engines.whoosh.rescoring import groups
from search_app.search.engines.whoosh.spots import LOW, SHIFT
from search_app.search.snippets import Place, merged

Raw = tuple[int, int, int, int, int]
"""Start, end, word, and the characters to leave out at its beginning and end: still to be
laid on the text, see `exact`."""


def places(
    index: ArrayIndex, docs: Sequence[int], node: tree.Node | None, text: str
) -> list[list[Raw]]:
    """Places of each word in the texts of the documents; `text` is "title", "text" or
    "caption". All index fields whose offsets point into that text are looked at."""
    result: list[list[Raw]] = [[] for _ in docs]
    names = [field.name for field in TEXT_FIELDS if field.of == text]
    wanted = np.array(docs, dtype=np.int64)
    low = wanted << SHIFT
    high = low + (np.int64(1) << SHIFT)
    for name in names:
        rows: list[list[tuple[int, int, int, int, int]]] = [[] for _ in docs]
        for word, leaves in enumerate(groups(node)):
            for leaf in leaves:
                if name not in leaf.fields:
                    continue
                spots = index.spots(leaf, name)
                if not len(spots.keys):
                    continue
                first = spots.keys.searchsorted(low)
                last = spots.keys.searchsorted(high)
                for row in np.flatnonzero(last > first).tolist():
                    part = slice(int(first[row]), int(last[row]))
                    columns = (spots.keys[part] & LOW, spots.lead[part])
                    rows[row].extend(
                        (position, lead, more, tail, word)
                        for position, lead, more, tail in zip(
                            columns[0].tolist(),
                            columns[1].tolist(),
                            spots.more[part].tolist(),
                            spots.tail[part].tolist(),
                            strict=True,
                        )
                    )
        for row, found in enumerate(rows):
            if found:
                segment, local = index.generation.locate(docs[row])
                result[row].extend(_located(segment.fields[name], local, found))
    return result


def _located(
    field: FieldReader, doc: int, found: list[tuple[int, int, int, int, int]]
) -> list[Raw]:
    tokens = field.tokens(doc)
    positions = np.array([item[0] for item in found])
    more = np.array([item[2] for item in found])
    first = tokens.positions.searchsorted(positions)
    starts = tokens.starts[first].tolist()
    ends = tokens.ends[first + more].tolist()
    return [
        (start, end, item[4], item[1], item[3])
        for start, end, item in zip(starts, ends, found, strict=True)
    ]


def exact(text: str, raw: Sequence[Raw]) -> list[Place]:
    """Places on the text as it was written: the parts of a word are counted over its own
    characters, whatever spaces and signs stand between them."""
    result = []
    for start, end, word, lead, tail in raw:
        if lead or tail:
            start, end = _trimmed(text, start, end, lead, tail)
        if start < end <= len(text):
            result.append(Place(start, end, word))
    return result


def _trimmed(text: str, start: int, end: int, lead: int, tail: int) -> tuple[int, int]:
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


def marks(
    index: ArrayIndex,
    doc: int,
    node: tree.Node | None,
    texts: Mapping[str, str],
) -> dict[str, list[tuple[int, int]]]:
    """All marks of one document in its texts, given by their names."""
    return {
        name: merged([(p.start, p.end) for p in exact(text, places(index, [doc], node, name)[0])])
        for name, text in texts.items()
    }
