"""The pattern page: every component in every state, drawn from invented counts and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.document import (
    Caption,
    Document,
    Evidence,
    Family,
    Program,
    Province,
    Repair,
    Span,
)
from search_app.search.notes import Note
from search_app.search.results import FacetValue, Part, SearchHit, SearchResults
from search_app.search.state import SearchState
from search_app.web import urls
from search_app.web.i18n import gettext
from search_app.web.presenters.document import DocumentPage, document_page
from search_app.web.presenters.overview import Picture, heat_map, pair_matrix, province_map
from search_app.web.presenters.parts import Link, Notice
from search_app.web.presenters.results import ResultsPage, results_page

_PROVINCES = (
    ("广东", 128), ("广西", 96), ("贵州", 74), ("浙江", 41), ("四川", 39), ("云南", 22),
    ("福建", 12), ("宁夏", 9), ("甘肃", 4), ("", 3),
)  # fmt: skip
_PROGRAMS = (
    ("pairing", 88), ("consumption", 61), ("employment", 40), ("disability_employment", 25),
    ("rehab", 7), ("party", 0), ("", 5),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatternsPage:
    """The values of `patterns.html`."""

    results: ResultsPage
    empty: ResultsPage
    notices: Sequence[Notice]
    pictures: Sequence[Picture]
    document: DocumentPage
    links: Sequence[Link]


def _values(counts: Sequence[tuple[str, int]], chosen: str = "") -> tuple[FacetValue, ...]:
    return tuple(FacetValue(v, v or "无", n, selected=bool(v) and v == chosen) for v, n in counts)


def _hits() -> tuple[SearchHit, ...]:
    plain = SearchHit(
        1, "pattern-1", "样例：两地残联签订就业协作协议",
        "样例：两地<mark>残联</mark>签订就业协作协议", "https://example.org/1", "2020-10-28",
        "样例日报",
        (Province("广东", ("donor",)), Province("广西", ("recipient",))),
        (Program("pairing"), Program("disability_employment")), 12.3,
        ("会议明确，两地<mark>残联</mark>每年互派人员，共建就业基地。",
         "首批二十个岗位已经落实，培训由双方共同承担。"),
        Family("pattern-1", 4), (),
    )  # fmt: skip
    flagged = SearchHit(
        2, "pattern-2", "样例：一个被篡改的页面", "样例：一个被篡改的页面", None, "2018-11",
        None, (Province("四川", ("donor", "recipient")),), (), 3.4,
        ("这里的<mark>残联</mark>二字曾被换成别的词。",), None, ("tampered",),
    )  # fmt: skip
    bare = SearchHit(
        3, "pattern-3", "", "", None, None, None, (), (), 0.1, (), None, ("no_article",)
    )
    return plain, flagged, bare


def _document() -> Document:
    """A document with a block of every kind, a replaced word and evidence."""
    lines = ("一、样例标题", "两地残联签订了协议，尊龙理事长到会。", "这是一段引文。", "表头 数目")
    text = "\n".join(lines)
    starts = [text.index(line) for line in lines]
    evidence = Evidence(lines[1], "text", starts[1], starts[1] + len(lines[1]))
    word = text.index("尊龙")
    return Document(
        id="pattern-1", path="pages/pattern.html", title="样例：残联协作", text=text,
        url="https://example.org/1", date="2020-10-28", sha256="0" * 64,
        saved="2024-05-06T07:08:09Z", replaced=0.002,
        spans=(
            Span("heading", starts[0], starts[0] + len(lines[0])),
            Span("quote", starts[2], starts[2] + len(lines[2])),
            Span("table", starts[3], starts[3] + len(lines[3])),
        ),
        captions=(Caption("图为签约现场。", starts[2]),),
        provinces=(Province("广东", ("donor",), (evidence, evidence)),),
        repairs=(Repair("尊龙", "残联", 1, 0.9, (("text", word, word + 2),)),),
    )  # fmt: skip


def patterns_page() -> PatternsPage:
    """Components drawn with invented data."""
    state = SearchState(text="残联 就业").with_value("province", "广东")
    state = state.excluding("program", "rehab").with_span("year", (2016, 2020)).with_page(4)
    years = _values([(str(2014 + i), (i * 7) % 11 * 3) for i in range(10)])
    facets = {
        "province": _values(_PROVINCES, "广东"),
        "donor": _values(_PROVINCES[:3]),
        "year": years,
        "program": _values(_PROGRAMS),
        "flags": _values((("tampered", 2), ("encoding_repaired", 1))),
    }
    understood = (
        Part("word", "残联", ("残联",)),
        Part("word", "就业", ("就业",)),
        Part("synonym", "残联", ("残疾人联合会",), state.with_asis("残联")),
        Part("fold", "殘聯", ("残联",)),
        Part("exclude", "运动会"),
        Part("relaxed", "", (), state.with_strict(True), Note.of("relaxed_any")),
    )
    results = SearchResults(
        state, understood, 173, 128, 13, _hits(), facets, ("残联 就业 帮扶",),
        (Note.of("bad_year", value="abc"),), took_ms=4.2,
    )  # fmt: skip
    nothing = SearchResults(
        SearchState(text="没有的词").with_value("province", "西藏"), (), 0, 0, 0, (), {}
    )
    everything = SearchState()
    pairs = (("广东>广西", 42), ("浙江>四川", 18), ("福建>宁夏", 9), ("广东>贵州", 27))
    cells = {("pairing", "2018"): 12, ("pairing", "2020"): 30, ("consumption", "2020"): 8}
    pictures = [
        province_map(everything, _values(_PROVINCES)),
        pair_matrix(everything, _values(pairs)),
        heat_map(
            everything, cells, {"2018": 20, "2020": 40, "2021": 3}, ["pairing", "consumption"]
        ),
    ]
    return PatternsPage(
        results=results_page(results),
        empty=results_page(nothing),
        notices=[
            Notice(gettext("一般的说明。")),
            Notice(gettext("需要留意的事。"), gettext("注意："), "warn"),
            Notice(gettext("出错了。"), gettext("错误："), "bad"),
        ],
        pictures=[picture for picture in pictures if picture is not None],
        document=document_page(_document(), SearchState(), {"title": [(3, 5)], "text": [(9, 11)]}),
        links=[
            Link(urls.link("/"), gettext("首页")),
            Link(urls.link("/search"), gettext("全部文档")),
            Link(urls.link("/overview"), gettext("全貌")),
            Link(urls.link("/no-such-page"), gettext("没有这个页面。")),
        ],
    )
