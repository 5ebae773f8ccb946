"""The start page: the search box, and what there is to search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_app.search.results import SearchResults
from search_app.web import charts, labels, urls
from search_app.web.charts import Chart
from search_app.web.i18n import gettext, number
from search_app.web.presenters.facets import year_counts
from search_app.web.presenters.overview import Picture, province_map
from search_app.web.presenters.parts import KeyValue, Link, SearchForm
from search_app.web.presenters.results import HitView, hit_view
from search_app.web.presenters.search_form import search_form

EXAMPLES = (
    "粤桂协作 残疾人",
    "“消费帮扶”",
    "扶贫车间 OR 帮扶车间",
    "标题:对口支援 年份:2018..2020",
)


@dataclass(frozen=True, slots=True)
class StartPage:
    """The values of `start.html`."""

    form: SearchForm
    examples: Sequence[Link]
    figures: Sequence[KeyValue]
    map: Picture
    years: Chart | None
    programs: Sequence[tuple[str, Sequence[Link]]]
    recent: Sequence[HitView]
    overview: str


def start_page(results: SearchResults) -> StartPage:
    """Everything that `start.html` prints; `results` is the empty search, newest first."""
    facets = results.facets
    years = [item for item in facets.get("year", ()) if item.value.isdecimal() and item.count]
    figures = [KeyValue(gettext("篇文档"), number(results.total))]
    provinces = sum(1 for item in facets.get("province", ()) if item.value and item.count)
    figures.append(KeyValue(gettext("个省份"), number(provinces)))
    if years:
        first, last = min(int(i.value) for i in years), max(int(i.value) for i in years)
        figures.append(KeyValue(gettext("起止年份"), f"{first}–{last}"))
    sources = sum(1 for item in facets.get("source", ()) if item.value and item.count)
    figures.append(KeyValue(gettext("个来源"), number(sources)))
    by_id = {item.value: item.count for item in facets.get("program", ())}
    programs = [
        (
            str(title),
            [
                Link(
                    urls.link("/search", [("program", program)]),
                    f"{labels.value('program', program)} {number(by_id[program])}",
                )
                for program in ids
                if by_id.get(program)
            ],
        )
        for title, ids in labels.PROGRAM_GROUPS
    ]
    counts = year_counts(results.state, facets.get("year", ()))
    return StartPage(
        form=search_form(),
        examples=[Link(urls.link("/search", [("q", text)]), text, "zh-CN") for text in EXAMPLES],
        figures=figures,
        map=province_map(results.state, facets.get("province", ())),
        years=charts.histogram(counts, width=420) if len(counts) > 1 else None,
        programs=[(title, links) for title, links in programs if links],
        recent=[hit_view(hit, results.state) for hit in results.hits],
        overview=urls.link("/overview"),
    )
