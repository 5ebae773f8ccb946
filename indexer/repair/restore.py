"""The text as it probably read, with the way back to the text as it came."""

from __future__ import annotations

from indexer.document import Document


def restored_text(document: Document) -> tuple[str, list[int]]:
    """The body with restored words in, and for each of its characters the offset in
    `document.text`. A restored word of n characters over a found one of m: the first n
    map to its characters in turn, those beyond m to its last."""
    changes = sorted(
        (start, end, repair.restored)
        for repair in document.repairs
        if repair.restored
        for field, start, end in repair.spans
        if field == "text"
    )
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    for start, end, word in changes:
        if start < done:  # overlaps a change before it
            continue
        parts.append(document.text[done:start] + word)
        offsets.extend(range(done, start))
        offsets.extend(min(start + i, end - 1) for i in range(len(word)))
        done = end
    parts.append(document.text[done:])
    offsets.extend(range(done, len(document.text)))
    return "".join(parts), offsets
