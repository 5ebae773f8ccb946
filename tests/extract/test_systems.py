"""Pages in the manner of systems that archives are full of, each with its own habits."""

from __future__ import annotations

import pytest

from indexer.document import Document, RawPage
from indexer.errors import PageRejected
from indexer.extract import extract
from tests.extract.pages import ARTICLE, BODY, FOOTER, NAVIGATION, PARAGRAPHS, RELATED, TITLE


def read(markup: str) -> Document:
    return extract(RawPage("a.html", markup.encode(), "html"))


SYSTEMS = {
    "government portal": f"""<html><head><title>{TITLE}-某县人民政府门户网站</title>
        <meta name="ContentSource" content="某县日报"><meta name="PubDate" content="2021-05-14 10:20">
        </head><body>{NAVIGATION}<div class="dqwz">当前位置：首页 > 新闻中心 > 部门动态</div>
        <table><tr><td>索 引 号</td><td>000014349/2021-1</td><td>主题</td><td>民政</td></tr>
        <tr><td>发文机关</td><td>某县残联</td><td>成文日期</td><td>2021年05月13日</td></tr></table>
        <div id="UCAP-CONTENT"><div class="pages_content">{ARTICLE}</div></div>
        <div class="pages_print">【我要纠错】 责任编辑：林晓</div>{FOOTER}</body></html>""",
    "tables for layout": f"""<html><head><title>{TITLE}</title></head><body>
        <table><tr><td>{NAVIGATION}</td></tr></table><table width=980><tr><td align=center>
        <font size=5><b>{TITLE}</b></font></td></tr><tr><td align=center>作者：林晓 　来源：某县日报
        更新时间：2021-5-14 10:20 　点击数：[12] 【字体：大 中 小】</td></tr><tr><td>
        <font>{"<br><br>".join("　　" + p for p in PARAGRAPHS)}</font></td></tr>
        <tr><td>上一篇：<a href=1>某某某某某某某某某</a><br>下一篇：没有了</td></tr></table>{FOOTER}</body>""",
    "page without a title of its own": f"""<html><head><title>某县残联欢迎您</title></head><body>
        <p align=center><strong><font size=5>{TITLE}</font></strong></p>
        <p align=center>2021年5月14日　信息来源：某县日报</p>{ARTICLE}
        <p align=right>（通讯员 林晓）</p>{FOOTER}</body></html>""",
    "newspaper": f"""<html><head><title>{TITLE}--某县日报数字报</title></head><body>
        <div class="ban">第03版：要闻 上一版 下一版</div><div class="text_c"><h3></h3><h1>{TITLE}</h1>
        <p class="sec">本报记者 林晓 《某县日报》（ 2021年05月14日 第 03 版）</p>
        <div id="ozoom"><table class="pci_c"><tr><td><img src="a.jpg"></td></tr></table>{ARTICLE}</div>
        </div>{RELATED}</body></html>""",
    "news agency": f"""<html><head><title>{TITLE}-某县日报</title></head><body>
        <h1><span class="title">{TITLE}</span></h1><div class="header-time left"><span class="year">
        <em>2021</em></span><span class="day"><em>05</em>/<em>14</em></span><span class="time">10:20:30
        </span></div><div class="source">来源：某县日报</div><div id="detail"><span>{ARTICLE}</span></div>
        <div class="editor">【责任编辑:林晓】</div>{FOOTER}</body></html>""",
    "weblog with comments": f"""<html><head><title>{TITLE} | 某公益网</title></head><body>
        <article><h1>{TITLE}</h1><div class="entry-meta">某县日报 <time>2021年5月14日</time></div>
        <div class="entry-content">{ARTICLE}<div class="sharedaddy">分享到：微信 QQ</div></div></article>
        <div id="comments"><ol><li><p>这个活动真是太好了，希望以后能够多多举办，让大家都受益。</p></li>
        <li><p>支持残联的工作，感谢工作人员的辛苦付出，给他们点赞。</p></li></ol></div>{FOOTER}</body></html>""",
    "spans in divisions": f"""<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>
        <div>2021-05-14 来源:某县日报</div><div class="x">{
        "".join(f"<div><span><span>{p}</span></span></div>" for p in PARAGRAPHS)
    }</div>{FOOTER}</body></html>""",
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_article_of_each_system(system: str) -> None:
    document = read(SYSTEMS[system])
    assert document.title == TITLE
    assert document.text == BODY
    assert document.date == "2021-05-14"
    assert document.source == "某县日报"


def test_a_table_of_data_stays_whole() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>东乡</td><td>轮椅</td><td>1</td></tr>" for n in range(30))
    document = read(
        f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><div>2021-05-14</div>"
        f"<div><p>{PARAGRAPHS[0]}</p><table>{rows}</table><p>{PARAGRAPHS[1]}</p></div>{FOOTER}"
    )
    lines = document.text.split("\n")
    assert len(lines) == 32
    assert lines[1] == "0 | 东乡 | 轮椅 | 1"


def test_a_notice_that_is_all_attachment() -> None:
    document = read(
        f"<html><title>{TITLE}_某网</title><body>{NAVIGATION}<h1>{TITLE}</h1><div>2021-05-14</div>"
        f"<div><p>附件：<a href='a.xls'>巡回服务名单.xls</a></p></div>{FOOTER}</body></html>"
    )
    assert (document.title, document.date) == (TITLE, "2021-05-14")
    assert [attachment.title for attachment in document.attachments] == ["巡回服务名单.xls"]
    assert "地址" not in document.text


def test_a_gallery_is_read_by_its_captions() -> None:
    photos = "".join(
        f"<p align=center><img src={n}.jpg></p><p align=center>第{n}张照片说的是维修车。（林晓 摄）</p>"
        for n in range(4)
    )
    document = read(
        f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><div>2021-05-14</div><div>{photos}</div>"
    )
    captions = [caption.text for caption in document.captions]
    assert [text.partition("（")[0] for text in captions] == [
        f"第{n}张照片说的是维修车。" for n in range(4)
    ]


LISTS = {
    "front page": "".join(
        f"<div class='box'><h2><a href='/c{b}/'>栏目{b}</a> <a href='/c{b}/'>更多</a></h2><ul>"
        + "".join(
            f"<li><a href='/{b}/{n}.html'>第{b}栏第{n}条新闻的标题文字</a></li>" for n in range(8)
        )
        + "</ul></div>"
        for b in range(6)
    ),
    "table of headlines": "<table>"
    + "".join(
        f"<tr><td>·<a href='/{n}.html'>第{n}条通知公告的标题文字在这里</a></td><td>2021-05-{n:02d}</td></tr>"
        for n in range(10, 28)
    )
    + "</table>",
    "results of a search": "".join(
        f"<div class='result'><h3><a href='/{n}.html'>第{n}条结果的标题，带着关键词</a></h3>"
        f"<p>……这里是第{n}条结果的摘要文字，截取了一段上下文……</p><span>2021-05-14</span></div>"
        for n in range(10)
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_lists_of_all_kinds_are_told(kind: str) -> None:
    with pytest.raises(PageRejected) as error:
        read(
            f"<html><title>某县残疾人联合会</title><body>{NAVIGATION}<div class='main'>{LISTS[kind]}"
            f"</div>{FOOTER}</body></html>"
        )
    assert error.value.reason == "list_page"
