"""What a reading engine answers: one question in, one counted and ranked answer out.

The rest of search knows only this protocol. An engine gets a tree of
`search_app.search.tree` (already parsed, expanded and weighted), the facet choices,
and what to count; it gives document numbers, exact totals and facet counts. Nothing
here may depend on what only one engine can do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document

if TYPE_CHECKING:
    from search_app.search.ranking import Ranking
    from search_app.search.tree import Node

Sort = Literal["relevance", "recent", "newest", "oldest"]
"""`recent` is relevance with a lift for later dates (`Ranking.freshness`)."""

NONE = ""
"""The facet value that stands for "no value": countable and choosable like any other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen in one facet.

    A document passes when it has one of `values` (`NONE` among them: has no value) or its
    number lies in one of `ranges` (both ends inclusive, None is open), or neither was
    given; and when it has none of `excluded`.
    """

    values: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    ranges: tuple[tuple[int | None, int | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.excluded or self.ranges)


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """One question to an engine.

    `tree` None matches every document. `facets` names the columns to count; a facet's
    counts leave its own choice out. `fold` shows one hit per reprint family (the best
    one); it changes `total_results` and the hits, never `total` or the facet counts.
    `dates` bounds the publication date (ISO 8601, inclusive), beside the facet `year`.
    `deadline` is on the clock of `time.monotonic`: words whose turn comes later are left
    out, and the answer is marked `cut`.
    """

    tree: Node | None = None
    filters: Mapping[str, Choice] = field(default_factory=dict)
    facets: Sequence[str] = ()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    fold: bool = True
    ranking: Ranking | None = None
    dates: tuple[str | None, str | None] | None = None
    deadline: float | None = None


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One answer. `docs` and `scores` are those of the page asked for, best first.

    `facets` gives per facet every value with a count above zero (and those chosen, even
    at zero) as value → count; `NONE` counts documents without a value.
    `cut` is set where an expansion or the time allowed was bounded, so that totals
    are lower bounds.
    """

    total: int
    total_results: int
    docs: NDArray[np.int64]
    scores: NDArray[np.float32]
    facets: Mapping[str, Mapping[str, int]]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One marked document: HTML with `<mark>` as its only tag."""

    title_html: str
    snippets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermScore:
    """A part of one document's score: `label` is a word or a rule, `field` where it stood."""

    label: str
    score: float
    detail: Mapping[str, float | int | str] = field(default_factory=dict)


class ReadEngine(Protocol):
    """An open generation. Safe to share between threads; everything in it is read only."""

    fingerprint: str
    """Of the analyzer that wrote the index."""

    def __len__(self) -> int:
        """Number of documents (deleted ones left out)."""
        ...

    def search(self, request: EngineQuery) -> EngineResult: ...

    def table(self, request: EngineQuery, rows: str, columns: str) -> Mapping[tuple[str, str], int]:
        """Documents of a search per pair of values of two facets; zeros are left out."""
        ...

    def document(self, key: int | str) -> Document:
        """The stored document by number or by id, whole. Raises KeyError."""
        ...

    def documents(self, docs: Sequence[int]) -> list[Document]: ...

    def heads(self, docs: Sequence[int]) -> list[Document]:
        """Documents without their text: what a list of hits shows, at less cost."""
        ...

    def family(self, family_id: str) -> list[int]:
        """Numbers of the members of a reprint family."""
        ...

    def similar(self, doc: int, limit: int) -> list[tuple[int, float]]:
        """Other documents about the same matter with their likeness (0 to 1), the most alike
        first; reprints are among them."""
        ...

    def id(self, doc: int) -> str:
        """The id of a document number. Raises KeyError."""
        ...

    def ids(self) -> Iterator[str]: ...

    def number(self, document_id: str) -> int:
        """The document number of an id. Raises KeyError."""
        ...

    def snippets(
        self,
        docs: Sequence[int],
        node: Node | None,
        *,
        count: int = 2,
        length: int = 120,
        titles: Sequence[str] | None = None,
    ) -> list[Hit]:
        """Title and best passages of each document with the tree's words marked.

        `count` passages of at most about `length` characters each; `titles` where the caller
        has them already.
        """
        ...

    def marks(self, doc: int, tree: Node | None) -> Mapping[str, list[tuple[int, int]]]:
        """All places of the tree's words per field ("title", "text", "caption"), as
        (start, end) in the stored text, sorted and merged."""
        ...

    def explain(self, doc: int, request: EngineQuery) -> list[TermScore]: ...

    def terms(self, prefix: str = "", field: str = "text") -> Iterator[tuple[str, int]]:
        """(term, document frequency) in term order, those that start with `prefix`."""
        ...

    def frequency(self, term: str, field: str | None = None) -> int:
        """Documents with the word (in any text field where `field` is None)."""
        ...

    def values(self, facet: str) -> Mapping[str, int]:
        """All values of a facet with their counts over the whole index."""
        ...

    def vector(self, doc: int) -> Mapping[str, int]:
        """The words of a document's title and text with their numbers ("more like this")."""
        ...

    def close(self) -> None: ...
