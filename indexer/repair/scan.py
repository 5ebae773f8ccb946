"""What is looked at in every document, cheaply: its candidates, and a text for the sample."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from indexer.document import Document
from indexer.repair.candidates import Candidate, candidates
from indexer.repair.stream import stream

SAMPLE_EVERY = 8
SAMPLE_FIRST = 2000
"""The first documents of each process always give their text, so that a small archive is
sampled whole; of a large one, an eighth chosen by id."""


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
    sampled = rank % SAMPLE_EVERY == 0 or _scanned <= SAMPLE_FIRST
    return RepairScan(
        document.id, rank, document.text[:4000] if sampled else "", bool(found(document))
    )


def found(document: Document) -> list[Candidate]:
    """The candidates of a document's body."""
    return candidates(stream(document.text))
