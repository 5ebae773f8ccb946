"""The state of a search: everything that its address says, immutable.

A state is read from the parameters of an address and writes them again; adding or
taking away a filter gives a new state, and with it a new address. Reading never fails:
what cannot be used becomes a note.

=====================  ===========================================================
parameter              meaning
=====================  ===========================================================
q                      what was typed
province, donor, …     a value of the facet (repeat for either of several);
                       `none` stands for documents without a value
not_province, …        a value to leave out
year                   2018, 2018..2020, 2018.. or ..2020; `year_from`, `year_to`
                       of a form without JavaScript are read as one span
family                 the id of a reprint family to open (never folded)
fold                   0 shows every document of a reprint family
sort                   relevance, recent (relevance with a lift for later dates), newest,
                       oldest
page, per_page         which page, and how long
synonyms               0 switches all expansions off
asis                   a typed word that is not to be expanded (repeatable)
strict                 1 forbids relaxing
=====================  ===========================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args
from urllib.parse import urlencode

from indexer.schema import FACETS
from search_app.search.engines.base import NONE, Choice, Sort
from search_app.search.notes import Note

FILTERS: tuple[str, ...] = tuple(name for name in FACETS if name != "family")
"""Facets that a state can narrow by, each with a parameter of its own name."""

NONE_WORD = "none"
_PARAMETERS = {name: frozenset((name, f"not_{name}")) for name in FILTERS}
_PARAMETERS["year"] |= {"year_from", "year_to"}
SORTS: tuple[Sort, ...] = get_args(Sort)
PER_PAGE = 10
MAX_PER_PAGE = 100
MAX_RESULTS = 10_000
"""How deep pages go: the last page ends at this result."""
MAX_VALUES = 50
"""Values that one facet takes in one state."""
MAX_TEXT = 1_000
"""Characters of a query that are looked at."""
_MAX_VALUE_LENGTH = 200

Span = tuple[int | None, int | None]
_YEAR = re.compile(r"\s*([1-9]\d{3})\s*年?\s*")
_SPAN = re.compile(
    r"\s*(?:([1-9]\d{3})\s*年?)?\s*(?:\.\.+|…+|—+|–|-|~|～|至|到)\s*(?:([1-9]\d{3})\s*年?)?\s*"
)
_FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
_UNSAFE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")

_EMPTY = Choice()


@dataclass(frozen=True, slots=True)
class SearchState:
    """One search as its address gives it. Equal states have equal addresses."""

    text: str = ""
    choices: tuple[tuple[str, Choice], ...] = ()
    """(facet, choice) in the order of FILTERS, empty choices left out."""
    family: str = ""
    fold: bool = True
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = PER_PAGE
    synonyms: bool = True
    asis: tuple[str, ...] = ()
    strict: bool = False
    notes: tuple[Note, ...] = field(default=(), compare=False)
    """What of the address could not be used."""

    # -- reading -------------------------------------------------------------------------

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]]) -> SearchState:
        """Read parameters (name → all its values, as `MultiDict.to_dict(flat=False)` gives)."""
        notes: list[Note] = []
        text = _clean(_first(params, "q"))
        if len(text) > MAX_TEXT:
            text = text[:MAX_TEXT]
            notes.append(Note.of("query_cut", used=MAX_TEXT))
        choices = tuple(
            (facet, choice)
            for facet in FILTERS
            if not _PARAMETERS[facet].isdisjoint(params)
            and (choice := _read_choice(facet, params, notes))
        )
        per_page = _number(params, "per_page", PER_PAGE, MAX_PER_PAGE, notes)
        sort = _first(params, "sort").lower() or "relevance"
        if sort not in SORTS:
            notes.append(Note.of("bad_choice", name="sort", value=sort, used="relevance"))
            sort = "relevance"
        return cls(
            text=text,
            choices=choices,
            family=_clean(_first(params, "family"))[:_MAX_VALUE_LENGTH],
            fold=_switch(params, "fold", True, notes),
            sort=next(known for known in SORTS if known == sort),
            page=_number(params, "page", 1, max(1, MAX_RESULTS // per_page), notes),
            per_page=per_page,
            synonyms=_switch(params, "synonyms", True, notes),
            asis=_distinct(_values(params, "asis"), "asis", notes),
            strict=_switch(params, "strict", False, notes),
            notes=tuple(notes),
        )

    # -- writing -------------------------------------------------------------------------

    def params(self) -> list[tuple[str, str]]:
        """The parameters of this state's address; defaults are left out."""
        found: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        for facet, choice in self.choices:
            found += [(facet, value or NONE_WORD) for value in choice.values]
            found += [(facet, write_span(span)) for span in choice.ranges]
            found += [(f"not_{facet}", value or NONE_WORD) for value in choice.excluded]
        optional = (
            ("family", self.family, ""),
            ("fold", str(int(self.fold)), "1"),
            ("sort", self.sort, "relevance"),
            ("page", str(self.page), "1"),
            ("per_page", str(self.per_page), str(PER_PAGE)),
            ("synonyms", str(int(self.synonyms)), "1"),
            ("strict", str(int(self.strict)), "0"),
        )
        found += [(name, value) for name, value, default in optional if value != default]
        return found + [("asis", word) for word in self.asis]

    def query_string(self) -> str:
        """`params()` as the part of an address behind the `?`."""
        return urlencode(self.params())

    # -- asking --------------------------------------------------------------------------

    @property
    def filters(self) -> dict[str, Choice]:
        """Choice by facet, those with one alone (`family` too)."""
        chosen = dict(self.choices)
        if self.family:
            chosen["family"] = Choice((self.family,))
        return chosen

    def choice(self, facet: str) -> Choice:
        """What is chosen in a facet; an empty choice where nothing is."""
        for name, choice in self.choices:
            if name == facet:
                return choice
        return _EMPTY

    @property
    def offset(self) -> int:
        """Results before this page."""
        return (self.page - 1) * self.per_page

    @property
    def folded(self) -> bool:
        """Whether reprints are folded: never inside an opened family."""
        return self.fold and not self.family

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.choices or self.family)

    # -- changing (each gives a new state, on its first page) -------------------------------

    def with_text(self, text: str) -> SearchState:
        """Another query with the same filters; undone expansions are forgotten."""
        return self._changed(text=_clean(text)[:MAX_TEXT], asis=())

    def with_value(self, facet: str, value: str) -> SearchState:
        """Choose a value (beside others of its facet). `NONE` is a value too."""
        old = self.choice(facet)
        return self._with_choice(
            facet,
            replace(old, values=_add(old.values, value), excluded=_drop(old.excluded, value)),
        )

    def excluding(self, facet: str, value: str) -> SearchState:
        """Leave a value out."""
        old = self.choice(facet)
        return self._with_choice(
            facet,
            replace(old, values=_drop(old.values, value), excluded=_add(old.excluded, value)),
        )

    def without_value(self, facet: str, value: str) -> SearchState:
        """Undo the choice or the exclusion of a value."""
        old = self.choice(facet)
        return self._with_choice(
            facet,
            replace(old, values=_drop(old.values, value), excluded=_drop(old.excluded, value)),
        )

    def toggled(self, facet: str, value: str) -> SearchState:
        """Choose a value, or undo its choice."""
        if value in self.choice(facet).values:
            return self.without_value(facet, value)
        return self.with_value(facet, value)

    def with_span(self, facet: str, span: Span) -> SearchState:
        """Narrow a number facet to one span (both ends inclusive, None is open)."""
        return self._with_choice(facet, replace(self.choice(facet), values=(), ranges=(span,)))

    def without_span(self, facet: str, span: Span) -> SearchState:
        old = self.choice(facet)
        return self._with_choice(
            facet, replace(old, ranges=tuple(kept for kept in old.ranges if kept != span))
        )

    def without_facet(self, facet: str) -> SearchState:
        """Undo every choice in a facet."""
        return self._with_choice(facet, _EMPTY)

    def without_filters(self) -> SearchState:
        """Undo every filter and leave an opened family."""
        return self._changed(choices=(), family="")

    def with_family(self, family: str) -> SearchState:
        """Open a reprint family."""
        return self._changed(family=family)

    def with_fold(self, fold: bool) -> SearchState:
        return self._changed(fold=fold)

    def with_sort(self, sort: Sort) -> SearchState:
        return self._changed(sort=sort)

    def with_per_page(self, per_page: int) -> SearchState:
        return self._changed(per_page=min(max(1, per_page), MAX_PER_PAGE))

    def with_page(self, page: int) -> SearchState:
        return replace(self, page=max(1, page), notes=())

    def with_synonyms(self, synonyms: bool) -> SearchState:
        return self._changed(synonyms=synonyms)

    def with_asis(self, word: str) -> SearchState:
        """Do not expand one typed word."""
        return self._changed(asis=_add(self.asis, word))

    def with_strict(self, strict: bool) -> SearchState:
        return self._changed(strict=strict)

    def _changed(self, **changes: object) -> SearchState:
        return replace(self, page=1, notes=(), **changes)  # type: ignore[arg-type]

    def _with_choice(self, facet: str, choice: Choice) -> SearchState:
        if facet not in FILTERS:
            raise KeyError(facet)
        chosen = {**dict(self.choices), facet: choice}
        return self._changed(
            choices=tuple((name, chosen[name]) for name in FILTERS if chosen.get(name))
        )


def parse_span(text: str) -> Span | None:
    """A year or span of years ("2018", "2018..2020", "2018至2020年", "..2020"); None if neither.

    The ends of a span may stand the wrong way round, and all signs be full-width.
    """
    text = text.translate(_FULL_WIDTH)
    if year := _YEAR.fullmatch(text):
        return int(year[1]), int(year[1])
    span = _SPAN.fullmatch(text)
    if span is None or not (span[1] or span[2]):
        return None
    lo, hi = (int(end) if end else None for end in span.groups())
    if lo is not None and hi is not None and lo > hi:
        lo, hi = hi, lo
    return lo, hi


def write_span(span: Span) -> str:
    """The canonical form of a span: "2018..2020", "2018..", "..2020"."""
    lo, hi = ("" if end is None else f"{end:04}" for end in span)
    return f"{lo}..{hi}"


# -- reading parameters ------------------------------------------------------------------


def _read_choice(facet: str, params: Mapping[str, Sequence[str]], notes: list[Note]) -> Choice:
    given = _values(params, facet)
    excluded = _values(params, f"not_{facet}")
    spans: list[Span] = []
    if facet == "year":
        given, spans = _read_years(given, notes)
        years, unusable = _read_years(excluded, notes)
        excluded = years
        notes.extend(Note.of("bad_year", value=write_span(span)) for span in unusable)
        ends = tuple(_first(params, f"year_{end}").strip() for end in ("from", "to"))
        if any(ends):
            years, more = _read_years([f"{ends[0]}..{ends[1]}"], notes)
            given = [*given, *years]
            spans = spans + [span for span in more if span not in spans]
    values = _distinct(given, facet, notes)
    return Choice(
        tuple(NONE if value == NONE_WORD else value for value in values),
        tuple(
            NONE if value == NONE_WORD else value
            for value in _distinct(excluded, facet, notes)
            if value not in values
        ),
        tuple(spans[:MAX_VALUES]),
    )


def _read_years(given: Iterable[str], notes: list[Note]) -> tuple[list[str], list[Span]]:
    years: list[str] = []
    spans: list[Span] = []
    for text in given:
        span = parse_span(text)
        if text == NONE_WORD:
            years.append(text)
        elif span is None:
            notes.append(Note.of("bad_year", value=text))
        elif span[0] == span[1]:
            years.append(str(span[0]))
        elif span not in spans:
            spans.append(span)
    return years, spans


def _first(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = params.get(name) or ()
    return values[0] if values else ""


def _values(params: Mapping[str, Sequence[str]], name: str) -> list[str]:
    cleaned = (_clean(value)[:_MAX_VALUE_LENGTH] for value in params.get(name) or ())
    return [value for value in cleaned if value]


def _distinct(values: Iterable[str], name: str, notes: list[Note]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(values))
    if len(found) > MAX_VALUES:
        notes.append(Note.of("too_many_values", name=name, used=MAX_VALUES))
    return found[:MAX_VALUES]


def _clean(text: str) -> str:
    """Control characters and lone surrogates become spaces: no address can carry them."""
    return _UNSAFE.sub(" ", text).strip()


def _number(
    params: Mapping[str, Sequence[str]], name: str, default: int, most: int, notes: list[Note]
) -> int:
    text = _first(params, name).strip()
    if not text:
        return default
    if re.fullmatch(r"[+-]?[0-9]{1,30}", text) is None:
        notes.append(Note.of("bad_number", name=name, value=text, used=default))
        return default
    wanted = int(text)
    used = min(max(wanted, 1), most)
    if used != wanted:
        notes.append(Note.of("out_of_range", name=name, value=text, used=used))
    return used


def _switch(
    params: Mapping[str, Sequence[str]], name: str, default: bool, notes: list[Note]
) -> bool:
    text = _first(params, name).strip().lower()
    if not text:
        return default
    known = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
    if text not in known:
        notes.append(Note.of("bad_choice", name=name, value=text, used=int(default)))
        return default
    return known[text]


def _add(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return values if value in values else (*values, value)


def _drop(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(kept for kept in values if kept != value)
