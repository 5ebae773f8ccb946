"""The one entry to search for the pages and the command line.

`SearchService` puts parsing, planning, evaluation, facets and snippets together over the
generation in use. It is safe to share between threads.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.document import Document
from indexer.originals import OriginalMissing, read_original
from search_app.search.engines.base import Choice, EngineQuery, EngineResult
from search_app.search.labels import labels_of
from search_app.search.notes import Note
from search_app.search.opening import CurrentGeneration, Opened
from search_app.search.ranking import RANKING
from search_app.search.reading import Reading
from search_app.search.relax import Step, steps, strict
from search_app.search.results import (
    Explanation,
    FacetValue,
    Part,
    SearchHit,
    SearchResults,
    facet_values,
)
from search_app.search.state import MAX_RESULTS, SearchState
from search_app.search.suggest import Suggestion

SHOWN_FACETS = ("province", "donor", "recipient", "year", "program", "source")
"""Facets that are counted when nothing else is asked for."""
MOST_VALUES = 200
"""Values of a facet that are given when several facets are asked for; one alone gives all."""
FEW_HITS = 3
"""Up to so many results, other spellings are offered."""
TIME_LIMIT = 2.0
"""Seconds for matching; what is found by then is shown and marked as partial."""
_SNIPPETS = 2
_QUOTES = re.compile('["“”＂„‟「」『』]')
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was carried out: the request that gave the answer, and what was loosened."""

    request: EngineQuery
    answer: EngineResult
    relaxed: Step | None = None


def _without_quotes(text: str) -> str:
    return " ".join(_QUOTES.sub(" ", text).split())


class SearchService:
    """Search over the current generation of an index folder."""

    def __init__(self, index: Path) -> None:
        self.index = index
        self._current = CurrentGeneration(index)

    # -- searching -----------------------------------------------------------------------

    def search(self, state: SearchState, facets: Sequence[str] = SHOWN_FACETS) -> SearchResults:
        """One page of results. Raises IndexProblem where no generation can be opened."""
        opened = self._current.get()
        started = time.perf_counter()
        reading = self._reading(opened, state)
        search = self._carry_out(opened, state, reading, facets)
        notes = [*state.notes, *_unknown(opened, state), *reading.notes]
        answer = search.answer
        pages = -(-min(answer.total_results, MAX_RESULTS) // state.per_page)
        if state.page > max(1, pages):
            notes.append(Note.of("last_page", value=state.page, used=max(1, pages)))
            state = replace(state, page=max(1, pages))
            search = self._carry_out(opened, state, reading, facets)
            answer = search.answer
        hits = self._hits(opened, search, state.offset)
        most = MOST_VALUES if len(facets) > 1 else None
        shown = {
            name: self._facet(state, name, counts, most) for name, counts in answer.facets.items()
        }
        if answer.cut:
            notes.append(Note.of("partial"))
        took = (time.perf_counter() - started) * 1000
        suggestions: tuple[str, ...] = ()
        # A search that had to be relaxed found few, however many the looser reading finds.
        few = answer.total_results <= FEW_HITS or bool(search.relaxed)
        if few and state.text and opened.corrector is not None:
            suggestions = opened.corrector.corrections(state.text)
        if reading.phrases and not answer.total:
            # An exact phrase is not relaxed: the words of it are a search of their own.
            suggestions = (_without_quotes(state.text), *suggestions)
        return SearchResults(
            state=state,
            understood=_told(state, reading, search.relaxed),
            total=answer.total,
            total_results=answer.total_results,
            pages=pages,
            hits=hits,
            facets=shown,
            suggestions=suggestions,
            notes=tuple(dict.fromkeys(notes)),
            partial=answer.cut,
            took_ms=took,
            generation=opened.name,
        )

    def every(self, state: SearchState, limit: int) -> Iterator[Document]:
        """All documents of a search in their order, at most `limit` (exports, feeds).

        The generation in use at the first document serves all of them.
        """
        opened = self._current.get()
        request = self._chosen(opened, state)
        offset = 0
        while offset < limit:
            wanted = replace(request, offset=offset, limit=min(_CHUNK, limit - offset))
            docs = opened.engine.search(wanted).docs.tolist()
            for doc in docs:
                yield opened.engine.document(doc)
            offset += len(docs)
            if len(docs) < wanted.limit:
                return

    def table(self, state: SearchState, rows: str, columns: str) -> Mapping[tuple[str, str], int]:
        """Counts of pairs of values of two facets within a search; zeros are left out."""
        opened = self._current.get()
        return opened.engine.table(self._chosen(opened, state), rows, columns)

    def neighbours(self, state: SearchState, number: int) -> tuple[str | None, str | None]:
        """Ids before and after the `number`-th result (from 1) of a search."""
        if not 1 <= number <= MAX_RESULTS:
            return None, None
        opened = self._current.get()
        reading = self._reading(opened, state)
        first = max(0, number - 2)
        found = self._try(opened, state, reading, (), first, number + 1 - first).answer.docs
        ids = [opened.engine.id(doc) for doc in found.tolist()]
        at = number - 1 - first
        return (
            ids[at - 1] if 0 < at <= len(ids) else None,
            ids[at + 1] if at + 1 < len(ids) else None,
        )

    def rank(self, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and falling scores for one query, not folded. Where the strict reading gives
        fewer than `limit`, looser ones follow below it."""
        opened = self._current.get()
        state = SearchState.from_params({"q": [text], "fold": ["0"]})
        reading = self._reading(opened, state)
        found: dict[int, float] = {}
        if not (reading.concepts or reading.phrases or reading.titles or reading.filters):
            return []
        last = math.inf
        for step in steps(reading):
            # Enough to fill up, as those that stand there already come again.
            request = self._request(opened, state, step, (), 0, limit + len(found))
            answer = opened.engine.search(request)
            for doc, score in zip(answer.docs.tolist(), answer.scores.tolist(), strict=True):
                if doc not in found and len(found) < limit:
                    # Always falling, so that no reader of the run orders equals anew.
                    found[doc] = last = min(score, last - 1e-5)
            if len(found) >= limit:
                break
        return [(opened.engine.id(doc), score) for doc, score in found.items()]

    # -- documents -----------------------------------------------------------------------

    def document(self, document_id: str) -> Document:
        """A stored document. Raises KeyError."""
        return self._current.get().engine.document(document_id)

    def original(self, document_id: str) -> tuple[bytes, str, str] | None:
        """The saved page of a document as bytes, media type and encoding; None where it is no
        longer what was indexed. Raises KeyError."""
        opened = self._current.get()
        document = opened.engine.document(document_id)
        sources = opened.generation.manifest.sources
        try:
            page = read_original(sources, document.path, document.sha256, document.encoding)
        except OriginalMissing:
            return None
        return page.data, page.media, page.encoding or document.encoding

    def marks(self, document_id: str, state: SearchState) -> Mapping[str, list[tuple[int, int]]]:
        """Where the query's words stand in a document ("title", "text", "caption"):
        sorted (start, end) in the stored text. Raises KeyError."""
        opened = self._current.get()
        number = opened.engine.number(document_id)
        return opened.engine.marks(number, self._chosen(opened, state).tree)

    def family(self, document_id: str) -> list[Document]:
        """The members of a document's reprint family, the shown one first. Raises KeyError."""
        engine = self._current.get().engine
        document = engine.document(document_id)
        if document.family is None:
            return [document]
        shown = document.family.id
        members = engine.documents(engine.family(shown))
        return sorted(members, key=lambda member: (member.id != shown, member.date or "9999"))

    def similar(self, document_id: str, limit: int = 5) -> list[SearchHit]:
        """Documents about the same matter, reprints left out. Raises KeyError."""
        engine = self._current.get().engine
        number = engine.number(document_id)
        own = engine.document(number).family
        seen = {document_id} if own is None else {document_id, own.id}
        hits: list[SearchHit] = []
        found = engine.similar(number, limit * 4 + (own.size if own else 0))
        heads = engine.heads([doc for doc, _ in found])
        for document, (_, score) in zip(heads, found, strict=True):
            key = document.family.id if document.family else document.id
            if key in seen or "spam" in document.flags:
                continue
            seen.add(key)
            hits.append(_hit(document, len(hits) + 1, score, document.title, ()))
            if len(hits) == limit:
                break
        return hits

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Suggestions while typing."""
        suggester = self._current.get().suggester
        return [] if suggester is None else suggester.complete(text, limit)

    def explain(self, document_id: str, state: SearchState) -> Explanation:
        """Why a document has its score. Raises KeyError."""
        opened = self._current.get()
        number = opened.engine.number(document_id)
        parts = tuple(opened.engine.explain(number, self._chosen(opened, state)))
        return Explanation(document_id, sum(part.score for part in parts), parts)

    def health(self) -> dict[str, Any]:
        """Generation, number of documents, and what is wrong with the index if anything is.

        Anybody may ask, so nothing says where the index lies: that is for the log.
        Raises IndexProblem where no generation can be opened.
        """
        opened = self._current.get()
        problems = list(opened.generation.problems)
        if self._current.problem is not None:
            problem = self._current.problem
            problems.append(f"{problem.code}: {problem.hint}")
        return {
            "status": "degraded" if problems else "ok",
            "generation": opened.name,
            "documents": len(opened.engine),
            "created": opened.generation.manifest.created,
            "problems": problems,
        }

    # -- steps ---------------------------------------------------------------------------

    def _reading(self, opened: Opened, state: SearchState) -> Reading:
        # What a reading depends on, and nothing else, so that other pages and filters share it.
        return opened.plan(SearchState(state.text, synonyms=state.synonyms, asis=state.asis))

    def _chosen(self, opened: Opened, state: SearchState) -> EngineQuery:
        """The request that answers a search, relaxed as far as it has to be."""
        return self._try(opened, state, self._reading(opened, state), (), 0, 1).request

    def _carry_out(
        self, opened: Opened, state: SearchState, reading: Reading, facets: Sequence[str]
    ) -> Search:
        return self._try(opened, state, reading, facets, state.offset, state.per_page)

    def _try(
        self,
        opened: Opened,
        state: SearchState,
        reading: Reading,
        facets: Sequence[str],
        offset: int,
        limit: int,
    ) -> Search:
        """The strict reading, or the first looser one that finds enough."""
        deadline = time.monotonic() + TIME_LIMIT
        if state.strict:
            only = Step(strict(reading), 0)
            request = self._request(opened, state, only, facets, offset, limit)
            return Search(request, opened.engine.search(replace(request, deadline=deadline)))
        best: Search | None = None
        for step in steps(reading):
            request = self._request(opened, state, step, facets, offset, limit)
            answer = opened.engine.search(replace(request, deadline=deadline))
            if best is None or answer.total > best.answer.total:
                best = Search(request, answer, step if step.note else None)
            if answer.total >= step.enough or time.monotonic() > deadline:
                break
        assert best is not None
        return best

    @staticmethod
    def _request(
        opened: Opened,
        state: SearchState,
        step: Step,
        facets: Sequence[str],
        offset: int,
        limit: int,
    ) -> EngineQuery:
        filters = state.filters
        if opened.hides_spam and "flags" not in filters and not state.family:
            # Pages that are nothing but spam stay out unless someone asks for flags.
            filters["flags"] = Choice(excluded=("spam",))
        sort = state.sort
        if sort in ("relevance", "recent") and step.tree is None:
            # Without words nothing is more relevant than the rest.
            sort = "newest"
        return EngineQuery(
            tree=step.tree,
            filters=filters,
            facets=facets,
            sort=sort,
            offset=offset,
            limit=limit,
            fold=state.folded,
            ranking=RANKING,
        )

    @staticmethod
    def _hits(opened: Opened, search: Search, offset: int) -> tuple[SearchHit, ...]:
        docs = search.answer.docs.tolist()
        heads = opened.engine.heads(docs)
        marked = opened.engine.snippets(
            docs, search.request.tree, count=_SNIPPETS, titles=[head.title for head in heads]
        )
        scores = search.answer.scores.tolist()
        return tuple(
            _hit(document, offset + place + 1, score, hit.title_html, hit.snippets)
            for place, (document, hit, score) in enumerate(zip(heads, marked, scores, strict=True))
        )

    @staticmethod
    def _facet(
        state: SearchState, name: str, counts: Mapping[str, int], most: int | None
    ) -> tuple[FacetValue, ...]:
        choice = state.choice(name)
        return facet_values(
            counts,
            choice.values,
            choice.excluded,
            labels_of(name),
            by_value=name == "year",
            limit=most,
        )


def _unknown(opened: Opened, state: SearchState) -> Iterator[Note]:
    """A note for each chosen value that no document has."""
    for facet, choice in state.choices:
        if choice.values or choice.excluded:
            known = opened.engine.values(facet)
            for value in (*choice.values, *choice.excluded):
                if value and value not in known:
                    yield Note.of("unknown_value", name=facet, value=value)


def _hit(
    document: Document, number: int, score: float, title_html: str, snippets: tuple[str, ...]
) -> SearchHit:
    return SearchHit(
        number=number,
        id=document.id,
        title=document.title,
        title_html=title_html,
        url=document.url,
        date=document.date,
        source=document.source,
        provinces=document.provinces,
        programs=document.programs,
        score=score,
        snippets=snippets,
        family=document.family,
        flags=document.flags,
        path=document.path,
    )


def _told(state: SearchState, reading: Reading, relaxed: Step | None) -> tuple[Part, ...]:
    """The parts of a reading with undo states that keep this state's filters."""
    parts = [
        replace(part, undo=state.with_asis(part.text)) if part.kind == "synonym" else part
        for part in reading.parts
    ]
    if relaxed is not None:
        parts.append(Part("relaxed", relaxed.text, undo=state.with_strict(True), note=relaxed.note))
    return tuple(parts)
