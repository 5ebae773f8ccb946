"""Which texts of a document are analysed, and their tokens (see `indexer.schema.TEXT_FIELDS`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from indexer.analysis.tokens import Int32, Tokens
from indexer.document import Document
from indexer.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from indexer.analysis.analyzer import Analyzer

SENTENCE_ENDS = "。！？；\n"


def caption_text(document: Document) -> str:
    """The captions as one text, a blank line between two: what offsets of that field mean."""
    return "\n\n".join(caption.text for caption in document.captions)


def field_texts(document: Document) -> dict[str, str]:
    """The text that each field's tokens come from; fields without text are left out."""
    texts = {"title": document.title, "text": document.text, "caption": caption_text(document)}
    return {name: text for name, text in texts.items() if text}


def document_tokens(analyzer: Analyzer, document: Document) -> dict[str, Tokens]:
    """The tokens of each field of a document; every field of the schema is there."""
    return documents_tokens(analyzer, [document])[0]


def documents_tokens(analyzer: Analyzer, documents: Sequence[Document]) -> list[dict[str, Tokens]]:
    """The same for several documents, with one call to the segmenter for all of them."""
    names: list[tuple[int, str]] = []
    texts: list[str] = []
    offsets: dict[int, Int32] = {}
    for number, document in enumerate(documents):
        for name, text in field_texts(document).items():
            names.append((number, name))
            texts.append(text)
        restored = restored_sentences(document)
        if restored is not None:
            names.append((number, "restored"))
            texts.append(restored[0])
            offsets[number] = restored[1]
    batch = analyzer.batch(texts)
    fields: list[dict[str, Tokens]] = [
        {field.name: _NOTHING for field in TEXT_FIELDS} for _ in documents
    ]
    for index, (number, name) in enumerate(names):
        tokens = batch[index]
        if name == "restored":
            tokens = _mapped(tokens, offsets[number])
        fields[number][name] = tokens
    return fields


def restored_sentences(document: Document) -> tuple[str, Int32] | None:
    """The sentences of a tampered body with the restored words in, a blank line between two.

    Returns the text and, for each of its characters, the offset in `document.text`;
    None where nothing was restored.
    """
    if not any(repair.restored for repair in document.repairs):
        return None
    from indexer.repair import restored_text  # only hijacked pages need it

    text, mapping = restored_text(document)
    if text == document.text:
        return None
    changed = _changed_sentences(document.text, text, mapping)
    parts: list[str] = []
    places: list[int] = []
    for start, end in changed:
        if parts:
            parts.append("\n\n")
            places += [places[-1]] * 2
        parts.append(text[start:end])
        places += mapping[start:end]
    return "".join(parts), np.array(places, dtype=np.int32)


def _changed_sentences(original: str, text: str, mapping: Sequence[int]) -> list[tuple[int, int]]:
    sentences = []
    start = 0
    for place, sign in enumerate(text + "\n"):
        if sign in SENTENCE_ENDS:
            if place > start:
                first, last = mapping[start], mapping[place - 1]
                if original[first : last + 1] != text[start:place]:
                    sentences.append((start, place))
            start = place + 1
    return sentences


def _mapped(tokens: Tokens, mapping: Int32) -> Tokens:
    return Tokens(
        tokens.words, mapping[tokens.starts], mapping[tokens.ends - 1] + 1, tokens.positions
    )


_EMPTY: Int32 = np.zeros(0, dtype=np.int32)
_NOTHING = Tokens([], _EMPTY, _EMPTY, _EMPTY)
