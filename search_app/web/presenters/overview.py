"""The archive, or a search of it, seen as a whole: map, who helps whom, years by programs."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_app.search.results import FacetValue, SearchResults
from search_app.search.state import SearchState
from search_app.web import charts, labels, urls
from search_app.web.charts import Chart, Count
from search_app.web.i18n import gettext, ngettext, number
from search_app.web.presenters.facets import chosen
from search_app.web.presenters.parts import (
    Chosen,
    CountTable,
    Link,
    SearchForm,
    TableCell,
    TableRow,
)
from search_app.web.presenters.search_form import search_form

MOST_DONORS, MOST_RECIPIENTS, MOST_YEARS = 12, 14, 16


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its words and its counts as a table."""

    id: str
    title: str
    text: str
    chart: Chart
    table: CountTable
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The values of `overview.html`."""

    form: SearchForm
    title: str
    summary: str
    chosen: Chosen
    results: Link
    pictures: Sequence[Picture]


def articles(count: int) -> str:
    """A number of documents in words."""
    return ngettext("%(count)s 篇", "%(count)s 篇", count, count=number(count))


def said(name: str, words: str) -> str:
    """What a cell says: its name and its count."""
    return gettext("%(name)s：%(words)s", name=name, words=words)


def _search(state: SearchState) -> str:
    return urls.link("/search", state.params())


def province_map(state: SearchState, items: Sequence[FacetValue]) -> Picture:
    """The map of provinces; a tile narrows to its province alone."""
    by_name = {item.value: item for item in items}
    base = state.without_facet("province")
    counts = {}
    for name in charts.TILES:
        item = by_name.get(name)
        count = item.count if item else 0
        label = labels.value("province", name)
        counts[name] = Count(
            count, label, number(count), said(label, articles(count)),
            _search(base.with_value("province", name)) if count else "",
            bool(item and item.selected),
        )  # fmt: skip
    ranked = sorted(counts.values(), key=lambda c: -c.number)
    table = CountTable(
        gettext("各省份的文档篇数"),
        [labels.facet("province"), gettext("篇数")],
        [TableRow(c.name, [TableCell(c.text, c.url)]) for c in ranked if c.number],
    )
    return Picture(
        "map", gettext("省份分布"),
        gettext("颜色越深，文档越多；点一格，只看这个省份。"),
        charts.tile_map(counts), table, narrow=True,
    )  # fmt: skip


def pair_matrix(state: SearchState, items: Sequence[FacetValue]) -> Picture | None:
    """Who helps whom: donors at the left, recipients on top."""
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        donor, arrow, recipient = item.value.partition(">")
        if arrow and donor and recipient:
            counts[donor, recipient] = item.count
    if not counts:
        return None
    given: Tally[str] = Tally()
    taken: Tally[str] = Tally()
    for (donor, recipient), count in counts.items():
        given[donor] += count
        taken[recipient] += count
    donors = [name for name, _ in given.most_common(MOST_DONORS)]
    recipients = [name for name, _ in taken.most_common(MOST_RECIPIENTS)]
    base = state.without_facet("pair")
    chosen_pairs = state.choice("pair").values

    def count_of(donor: str, recipient: str) -> Count:
        count = counts.get((donor, recipient), 0)
        value = f"{donor}>{recipient}"
        return Count(
            count, "", number(count) if count else "",
            said(labels.value("pair", value), articles(count)),
            _search(base.with_value("pair", value)) if count else "",
            value in chosen_pairs,
        )  # fmt: skip

    rows = [labels.value("province", name) for name in donors]
    columns = [labels.value("province", name) for name in recipients]
    cells = [[count_of(d, r) for r in recipients] for d in donors]
    chart = charts.grid(rows, columns, cells)
    ranked = sorted(counts.items(), key=lambda entry: -entry[1])[:60]
    table = CountTable(
        gettext("帮扶方与受援方"),
        [labels.facet("pair"), gettext("篇数")],
        [
            TableRow(
                labels.value("pair", f"{d}>{r}"),
                [TableCell(number(count), _search(base.with_value("pair", f"{d}>{r}")))],
            )
            for (d, r), count in ranked
        ],
    )
    return Picture(
        "pairs", gettext("谁帮扶谁"),
        gettext("每行是帮扶方，每列是受援方；只计正文写明的帮扶关系。"),
        chart, table,
    )  # fmt: skip


def heat_map(
    state: SearchState,
    cells: Mapping[tuple[str, str], int],
    years: Mapping[str, int],
    programs: Sequence[str],
) -> Picture | None:
    """Years by programs. `cells` is keyed (program, year), `years` has all documents of a
    year: where it has none the archive holds nothing, which is not the same as zero."""
    known = sorted(int(year) for year, count in years.items() if year.isdecimal() and count)
    if not known or not programs:
        return None
    columns = [str(year) for year in range(known[0], known[-1] + 1)][-MOST_YEARS:]
    base = state.without_facet("year").without_facet("program")

    def count_of(program: str, year: str) -> Count:
        count = cells.get((program, year), 0)
        collected = years.get(year, 0) > 0
        words = articles(count) if collected else gettext("没有收录这一年的文档")
        return Count(
            count, "", number(count) if collected else "",
            said(f"{labels.value('program', program)} {year}", words),
            _search(base.with_value("program", program).with_value("year", year)) if count else "",
            collected=collected,
        )  # fmt: skip

    counts = [[count_of(program, year) for year in columns] for program in programs]
    rows = [labels.value("program", program) for program in programs]
    chart = charts.grid(rows, columns, counts)
    table = CountTable(
        gettext("各类项目每年的文档篇数（– 表示没有收录这一年的文档）"),
        [labels.facet("program"), *columns],
        [
            TableRow(name, [TableCell(c.text if c.collected else "–", c.url) for c in line])
            for name, line in zip(rows, counts, strict=True)
        ],
    )
    return Picture(
        "years", gettext("年份与项目类型"),
        gettext("0 表示收录了这一年的文档，但没有这一类；虚线格表示没有收录这一年的文档。"),
        chart, table,
    )  # fmt: skip


def overview_page(results: SearchResults, table: Mapping[tuple[str, str], int]) -> OverviewPage:
    """Everything that `overview.html` prints."""
    state = results.state
    facets = results.facets
    years = {item.value: item.count for item in facets.get("year", ())}
    programs = [p for _, ids in labels.PROGRAM_GROUPS for p in ids]
    used = {program for program, _ in table}
    pictures = [province_map(state, facets.get("province", ()))]
    matrix = pair_matrix(state, facets.get("pair", ()))
    heat = heat_map(state, table, years, [p for p in programs if p in used])
    pictures += [picture for picture in (matrix, heat) if picture is not None]
    title = gettext("“%(text)s”的全貌", text=state.text[:60]) if state.text else gettext("档案全貌")
    return OverviewPage(
        form=search_form(state.text, [pair for pair in state.params() if pair[0] != "q"]),
        title=title,
        summary=articles(results.total),
        chosen=chosen(state),
        results=Link(_search(state), gettext("看检索结果")),
        pictures=pictures,
    )
