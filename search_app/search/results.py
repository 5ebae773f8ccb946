"""What a search gives: plain frozen data for the pages and the command line, and its JSON form.

Nothing here refers to an engine or to Flask. `to_json` is the one place that knows the
shape of the HTTP contract; the API and `search-app query` both print what it makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from indexer.document import Family, Program, Province
from search_app.search.engines.base import NONE, TermScore
from search_app.search.notes import Note
from search_app.search.state import NONE_WORD, SearchState

Kind = Literal[
    "word",  # text was read as these words
    "phrase",  # an exact run of characters
    "either",  # alternatives of OR
    "exclude",  # what must not be there
    "prefix",  # words that begin with it
    "wildcard",  # words that match its stars
    "fuzzy",  # words that are nearly written so
    "field",  # a field of the document (title, source, province …)
    "synonym",  # expanded by these official terms, short forms or synonyms
    "fold",  # written another way in the index (Traditional, full width, spaces)
    "ignored",  # left out
    "unparsed",  # could not be parsed, searched as words
    "run",  # looked for as a run of characters because no word was found
    "relaxed",  # a condition that was loosened because too little was found
]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was understood of a query.

    `text` is what was typed, `reading` what became of it. `undo` is the state without
    this reading (None where there is nothing to undo); `note` says it in a sentence.
    """

    kind: Kind
    text: str
    reading: tuple[str, ...] = ()
    undo: SearchState | None = None
    note: Note | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "as": list(self.reading),
            "undo": None if self.undo is None else self.undo.query_string(),
            "note": None if self.note is None else self.note.message(),
        }


class FacetValue(NamedTuple):
    """A value to choose. `value` is `NONE` ("") for documents without one; `label` is Chinese.

    `count` is the number of documents that choosing it would give. (A tuple, as hundreds of
    them are made for each page.)
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs
    selected: bool = False
    excluded: bool = False

    def to_json(self) -> dict[str, Any]:
        shown = {
            "value": self.value or NONE_WORD,
            "label": self.label,
            "count": self.count,
            "selected": self.selected,
        }
        return shown | ({"excluded": True} if self.excluded else {})


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One hit. `number` is its place among all results, from 1. The HTML holds only `<mark>`."""

    number: int
    id: str
    title: str
    title_html: str
    url: str | None
    date: str | None
    source: str | None
    provinces: tuple[Province, ...]
    programs: tuple[Program, ...]
    score: float
    snippets: tuple[str, ...]
    family: Family | None
    flags: tuple[str, ...]
    path: str = ""

    def to_json(self, labels: Mapping[str, str]) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "title_html": self.title_html,
            "url": self.url,
            "date": self.date,
            "source": self.source,
            "provinces": [
                {"name": province.name, "roles": list(province.roles)}
                for province in self.provinces
            ],
            "programs": [
                {"id": program.id, "label": labels.get(program.id, program.id)}
                for program in self.programs
            ],
            "score": round(self.score, 4),
            "snippets": list(self.snippets),
            "family": None
            if self.family is None
            else {"id": self.family.id, "size": self.family.size},
            "flags": list(self.flags),
        }


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of results with all that is said about them.

    `total` documents match, `total_results` remain after reprints are folded, `pages` is
    the number of pages that can be opened. `state` is the state that was shown (its page
    may differ from the one asked for, see `notes`). `partial` marks incomplete counts.
    """

    state: SearchState
    understood: tuple[Part, ...]
    total: int
    total_results: int
    pages: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    suggestions: tuple[str, ...] = ()
    """Did you mean: other queries, offered when hits are few."""
    notes: tuple[Note, ...] = ()
    partial: bool = False
    took_ms: float = 0.0
    """Parsing, search, facets and snippets."""
    generation: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a document has its score: the parts add up to it."""

    id: str
    score: float
    parts: tuple[TermScore, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "score": round(self.score, 4),
            "parts": [
                {"label": part.label, "score": round(part.score, 4), **part.detail}
                for part in self.parts
            ],
        }


def to_json(results: SearchResults, labels: Mapping[str, str]) -> dict[str, Any]:
    """The answer of `GET /api/v1/search` and of `search-app query`.

    `labels` are the Chinese words for program ids.
    """
    state = results.state
    return {
        "query": {
            "text": state.text,
            "understood": [part.to_json() for part in results.understood],
            "notes": [note.to_json() for note in results.notes],
        },
        "total": results.total,
        "total_results": results.total_results,
        "took_ms": round(results.took_ms, 3),
        "page": state.page,
        "per_page": state.per_page,
        "pages": results.pages,
        "partial": results.partial,
        "hits": [hit.to_json(labels) for hit in results.hits],
        "facets": {
            name: [value.to_json() for value in values] for name, values in results.facets.items()
        },
        "suggestions": list(results.suggestions),
    }


def facet_values(
    counts: Mapping[str, int],
    selected: Sequence[str],
    excluded: Sequence[str],
    labels: Mapping[str, str],
    *,
    by_value: bool = False,
    limit: int | None = None,
) -> tuple[FacetValue, ...]:
    """Counts as values to choose: the most frequent first (`by_value`: the highest value first),
    documents without a value last. Chosen values stay in the list even at zero, and beyond
    `limit`, which keeps only the most frequent ones."""
    if limit is not None and len(counts) > limit:
        kept = nlargest(limit, counts, key=counts.__getitem__)
        names = dict.fromkeys([*kept, *selected, *excluded, *([NONE] if NONE in counts else [])])
    else:
        names = dict.fromkeys([*counts, *selected, *excluded])
    label_of, count_of = labels.get, counts.get
    if selected or excluded:
        chosen, left_out = frozenset(selected), frozenset(excluded)
        values = [
            FacetValue(
                name, label_of(name, name), count_of(name, 0), name in chosen, name in left_out
            )
            for name in names
        ]
    else:
        values = [FacetValue(name, label_of(name, name), count_of(name, 0)) for name in names]
    if by_value:
        values.sort(key=_VALUE, reverse=True)
    else:
        values.sort(key=_COUNT, reverse=True)
    if NONE in names:
        values = [item for item in values if item.value] + [
            item._replace(label="无") for item in values if not item.value
        ]
    return tuple(values)


_VALUE, _COUNT = itemgetter(0), itemgetter(2)
