"""The one entry to search for the pages and the command line.

`SearchService` holds the open generation, notices a new one, and puts parsing, planning,
evaluation, facets and snippets together. It is safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.document import Document
from search_app.search.results import Explanation, SearchHit, SearchResults
from search_app.search.state import SearchState

SHOWN_FACETS = ("province", "donor", "recipient", "year", "program", "source")
"""Facets that are counted when nothing else is asked for."""


class SearchService:
    """Search over the current generation of an index folder."""

    def __init__(self, index: Path) -> None:
        self.index = index

    def search(
        self, state: SearchState, facets: Sequence[str] = SHOWN_FACETS
    ) -> SearchResults:
        """One page of results. Raises IndexProblem where no generation can be opened."""
        raise NotImplementedError

    def every(self, state: SearchState, limit: int) -> Iterator[Document]:
        """All documents of a search in their order, at most `limit` (exports, feeds)."""
        raise NotImplementedError

    def table(self, state: SearchState, rows: str, columns: str) -> dict[tuple[str, str], int]:
        """Counts of pairs of values of two facets within a search; zeros are left out."""
        raise NotImplementedError

    def document(self, document_id: str) -> Document:
        """A stored document. Raises KeyError."""
        raise NotImplementedError

    def marks(self, document_id: str, state: SearchState) -> dict[str, list[tuple[int, int]]]:
        """Where the query's words stand in a document ("title", "text", "caption"):
        sorted (start, end) in the stored text. Raises KeyError."""
        raise NotImplementedError

    def neighbours(self, state: SearchState, number: int) -> tuple[str | None, str | None]:
        """Ids before and after the `number`-th result (from 1) of a search."""
        raise NotImplementedError

    def family(self, document_id: str) -> list[Document]:
        """The members of a document's reprint family, the shown one first. Raises KeyError."""
        raise NotImplementedError

    def similar(self, document_id: str, limit: int = 5) -> list[SearchHit]:
        """Documents about the same matter, reprints left out. Raises KeyError."""
        raise NotImplementedError

    def suggest(self, text: str, limit: int = 8) -> list[Any]:
        """Suggestions while typing."""
        raise NotImplementedError

    def explain(self, document_id: str, state: SearchState) -> Explanation:
        """Why a document has its score. Raises KeyError."""
        raise NotImplementedError

    def rank(self, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores, not folded: one query of a batch."""
        raise NotImplementedError

    def health(self) -> dict[str, Any]:
        """Generation, number of documents, and what is wrong with the index if anything is."""
        raise NotImplementedError
