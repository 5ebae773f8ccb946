"""Which texts of a document are analysed, and their tokens (see `indexer.schema.TEXT_FIELDS`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from indexer.analysis.tokens import Int32, TokenBatch
from indexer.document import Document
from indexer.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from indexer.analysis.analyzer import Analyzer

SENTENCE_ENDS = "。！？；\n"


def caption_text(document: Document) -> str:
    """The captions as one text, a blank line between two: what offsets of that field mean."""
    return "\n\n".join(caption.text for caption in document.captions)


def field_batches(analyzer: Analyzer, documents: Sequence[Document]) -> dict[str, TokenBatch]:
    """The tokens of several documents field by field; text i of a field is document i's, empty
    where it has none."""
    restored = [restored_sentences(document) for document in documents]
    texts = {
        "title": [document.title for document in documents],
        "text": [document.text for document in documents],
        "caption": [caption_text(document) for document in documents],
        "restored": [found[0] if found else "" for found in restored],
    }
    size = len(documents)
    batch = analyzer.batch([text for field in TEXT_FIELDS for text in texts[field.name]])
    fields = {
        field.name: batch.part(number * size, (number + 1) * size)
        for number, field in enumerate(TEXT_FIELDS)
    }
    tokens = fields["restored"]
    for found, first, last in zip(restored, tokens.bounds, tokens.bounds[1:], strict=False):
        if found:
            for column in (tokens.starts, tokens.ends):
                column[first:last] = found[1][column[first:last]]
    return fields


def restored_sentences(document: Document) -> tuple[str, Int32] | None:
    """The sentences of a tampered body with the restored words in, a blank line between two.

    Returns the text and the offsets in `document.text` of the borders of its characters
    (one more than there are characters); None where nothing was restored. The characters of
    a restored word share evenly in the place of the word that was found.
    """
    if not document.repairs:
        return None
    text, borders, changed = _restored(document)
    if not changed:
        return None
    parts: list[str] = []
    places: list[int] = []
    start = 0
    for end, sign in enumerate(text + "\n"):
        if sign in SENTENCE_ENDS:
            if any(start <= place < end for place in changed):
                parts.append(text[start:end])
                # Both signs of the blank line stand where the sentence ends.
                places += borders[start : end + 1] + borders[end : end + 1]
            start = end + 1
    return "\n\n".join(parts), np.array(places[:-1], dtype=np.int32)


def _restored(document: Document) -> tuple[str, list[int], list[int]]:
    """The body with restored words in, the borders of its characters, where the words start."""
    changes = sorted(
        (start, end, repair.restored)
        for repair in document.repairs
        for field, start, end in repair.spans
        if repair.restored and field == "text"
    )
    text = ""
    borders: list[int] = []
    changed: list[int] = []
    done = 0
    for start, end, word in changes:
        if start < done:  # overlaps a change before it
            continue
        borders += range(done, start)
        text += document.text[done:start]
        changed.append(len(text))
        borders += (start + n * (end - start) // len(word) for n in range(len(word)))
        text += word
        done = end
    return text + document.text[done:], [*borders, *range(done, len(document.text) + 1)], changed
