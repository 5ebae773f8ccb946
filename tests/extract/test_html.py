"""HTML pages of many systems: the article comes out, the furniture stays."""

from __future__ import annotations

import html
import json

import pytest

from indexer.document import Document, RawPage
from indexer.errors import PageRejected
from indexer.extract import ExtractOptions, extract
from tests.extract.pages import (
    ARTICLE,
    BODY,
    LEAKS,
    PARAGRAPHS,
    TITLE,
    list_page,
    page,
)


def read(markup: str | bytes, **options: bool) -> Document:
    data = markup.encode() if isinstance(markup, str) else markup
    return extract(RawPage("a.html", data, "html"), options=ExtractOptions(**options))


def rejected(markup: str) -> str:
    with pytest.raises(PageRejected) as error:
        read(markup)
    assert error.value.message
    return error.value.reason


@pytest.mark.parametrize(
    "container",
    [
        "<div class='TRS_Editor'>{}</div>",
        "<div id='zoom'><div class='Custom_UnionStyle'>{}</div></div>",
        "<td id='vsb_content'>{}</td>",
        "<div id='js_content' style='visibility: hidden'><section>{}</section></div>",
        "<div class='nothing-known'>{}</div>",
        "<table><tr><td width='20'></td><td>{}</td></tr></table>",
        "<article>{}</article>",
        "<div><div><div><div>{}</div></div></div></div>",
    ],
)
def test_the_body_is_clean_whatever_holds_it(container: str) -> None:
    document = read(page(container=container))
    assert document.text == BODY
    assert document.title == TITLE
    assert (document.date, document.time) == ("2021-05-14", "09:30")
    assert document.source == "某县融媒体中心"
    assert not [leak for leak in LEAKS if leak in str(document)]
    assert document.page_title == f"{TITLE}_某县残疾人联合会"


def test_paragraphs_parted_by_breaks() -> None:
    article = "<br><br>".join("　　" + text for text in PARAGRAPHS)
    assert read(page(article)).text == BODY


def test_sections_beside_each_other_are_one_article() -> None:
    article = "".join(f"<section><p>{text}</p></section>" for text in PARAGRAPHS)
    assert read(page(article)).text == BODY


def test_furniture_inside_the_container_is_cut() -> None:
    article = (
        "<div class='bdsharebuttonbox'>分享</div>"
        f"<p>{PARAGRAPHS[0]}</p><div class='ad_box'>广告：买买买，快来买，全场五折。</div>"
        f"<p>{PARAGRAPHS[1]}</p><p style='display:none'>看不见的推广文字，不应该出现在正文里。</p>"
        f"<p>{PARAGRAPHS[2]}</p><p>【责任编辑：林晓】</p><p>扫一扫在手机打开当前页</p>"
        "<p><a href='1.html'>[1]</a> <a href='2.html'>[2]</a> <a href='2.html'>下一页</a></p>"
        "<p>上一篇：<a href='x'>别的文章的标题在这里</a></p>"
    )
    document = read(page(article, container="<div class='article-content'>{}</div>"))
    assert document.text == BODY
    assert document.editor == "林晓"


def test_captions_stand_apart_with_their_place() -> None:
    article = (
        f"<p>{PARAGRAPHS[0]}</p><p style='text-align:center'><img src='1.jpg'></p>"
        "<p style='text-align:center'>技术人员在检查轮椅。</p>"
        f"<p>{PARAGRAPHS[1]}</p><figure><img src='2.jpg'><figcaption>维修车内景</figcaption></figure>"
        f"<p>{PARAGRAPHS[2]}</p><p>图为公示栏里的日程。</p>"
    )
    document = read(page(article))
    assert document.text == BODY
    assert [c.text for c in document.captions] == [
        "技术人员在检查轮椅。",
        "维修车内景",
        "图为公示栏里的日程。",
    ]
    assert document.captions[0].offset == document.text.index(PARAGRAPHS[1])
    assert document.captions[2].offset == len(document.text)


def test_a_paragraph_after_an_image_stays_in_the_body() -> None:
    article = f"<p><img src='1.jpg'></p><p>活动当天来了许多人。</p>{ARTICLE}"
    assert read(page(article)).text == "活动当天来了许多人。\n" + BODY


def test_headings_lists_quotes_and_tables_are_marked() -> None:
    article = (
        f"<h3>巡回服务</h3><p>{PARAGRAPHS[0]}</p><blockquote><p>{PARAGRAPHS[1]}</p></blockquote>"
        f"<table><tr><th>乡镇</th><th>修好</th></tr><tr><td>东乡</td><td>12辆</td></tr></table>"
        f"<p>{PARAGRAPHS[2]}</p><ul><li>轮胎和刹车</li><li>电池和充电器</li></ul>"
    )
    document = read(page(article))
    marked = [(s.kind, document.text[s.start : s.end]) for s in document.spans]
    assert marked == [
        ("heading", "巡回服务"),
        ("quote", PARAGRAPHS[1]),
        ("table", "乡镇 | 修好"),
        ("table", "东乡 | 12辆"),
        ("list", "轮胎和刹车"),
        ("list", "电池和充电器"),
    ]


def test_attachments_are_listed_with_their_addresses() -> None:
    article = ARTICLE + "<p>附件：<a href='./plan.docx'>巡回服务日程表</a></p>"
    head = "<link rel='canonical' href='http://a.gov.cn/xw/1.html'>"
    (attachment,) = read(page(article, head=head)).attachments
    assert (attachment.title, attachment.url) == ("巡回服务日程表", "http://a.gov.cn/xw/plan.docx")


@pytest.mark.parametrize(
    "scheme", ["javascript:", "JavaScript:", " java\nscript:", "data:", "vbscript:"]
)
def test_addresses_that_would_run_are_dropped(scheme: str) -> None:
    article = ARTICLE + f"<p><a href='{scheme}alert(1)//a.pdf'>附件一</a></p>"
    assert read(page(article)).attachments == ()
    head = f"<link rel='canonical' href='{scheme}//a/b.html'>"
    assert read(page(head=head)).url is None


# --- title -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        f"{TITLE}_新闻动态_某县残疾人联合会",
        f"{TITLE}-某县政府网",
        f"{TITLE} - 某县残联",
        f"{TITLE}--某县商报",
        f"{TITLE}|某县日报",
        f"[视频]{TITLE}",
    ],
)
@pytest.mark.parametrize("headline", ["", f"<h1>{TITLE}</h1>", f"<div class='title'>{TITLE}</div>"])
def test_a_title_loses_the_name_of_the_site(title: str, headline: str) -> None:
    assert read(page(title=title, headline=headline)).title == TITLE


def test_a_site_that_stands_before_the_headline() -> None:
    logo = "<h1 class='logo'>某县残疾人联合会</h1>"
    for headline in (f"{logo}<h3>{TITLE}</h3>", f"{logo}<div class='bt'>{TITLE}</div>"):
        assert read(page(title=f"某县残疾人联合会-{TITLE}", headline=headline)).title == TITLE


def test_a_dash_inside_a_headline_stays() -> None:
    title = "从“输血”到“造血”——山区残疾人就业观察"
    assert read(page(title=title + "_某县日报", headline=f"<h2>{title}</h2>")).title == title


def test_the_title_of_a_page_taken_over_is_the_headline_not_the_brand() -> None:
    document = read(page(title="金牌娱乐-百家乐投注官方网站", headline=f"<h2>{TITLE}</h2>"))
    assert document.title == TITLE
    assert document.page_title == "金牌娱乐-百家乐投注官方网站"


# --- date and source -------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "dateline", "date", "time"),
    [
        ("<meta name='PubDate' content='2021-05-14 09:30'>", "", "2021-05-14", "09:30"),
        (
            "<meta property='article:published_time' content='2021-05-13T23:30:00Z'>",
            "",
            "2021-05-14",
            "07:30:00",
        ),
        ("", "2021年5月14日", "2021-05-14", None),
        ("", "日期：2021/05/14 浏览次数：20", "2021-05-14", None),
        ("", "<span>来源：某网</span><span>2021-05-14 09:30:15</span>", "2021-05-14", "09:30:15"),
        (
            '<script>{"@type":"NewsArticle","datePublished":"2021-05-14T09:30:00+08:00"}</script>',
            "",
            "2021-05-14",
            "09:30:00",
        ),
        ("<script>var publishDate = '2021-05-14 09:30';</script>", "", "2021-05-14", "09:30"),
        (
            "<link rel='canonical' href='http://www.example.gov.cn/xw/202105/t20210514_12345.html'>",
            "",
            "2021-05-14",
            None,
        ),
        ("", "", None, None),
    ],
)
def test_the_date_comes_from_wherever_it_is_stated(
    head: str, dateline: str, date: str | None, time: str | None
) -> None:
    document = read(page(head=head, dateline=dateline))
    assert (document.date, document.time) == (date, time)


def test_a_licence_or_a_list_beside_the_article_gives_no_date() -> None:
    beside = "<div class='side'><ul><li><a href='1'>别的新闻的标题</a> 2019-01-01</li></ul></div>"
    footer = "<p>Copyright 2005-2022 某网</p>"
    assert read(page(dateline="", container="<div>{}</div>" + beside + footer)).date is None


@pytest.mark.parametrize(
    ("dateline", "source", "author", "editor"),
    [
        ("来源：某县日报  作者：林晓 王平", "某县日报", "林晓 王平", None),
        ("<span>信息来源：</span><a href='x'>某县日报</a> 2021-05-14", "某县日报", None, None),
        ("2021-05-14 09:30 某县日报", "某县日报", None, None),
        ("来源： 本站 责任编辑：林晓 字体：大 中 小", None, None, "林晓"),
        ("编辑：林晓 评论 收藏", None, None, "林晓"),
    ],
)
def test_source_author_and_editor(
    dateline: str, source: str | None, author: str | None, editor: str | None
) -> None:
    document = read(page(dateline=dateline))
    assert (document.source, document.author, document.editor) == (source, author, editor)


def test_dates_that_the_article_tells_are_not_its_own() -> None:
    told = "<p>他生于上海，2009年5月14日在南京逝世，享年77岁，留下了许多作品。</p>"
    assert read(page(ARTICLE + told, dateline="")).date is None


def test_words_of_the_article_are_no_byline() -> None:
    document = read(page(f"<p>本协会由残疾人工作者组成，具有三种职能。</p>{ARTICLE}"))
    assert document.author is None


# --- where articles hide -----------------------------------------------------------


def shell(script: str) -> str:
    return (
        f"<html><head><title>{TITLE}</title></head><body><div id='app'></div>{script}</body></html>"
    )


def test_an_article_in_a_scripts_json() -> None:
    data = json.dumps({"data": {"title": TITLE, "content": ARTICLE}})
    document = read(shell(f"<script>window.__STATE__ = {data}</script>"))
    assert (document.title, document.text) == (TITLE, BODY)


def test_an_article_in_a_script_template() -> None:
    document = read(shell(f"<script type='text/template'><div>{ARTICLE}</div></script>"))
    assert document.text == BODY


def test_an_article_in_a_saved_frame() -> None:
    frame = html.escape(page(), quote=True)
    document = read(
        f'<html><title>外框</title><body><iframe srcdoc="{frame}"></iframe></body></html>'
    )
    assert (document.title, document.text) == (TITLE, BODY)


def test_two_documents_in_one_file() -> None:
    first = "<html><head><title>外层</title></head><body><p>页眉</p></body></html>"
    assert read(first + page()).text == BODY


def test_the_address_of_a_saved_page() -> None:
    url = "http://www.example.gov.cn/xw/202105/12345.html"
    saved = read(f"<!-- saved from url=(0046){url} -->" + page())
    assert saved.url == url
    assert saved.id == read(page(head=f"<link rel='canonical' href='{url}'>")).id
    # A site's front page is the address of no article.
    assert read(page(head="<link rel='canonical' href='http://www.example.gov.cn/'>")).url is None


def test_search_words_hidden_in_a_page_are_not_its_article() -> None:
    dump = "<div>" + "新闻网站 手机报价 免费下载 最新消息 " * 400 + "</div>"
    assert read(page(container="<div>{}</div>" + dump)).text == BODY


def test_what_follows_the_editors_line_is_another_matter() -> None:
    other = "<blockquote><p>别处的一条消息</p><p>它说的是另一件事情，只有一两句话…</p></blockquote>"
    document = read(page(ARTICLE + "<p>责任编辑：林晓</p>" + other))
    assert document.text == BODY
    assert document.editor == "林晓"


@pytest.mark.parametrize(
    ("url", "article"),
    [
        ("http://www.a.gov.cn/xw/202105/t20210514_123.html", True),
        ("http://www.a.gov.cn/content.jsp?id=123", True),
        ("http://mp.weixin.qq.com/s/BcdEfGhIjKlMnOpQrStUvW", True),
        ("http://www.a.gov.cn/", False),
        ("http://www.a.gov.cn/xwzx/", False),
        ("http://www.a.gov.cn/xwzx/index.html", False),
        ("http://www.a.gov.cn/col/col12/index_3.shtml", False),
        ("/xw/1.html", False),
        ("http://[::1", False),
    ],
)
def test_only_the_address_of_one_page_names_it(url: str, article: bool) -> None:
    document = read(page(head=f"<link rel='canonical' href='{url}'>"))
    assert document.url == (url if article else None)


# --- pages without an article ------------------------------------------------------


def test_a_list_page_is_told_and_can_be_kept() -> None:
    assert rejected(list_page()) == "list_page"
    assert "list_page" in read(list_page(), keep_non_articles=True).flags


def test_a_list_with_summaries_is_a_list() -> None:
    items = "".join(
        f"<div class='item'><h3><a href='{n}.html'>第{n}条新闻的标题在这里</a></h3>"
        f"<p>这里是第{n}条新闻的摘要，写了几句话，让人知道它说的是什么事情。</p><span>2021-05-01</span></div>"
        for n in range(12)
    )
    assert rejected(
        f"<html><title>动态</title><body><div class='content'>{items}</div></body>"
    ) == ("list_page")


def test_a_forum_is_told() -> None:
    posts = "".join(
        f"<div id='post_{n}'><td id='postmessage_{n}'>第{n}位网友的回复，说了自己的看法和经历，写得很长。</td></div>"
        for n in range(5)
    )
    assert rejected(f"<html><title>求助 - 某论坛</title><body>{posts}</body></html>") == "forum"


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body></body></html>",
        "<html><title>404</title><body><div>页面不存在</div></body></html>",
        "<p></p>",
        "<<<<>>>>",
    ],
)
def test_an_empty_page_is_told(markup: str) -> None:
    assert rejected(markup) == "no_article"


def test_a_short_notice_is_an_article() -> None:
    notice = "<p>因系统升级，本周六全天暂停办理残疾人证业务。</p>"
    assert read(page(notice)).text == "因系统升级，本周六全天暂停办理残疾人证业务。"


def test_an_article_with_many_links_is_an_article() -> None:
    linked = "".join(
        f"<p>{text[:20]}<a href='/wiki/x'>{text[20:26]}</a>{text[26:]}</p>"
        for text in PARAGRAPHS * 3
    )
    assert read(page(linked)).text == "\n".join(PARAGRAPHS * 3)
