"""The plain data that travels through the pipeline: raw pages, documents and what was derived.

Everything here is immutable and free of libraries, so that it can be pickled
between processes and read by both sides. Offsets are character offsets into
`Document.text` (or `Document.title` where a span says so), end exclusive.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

PageKind = Literal["html", "text", "markdown", "record"]
Role = Literal["donor", "recipient"]
Field = Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it lies in a source, before anything is read out of it.

    `path` is what is shown to people: relative to the source, with `#LINE` for a
    record of a `.jsonl` file. `record` is the parsed object of such a line;
    then `data` is that line.
    """

    path: str
    data: bytes
    kind: PageKind
    record: Mapping[str, Any] | None = None
    modified: float | None = None
    """Time of the file (POSIX seconds): "saved when", never a publication date."""
    encoding: str | None = None
    """Given where the bytes' encoding is known for certain (a record's `html`: utf-8)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the body that is more than a plain paragraph."""

    kind: Literal["heading", "table", "list", "quote"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Caption:
    """A photo caption, kept apart from the body; `offset` is where in the text it stood."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the page links to as its attachment."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of the document that justify a derived value."""

    text: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Province:
    """A province that takes part, with its roles in paired assistance (may be none)."""

    name: str
    roles: tuple[Role, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A division that takes part. `path` runs from the province's short name downwards,
    for instance ("贵州", "黔南布依族苗族自治州", "平塘县"); `code` is its GB/T 2260 code."""

    code: str
    name: str
    level: Literal["province", "city", "county"]
    path: tuple[str, ...]
    roles: tuple[Role, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One reported relation of paired assistance. Either side is a place path, or empty
    where the text leaves it unnamed."""

    donor: tuple[str, ...]
    recipient: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Program:
    """A kind of program (see docs/taxonomy) with the sentences that report it."""

    id: str
    score: float = 1.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A foreign word found where another word belongs.

    `restored` is empty where the confidence asked for was not reached.
    `spans` are the places of `found`, as (field, start, end).
    """

    found: str
    restored: str
    count: int
    confidence: float
    spans: tuple[tuple[Field, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """A family of reprints. `id` is the id of the member shown first."""

    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the pipeline knows it, from extraction to the index.

    `text` is the body alone: paragraphs joined by one line feed, no captions.
    `date` is ISO 8601 (YYYY-MM-DD, or YYYY-MM or YYYY where no more is known).
    `flags` holds short machine words: "tampered", "tampered_suspected", "spam",
    "list_page", "no_article", "encoding_repaired".
    """

    id: str
    path: str
    title: str = ""
    text: str = ""
    url: str | None = None
    date: str | None = None
    time: str | None = None
    year: int | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    language: str = "zh"
    encoding: str = "utf-8"
    replaced: float = 0.0
    """Share of characters that could not be decoded (0 to 1)."""
    sha256: str = ""
    saved: str | None = None
    """When the file was saved (ISO 8601, UTC)."""
    spans: tuple[Span, ...] = ()
    captions: tuple[Caption, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    provinces: tuple[Province, ...] = ()
    places: tuple[Place, ...] = ()
    pairs: tuple[Pair, ...] = ()
    programs: tuple[Program, ...] = ()
    repairs: tuple[Repair, ...] = ()
    family: Family | None = None
    flags: tuple[str, ...] = ()
    page_title: str = ""
    """The page's own title line as it came (site name, or a brand, included)."""

    def replace(self, **changes: Any) -> Document:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that did not become a document, with its reason in words."""

    path: str
    reason: str
    code: str = "unreadable"
