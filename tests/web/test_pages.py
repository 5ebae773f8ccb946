"""What a visitor sees, in both languages."""

from __future__ import annotations

import re
from typing import get_args
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.document import Document, Place
from search_app import create_app
from search_app.search.results import Kind
from search_app.web.presenters.understood import READINGS
from tests.web.fakes import FakeService
from tests.web.pages import HTML, MISSING, attr, one, said, soup, with_lang

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("address", HTML)
def test_every_page_is_whole(client: FlaskClient, address: str, lang: str) -> None:
    response = client.get(with_lang(address, lang))
    assert response.status_code == 200
    page = BeautifulSoup(response.data, "lxml")
    assert page.html is not None
    assert page.html["lang"] == lang
    assert len(page.find_all("h1")) == 1
    assert page.find("main", id="main") is not None
    assert page.title is not None
    assert page.title.get_text().strip()
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    for tag in page.select("[aria-labelledby]"):
        assert tag["aria-labelledby"] in ids
    for tag in page.find_all("a", href=re.compile("^#.")):
        assert tag["href"][1:] in ids, tag["href"]


@pytest.mark.parametrize("address", HTML)
def test_an_english_page_has_chinese_only_where_it_says_so(
    client: FlaskClient, address: str
) -> None:
    page = soup(client, with_lang(address, "en"))
    assert page.body is not None
    for text in page.body.find_all(string=HAN):
        marked = any(parent.get("lang") == "zh-CN" for parent in text.parents)
        assert marked, f"{text.strip()!r} has no lang"


@pytest.mark.parametrize("address", HTML)
def test_links_keep_the_display_choices(client: FlaskClient, address: str) -> None:
    page = soup(client, with_lang(address, "en") + "&theme=dark&text=large&keys=off")
    for link in page.find_all("a", href=re.compile("^/")):
        parts = urlsplit(attr(link, "href"))
        if parts.path.startswith(("/api/v1", "/export", "/feed")):
            continue
        kept = dict(parse_qsl(parts.query))
        assert kept.get("theme") == "dark", link
        assert kept.get("text") == "large"
        assert kept.get("keys") == "off"
        if link.get("hreflang") != "zh-CN":
            assert kept.get("lang") == "en"


def test_every_inner_link_leads_somewhere(client: FlaskClient) -> None:
    """One link of each kind (same path, same parameters) on all pages."""
    kinds: dict[tuple[str, ...], str] = {}
    for address in HTML:
        for link in soup(client, address).find_all("a", href=re.compile("^/")):
            target = attr(link, "href").partition("#")[0]
            if "pattern-" in target or "no-such-page" in target:
                continue
            parts = urlsplit(target)
            names = sorted({name for name, _ in parse_qsl(parts.query)})
            kinds.setdefault((parts.path, *names), target)
    assert len(kinds) > 60
    for target in kinds.values():
        assert client.get(target).status_code == 200, target


@pytest.mark.parametrize("address", MISSING)
def test_what_is_not_there_is_404_and_says_so(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    page = BeautifulSoup(response.data, "lxml")
    assert page.find("h1") is not None
    # The page around an original has no search box, whether there is one or not.
    assert bool(page.select("form#search")) == (address != "/documents/sample-05/original")


def test_results_show_hits_with_marks(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联")
    hits = page.select("ol.hits > li")
    assert len(hits) == 10
    first = hits[0]
    assert first.select_one("h2 a")
    assert [mark.get_text() for mark in first.select(".snip mark")] == ["残联"]
    assert "另有 2 个转载" in first.get_text()
    assert said(page, "#summary") == "“残联”的检索结果：46 条"


def test_a_hit_opens_with_marks_and_the_way_on(client: FlaskClient) -> None:
    results = soup(client, "/search?q=残联&province=广东")
    link = attr(results.select("ol.hits h2 a")[1], "href")
    page = soup(client, link)
    assert page.select(".body mark")
    labels = {a.get_text() for a in page.select("nav.bar a")}
    assert labels == {"回到检索结果", "上一篇", "下一篇"}
    following = next(a for a in page.select("nav.bar a") if a.get_text() == "下一篇")["href"]
    assert "n=3" in following
    assert "province=" in following


def test_evidence_points_at_its_paragraph(client: FlaskClient) -> None:
    page = soup(client, "/documents/sample-03")
    evidence = one(page, ".because a")
    assert evidence.get_text() in said(page, attr(evidence, "href"))


def test_a_replaced_word_is_shown_with_what_stood_there(client: FlaskClient) -> None:
    page = soup(client, "/documents/sample-03")
    assert "此处原词可能为“残联合会”" in said(page, ".note.warn")
    assert attr(one(page, ".was"), "title") == "原词可能为：残联合会"


def test_chips_undo_one_choice_each(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联&province=广东&not_program=rehab&year=2015..2019")
    chips = {chip.get_text(" ", strip=True): attr(chip, "href") for chip in page.select(".chip")}
    assert list(chips) == ["取消 省份 广东", "取消 年份 2015 至 2019 年",
                           "取消 排除项目类型 残疾人康复", "全部取消"]  # fmt: skip
    without = soup(client, chips["取消 省份 广东"])
    left = [chip.get_text(" ", strip=True) for chip in without.select(".chip")]
    assert left == ["取消 年份 2015 至 2019 年", "取消 排除项目类型 残疾人康复", "全部取消"]
    assert not soup(client, chips["全部取消"]).select(".chip")


def test_a_year_span_of_a_plain_form_gets_its_address(client: FlaskClient) -> None:
    response = client.get("/search?q=残联&year_from=2015&year_to=2017&lang=en")
    assert response.status_code == 302
    query = dict(parse_qsl(urlsplit(response.location).query))
    assert query == {"q": "残联", "year": "2015..2017", "lang": "en"}
    assert urlsplit(response.location).netloc == ""


def test_no_hits_offers_ways_on(client: FlaskClient) -> None:
    page = soup(client, "/search?q=没有这样的词&province=广东")
    assert "没有找到符合条件的文档" in said(page, "#results")
    assert any("在全部文档中检索" in a.get_text() for a in page.select("#results a"))


def test_synonyms_are_told_and_undone(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联")
    told = one(page, ".note.how").get_text(" ", strip=True)
    assert "也查" in told
    assert "残疾人联合会" in told
    undo = next(attr(a, "href") for a in page.select(".note.how a") if a.get_text() == "不扩展")
    assert "也查" not in said(soup(client, undo), "#results")


@pytest.mark.parametrize("page", ["/overview", "/facets/province"])
@pytest.mark.parametrize("asked", [{"q": "残联"}, {"q": "残联", "per_page": "20"}])
def test_what_is_chosen_in_a_picture_or_a_list_keeps_the_search(
    client: FlaskClient, page: str, asked: dict[str, str]
) -> None:
    found = soup(client, f"{page}?{urlencode(asked)}").select("svg a[href], #values a[href]")
    assert found
    for link in found:
        chosen = dict(parse_qsl(urlsplit(attr(link, "href")).query))
        assert chosen.items() >= asked.items()
        assert ("per_page" in chosen) == ("per_page" in asked)


def test_a_search_begun_on_the_start_page_has_the_usual_order_and_length(
    client: FlaskClient,
) -> None:
    links = soup(client, "/").select("svg a[href], .rows a[href], .chips a[href]")
    names = {name for a in links for name, _ in parse_qsl(urlsplit(attr(a, "href")).query)}
    assert names == {"province", "year", "program", "n"}


def test_there_are_words_for_every_way_to_read_a_query() -> None:
    assert set(READINGS) == set(get_args(Kind))


def test_reprints_are_listed_with_their_differences(client: FlaskClient) -> None:
    page = soup(client, "/documents/sample-00/family")
    assert len(page.select("ol.list > li")) == 3
    assert "检索结果中显示这一篇" in page.get_text()
    assert "段不同" in page.get_text()


def test_a_reprint_shows_the_changed_sentence_alone(service: FakeService) -> None:
    first = service.document("sample-00").replace(text="两地签约。派出教师43名。群众高兴。")
    other = first.replace(id="sample-01", text="两地签约。派出教师45名。群众高兴。")
    many = [first, *(other.replace(id=f"reprint-{n}") for n in range(250))]

    class Reprinted(FakeService):
        def family(self, document_id: str) -> list[Document]:
            return many

    client = create_app({"SERVICE": Reprinted()}).test_client()
    page = soup(client, "/documents/sample-00/family")
    versions = [item.get_text(" ", strip=True) for item in page.select("ol.list > li")]
    assert "1 段不同，93% 的文字相同" in versions[1]
    assert "显示的一篇 派出教师43名。 这一篇 派出教师45名。" in versions[1]
    assert "两地签约" not in versions[1]
    assert "有 251 个版本" in said(page, "main")
    assert f"只列出前 {len(versions)} 个" in said(page, "main .note")


def test_a_long_facet_can_be_looked_through(client: FlaskClient) -> None:
    page = soup(client, "/facets/province?q=残联&find=广")
    rows = [a.get_text() for a in page.select("#values li > a:first-child")]
    assert sorted(rows) == ["广东", "广西"]


def test_pages_keep_the_search(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联&province=广东&page=1")
    following = attr(one(page, "#page-next"), "href")
    assert dict(parse_qsl(urlsplit(following).query)) == {
        "q": "残联", "province": "广东", "page": "2",
    }  # fmt: skip


def test_the_citation_names_who_what_when_and_where(client: FlaskClient) -> None:
    page = soup(client, "/documents/sample-04")
    assert said(page, "#cite") == (
        "样例作者. 广东贵州协作：第5次残疾人工作联席会议[EB/OL]. (2018-05-14)[2024-05-06]."
        " https://example.org/news/4.html."
    )


def test_the_start_page_shows_what_there_is(client: FlaskClient) -> None:
    page = soup(client, "/")
    figures = {said(f, "dt"): said(f, "dd") for f in page.select(".stats div")}
    assert figures == {"篇文档": "48", "个省份": "15", "起止年份": "2014–2024", "个来源": "3"}
    assert len(page.select("svg.chart a")) > 10
    assert page.select(".rows li")


def test_nothing_that_was_not_derived_has_a_heading(service: FakeService) -> None:
    province = Place("310000", "上海市", "province", ("上海",))
    only_a_province = service.document("sample-04").replace(places=(province,), pairs=())

    class Archive(FakeService):
        def document(self, document_id: str) -> Document:
            return only_a_province

    page = soup(create_app({"SERVICE": Archive()}).test_client(), "/documents/sample-04")
    headings = [heading.get_text() for heading in page.select("#about h2")]
    assert "省份" in headings
    assert not {"市县", "帮扶关系"} & set(headings)


def test_cities_and_counties_are_named_with_their_roles(client: FlaskClient) -> None:
    page = soup(client, "/documents/sample-04")
    places = [a for a in page.select(".card h3 a") if "place=522727" in a["href"]]
    assert places[0].get_text() == "贵州 黔南布依族苗族自治州 平塘县 · 受援方"
