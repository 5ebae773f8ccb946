"""What is looked at in every document, cheaply: its candidates, and a text for the sample."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from indexer.document import Document
from indexer.repair.candidates import Candidate
from indexer.repair.foreign import suspects
from indexer.repair.nicknames import has_nickname
from indexer.repair.spam import is_spam
from indexer.repair.stream import Stream, stream

SAMPLE_EVERY = 4
SAMPLE_FIRST = 3000
"""The first documents of each process always give their text, so that a small archive is
sampled whole; of a large one, a quarter chosen by id."""


SAMPLE_TEXT = 3000
"""Characters taken of one document."""
BLANK = "\x00"


@dataclass(frozen=True, slots=True)
class RepairScan:
    """`rank`: a hash of the id, by which a sample is chosen; `text`: empty when not in it."""

    id: str
    rank: int
    text: str
    suspicious: bool


_scanned = 0


def scan(document: Document) -> RepairScan:
    """Look a document over for what `learn` needs."""
    global _scanned  # noqa: PLW0603 - a count per process is the point
    _scanned += 1
    rank = zlib.crc32(document.id.encode("utf-8", "surrogatepass"))
    one = stream(document.text)
    names = suspects(one, document)
    sampled = rank % SAMPLE_EVERY == 0 or _scanned <= SAMPLE_FIRST
    return RepairScan(
        document.id,
        rank,
        _blanked(one, names)[:SAMPLE_TEXT] if sampled else "",
        bool(names) or is_spam(document) or has_nickname(document.text),
    )


def _blanked(one: Stream, names: list[Candidate]) -> str:
    """The text with its candidates blanked: what may be foreign teaches nothing."""
    text = one.text
    for name in names:
        text = text.replace(name.text, BLANK * len(name.text))
    return text
