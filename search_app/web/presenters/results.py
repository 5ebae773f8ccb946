"""The page of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from indexer.document import Province
from search_app.search.engines.base import Sort
from search_app.search.results import SearchHit, SearchResults
from search_app.search.state import SearchState
from search_app.web import labels, urls
from search_app.web.i18n import (
    date,
    gettext,
    ngettext,
    number,
    other_language,
)
from search_app.web.presenters import facets as facet_views
from search_app.web.presenters import understood
from search_app.web.presenters.parts import Chosen, Item, Link, Notice, SearchForm
from search_app.web.presenters.search_form import search_form


@dataclass(frozen=True, slots=True)
class Tag:
    """A province with its role, as one of "donor", "recipient" or ""."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class HitView:
    """One hit, ready to print."""

    position: int
    url: str
    title: Markup
    lang: str
    date: str
    date_iso: str
    source: str
    snippets: Sequence[Markup]
    provinces: Sequence[Tag]
    programs: str
    flags: Sequence[str]
    family: Link | None


@dataclass(frozen=True, slots=True)
class PageLink:
    text: str
    url: str = ""
    label: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    previous: str
    next: str
    pages: Sequence[PageLink]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The values of `results.html`."""

    title: str
    form: SearchForm
    summary: str
    timing: str
    counting: str
    filters_label: str
    chosen: Chosen
    facets: Sequence[facet_views.Facet]
    sorts: Sequence[Link]
    notes: Sequence[Notice]
    hits: Sequence[HitView]
    start: int
    empty: Notice | None
    pager: Pager | None
    feed: str
    tools: Sequence[Link]


def tag(province: Province) -> Tag:
    """A province in words: 广东 · 帮扶方."""
    name = labels.value("province", province.name)
    if not province.roles:
        return Tag(name)
    roles = gettext("、").join(str(labels.ROLES[role]) for role in province.roles)
    return Tag(f"{name} · {roles}", province.roles[0] if len(province.roles) == 1 else "")


def marked(html: str) -> Markup:
    """Text of the engine with `<mark>` as its only tag. Anything else in it is shown as text,
    whatever the engine thinks that it escaped."""
    bare = html.replace("<mark>", "").replace("</mark>", "")
    if "<" in bare or ">" in bare:
        return Markup.escape(html)
    return Markup(html)  # noqa: S704  checked above


def hit_view(hit: SearchHit, state: SearchState) -> HitView:
    """A hit with its links; the document page gets the search and the hit's place in it."""
    pairs = [*state.with_page(1).params(), ("n", str(hit.number))]
    family = None
    if hit.family is not None and hit.family.size > 1 and state.folded:
        others = hit.family.size - 1
        family = Link(
            urls.document(hit.id, part="family"),
            ngettext(
                "另有 %(count)s 个转载", "另有 %(count)s 个转载", others, count=number(others)
            ),
        )
    return HitView(
        position=hit.number,
        url=urls.document(hit.id, pairs),
        title=marked(hit.title_html) or Markup.escape(hit.title or gettext("（无标题）")),
        lang=other_language(),
        date=date(hit.date),
        date_iso=hit.date or "",
        source=hit.source or "",
        snippets=[marked(text) for text in hit.snippets],
        provinces=[tag(province) for province in hit.provinces],
        programs=gettext("、").join(labels.value("program", p.id) for p in hit.programs),
        flags=[labels.value("flags", flag) for flag in hit.flags],
        family=family,
    )  # fmt: skip


def _summary(results: SearchResults) -> str:
    count = results.total_results
    text = results.state.text
    if len(text) > 60:
        text = text[:59] + "…"
    num = number(count)
    if not text:
        return ngettext("共 %(count)s 条结果", "共 %(count)s 条结果", count, count=num)
    return ngettext(
        "“%(text)s”的检索结果：%(count)s 条", "“%(text)s”的检索结果：%(count)s 条",
        count, text=text, count=num,
    )  # fmt: skip


def _timing(results: SearchResults) -> str:
    seconds = number(max(0.001, round(results.took_ms / 1000, 3)))
    words = [gettext("用时 %(seconds)s 秒", seconds=seconds)]
    if results.total != results.total_results:
        words.insert(
            0,
            ngettext("含转载共 %(count)s 篇", "含转载共 %(count)s 篇", results.total,
                     count=number(results.total)),
        )  # fmt: skip
    return gettext("，").join(words)


def _pager(results: SearchResults) -> Pager | None:
    state, last = results.state, results.pages
    if last <= 1:
        return None

    def url(page: int) -> str:
        return urls.link("/search", state.with_page(page).params())

    near = sorted({1, last, *range(max(1, state.page - 2), min(last, state.page + 2) + 1)})
    pages: list[PageLink] = []
    before = 0
    for page in near:
        if page - before > 1:
            pages.append(PageLink("…"))
        label = gettext("第 %(page)s 页", page=number(page))
        pages.append(PageLink(number(page), url(page), label, page == state.page))
        before = page
    return Pager(
        url(state.page - 1) if state.page > 1 else "",
        url(state.page + 1) if state.page < last else "",
        pages,
    )


def _sorts(state: SearchState) -> list[Link]:
    words: tuple[tuple[Sort, str], ...] = (
        ("relevance", gettext("相关")),
        ("recent", gettext("相关且较新")),
        ("newest", gettext("最新")),
        ("oldest", gettext("最早")),
    )
    return [
        Link(urls.link("/search", state.with_sort(name).params()), text, current=state.sort == name)
        for name, text in words
    ]


def _tools(results: SearchResults) -> list[Link]:
    state = results.state.with_page(1)
    pairs = state.params()
    links = [
        Link(urls.link("/overview", pairs), gettext("看分布图")),
        Link(urls.link("/export.csv", pairs), gettext("导出 CSV")),
        Link(urls.link("/export.jsonl", pairs), gettext("导出 JSON Lines")),
        Link(urls.link("/feed.atom", pairs), gettext("订阅")),
    ]
    if results.total != results.total_results or not state.fold:
        links.insert(
            0,
            Link(
                urls.link("/search", state.with_fold(not state.fold).params()),
                gettext("逐篇列出转载") if state.fold else gettext("合并转载"),
            ),
        )
    return links


def _empty(results: SearchResults) -> Notice:
    state = results.state
    items = []
    if state.narrowed:
        items.append(
            Item(
                gettext("去掉筛选条件："),
                [Link(urls.link("/search", state.without_filters().params()),
                      gettext("在全部文档中检索"))],
            )
        )  # fmt: skip
    items += [
        Item(gettext("检查有没有错别字，或换一种说法。")),
        Item(gettext("减少词语，或去掉引号。")),
        Item("", [Link(urls.link("/help"), gettext("看检索说明"))]),
    ]
    return Notice("", gettext("没有找到符合条件的文档。"), "warn", items=items)


def results_page(results: SearchResults) -> ResultsPage:
    """Everything that `results.html` prints."""
    state = results.state
    drawn = facet_views.facets(state, results.facets)
    chosen = facet_views.chosen(state)
    told = {part.note for part in results.understood if part.note is not None}
    notes = [Notice(understood.message(note), kind="warn") for note in results.notes
             if note not in told]  # fmt: skip
    count = len(chosen.chips)
    title = state.text[:60] or gettext("全部文档")
    return ResultsPage(
        title=title,
        form=search_form(state.text, facet_views.hidden(state, drawn)),
        summary=_summary(results),
        timing=_timing(results),
        counting=gettext("数字是选中后得到的文档篇数（含转载）。")
        if drawn
        else gettext("没有可以筛选的项。"),
        filters_label=gettext("筛选（已选 %(count)s 项）", count=number(count))
        if count
        else gettext("筛选"),
        chosen=chosen,
        facets=drawn,
        sorts=_sorts(state),
        notes=[
            *understood.did_you_mean(results),
            *notes,
            *understood.relaxed(results),
            *understood.understood(results),
        ],
        hits=[hit_view(hit, state) for hit in results.hits],
        start=state.offset + 1,
        empty=None if results.hits else _empty(results),
        pager=_pager(results),
        feed=urls.link("/feed.atom", state.with_page(1).params()),
        tools=_tools(results),
    )
