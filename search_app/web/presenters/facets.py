"""The filters beside the results: each facet as a list of boxes to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search_app.search import places
from search_app.search.engines.base import NONE
from search_app.search.results import FacetValue
from search_app.search.state import NONE_WORD, SearchState, write_span
from search_app.web import labels, urls
from search_app.web.charts import Chart, Count, histogram
from search_app.web.i18n import gettext, ngettext, number, other_language
from search_app.web.presenters.parts import Chip, Chosen, Link

SHOWN = 5
"""Values shown of a facet before "all of them" is a page of its own."""

ORDER = ("province", "donor", "recipient", "year", "program", "source", "flags")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a box. `exclude` is "" where it cannot be left out (it is chosen)."""

    name: str
    value: str
    text: str
    count: str
    selected: bool
    exclude_name: str = ""
    exclude_text: str = ""
    lang: str = ""
    children: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Years:
    """The from–to boxes: what stands in them and the years that there are."""

    low: str
    high: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet, ready to print."""

    name: str
    title: str
    groups: tuple[Group, ...] = ()
    more: Link | None = None
    chart: Chart | None = None
    years: Years | None = None


def value(facet: str, item: FacetValue) -> Value:
    """One value of a facet as a box."""
    text = labels.value(facet, item.value)
    return Value(
        name=facet,
        value=item.value or NONE_WORD,
        text=text,
        count=number(item.count),
        selected=item.selected,
        exclude_name="" if item.selected or item.excluded else f"not_{facet}",
        exclude_text=gettext("排除 %(value)s", value=text),
        lang=other_language() if labels.is_chinese(facet) and item.value else "",
    )


def shown(items: Sequence[FacetValue], most: int = SHOWN) -> list[FacetValue]:
    """The first values with a count, every chosen one among them, "none" last."""
    useful = [item for item in items if (item.count or item.selected) and not item.excluded]
    first = useful[:most]
    return first + [item for item in useful[most:] if item.selected or item.value == NONE]


def _more(state: SearchState, name: str, items: Sequence[FacetValue], seen: int) -> Link | None:
    count = sum(1 for item in items if item.count)
    if count <= seen:
        return None
    return Link(
        urls.link(f"/facets/{name}", state.params()),
        ngettext("全部 %(count)s 项", "全部 %(count)s 项", count, count=number(count)),
    )


def _plain(state: SearchState, name: str, items: Sequence[FacetValue]) -> Facet:
    first = shown(items)
    values = tuple(value(name, item) for item in first)
    return Facet(
        name, labels.facet(name), (Group("", values),), _more(state, name, items, len(first))
    )


def _programs(state: SearchState, items: Sequence[FacetValue]) -> Facet:
    by_id = {item.value: item for item in items}
    groups = []
    seen = 0
    for title, ids in labels.PROGRAM_GROUPS:
        kept = sorted((by_id[i] for i in ids if i in by_id), key=lambda item: -item.count)
        first = shown(kept)
        seen += len(first)
        if first:
            groups.append(Group(str(title), tuple(value("program", item) for item in first)))
    if NONE in by_id and by_id[NONE].count:
        groups.append(Group("", (value("program", by_id[NONE]),)))
        seen += 1
    return Facet(
        "program", labels.facet("program"), tuple(groups), _more(state, "program", items, seen)
    )


def year_counts(state: SearchState, items: Sequence[FacetValue]) -> list[Count]:
    """Every year from the first to the last with its count and link; gaps are zeros."""
    have = {int(item.value): item for item in items if item.value.isdecimal()}
    if not have:
        return []
    base = state.without_facet("year")
    ranges = state.choice("year").ranges
    found = []
    for year in range(min(have), max(have) + 1):
        item = have.get(year)
        count = item.count if item else 0
        inside = any((lo or 0) <= year <= (hi or 9999) for lo, hi in ranges)
        found.append(
            Count(
                count,
                str(year),
                number(count),
                ngettext("%(year)s 年：%(count)s 篇", "%(year)s 年：%(count)s 篇", count,
                         year=year, count=number(count)),
                urls.link("/search", base.with_value("year", str(year)).params()),
                inside or bool(item and item.selected),
            )
        )  # fmt: skip
    return found


def _years(state: SearchState, items: Sequence[FacetValue]) -> Facet:
    counts = year_counts(state, items)
    ranges = state.choice("year").ranges
    low, high = ranges[0] if len(ranges) == 1 else (None, None)
    years = Years(
        "" if low is None else str(low),
        "" if high is None else str(high),
        counts[0].name if counts else "",
        counts[-1].name if counts else "",
    )
    none = [item for item in items if item.value == NONE and item.count]
    chosen = [item for item in items if item.selected and item.value != NONE]
    groups = (Group("", tuple(value("year", item) for item in chosen + none)),)
    return Facet(
        "year", labels.facet("year"), groups if chosen or none else (),
        chart=histogram(counts) if len(counts) > 1 else None, years=years,
    )  # fmt: skip


def _with_places(facet: Facet, items: Sequence[FacetValue], place_facet: str) -> Facet:
    """Hang the cities and counties of chosen provinces below them."""
    children: dict[str, list[FacetValue]] = {}
    for item in items:
        children.setdefault(places.parent(item.value), []).append(item)

    def below(parent: str) -> tuple[Value, ...]:
        return tuple(place(item) for item in shown(children.get(parent, ()), 8))

    def place(item: FacetValue) -> Value:
        opened = item.selected or any(child.selected for child in children.get(item.value, ()))
        return replace(value(place_facet, item), children=below(item.value) if opened else ())

    def hang(box: Value) -> Value:
        return replace(box, children=below(box.value)) if box.selected else box

    groups = tuple(Group(g.title, tuple(hang(box) for box in g.values)) for g in facet.groups)
    return replace(facet, groups=groups)


PLACES = {"province": "place", "donor": "donor_place", "recipient": "recipient_place"}


def facets(
    state: SearchState,
    counts: Mapping[str, Sequence[FacetValue]],
) -> list[Facet]:
    """All facets that have something to choose."""
    found = []
    for name in ORDER:
        items = counts.get(name, ())
        if not any((item.count and item.value) or item.selected for item in items):
            continue
        if name == "year":
            found.append(_years(state, items))
        elif name == "program":
            found.append(_programs(state, items))
        else:
            facet = _plain(state, name, items)
            below = PLACES.get(name, "")
            if below and state.choice(name).values and counts.get(below):
                facet = _with_places(facet, counts[below], below)
            found.append(facet)
    return found


def hidden(state: SearchState, drawn: Sequence[Facet]) -> list[tuple[str, str]]:
    """Parameters of a state that no visible control of the filters sends."""

    def boxes(values: Sequence[Value]) -> list[tuple[str, str]]:
        return [
            pair
            for box in values
            for pair in ([(box.name, box.value)] if box.selected else []) + boxes(box.children)
        ]

    visible = {pair for facet in drawn for group in facet.groups for pair in boxes(group.values)}
    years = next((facet.years for facet in drawn if facet.years), None)
    spans = years is not None and bool(years.low or years.high)
    return [
        (name, text)
        for name, text in state.with_page(1).params()
        if name != "q"
        and (name, text) not in visible
        and not (spans and name == "year" and ".." in text)
    ]


def chosen(state: SearchState) -> Chosen:
    """Everything that narrows the search, each with the search without it."""
    chips = []
    for facet, choice in state.choices:
        for text, excluded in [(v, False) for v in choice.values] + [
            (v, True) for v in choice.excluded
        ]:
            chips.append(
                Chip(
                    labels.facet(facet) if not excluded
                    else gettext("排除%(facet)s", facet=labels.facet(facet)),
                    labels.value(facet, text),
                    urls.link("/search", state.without_value(facet, text).params()),
                    excluded,
                    other_language() if labels.is_chinese(facet) and text else "",
                )
            )  # fmt: skip
        for span in choice.ranges:
            chips.append(
                Chip(
                    labels.facet(facet),
                    labels.year(write_span(span)),
                    urls.link("/search", state.without_span(facet, span).params()),
                )
            )
    if state.family:
        chips.append(
            Chip(
                labels.facet("family"), state.family,
                urls.link("/search", state.with_family("").params()),
            )
        )  # fmt: skip
    clear = urls.link("/search", state.without_filters().params()) if len(chips) > 1 else ""
    return Chosen(chips, clear)
