"""Pages saved as text: headline, date and body out of lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document, RawPage
from indexer.errors import PageRejected
from indexer.extract import extract
from tests.extract.pages import BODY, PARAGRAPHS, TITLE


def read(text: str, kind: str = "text") -> Document:
    return extract(RawPage("a.txt", text.encode(), kind))  # type: ignore[arg-type]


def test_navigation_and_footers_are_lines_too() -> None:
    document = read(
        "首页|机构|新闻|公开|服务|互动\n您的位置： 首页 > 新闻动态 > 正文\n\n"
        f"{TITLE}\n\n2021-05-14 09:30:00  来源：某县日报  责任编辑：林晓\n\n"
        + "\n\n".join("　　" + text for text in PARAGRAPHS)
        + "\n\n相关阅读：\n别的新闻的标题之一\n别的新闻的标题之二\n"
        "打印 | 收藏 | 发给好友\n闽ICP备00000000号 某网版权所有\n"
    )
    assert document.title == TITLE
    assert document.text == BODY
    assert (document.date, document.time) == ("2021-05-14", "09:30:00")
    assert (document.source, document.editor) == ("某县日报", "林晓")


def test_a_brand_in_the_first_line_is_not_the_headline_but_is_kept() -> None:
    document = read(f"金牌娱乐-百家乐官方网站\n\n{TITLE}\n\n2021-05-14\n\n{BODY}")
    assert document.title == TITLE
    assert document.page_title == "金牌娱乐-百家乐官方网站"
    assert document.text == BODY


def test_image_names_go_and_their_captions_stand_apart() -> None:
    lines = [TITLE, "2021-05-14", "W0202105.jpg", "维修车到了村口", *PARAGRAPHS[:2]]
    document = read("\n".join([*lines, "IMG_01.PNG", "技术人员在检查轮椅", PARAGRAPHS[2]]))
    assert document.text == BODY
    assert [caption.text for caption in document.captions] == [
        "维修车到了村口",
        "技术人员在检查轮椅",
    ]


def test_the_closing_byline_names_source_and_author() -> None:
    document = read(f"{TITLE}\n2021-05-14\n{BODY}\n某县残疾人网 林晓/文 王平/图")
    assert (document.source, document.author) == ("某县残疾人网", "林晓")
    assert document.text == BODY


def test_the_reporter_of_the_dateline_is_the_author() -> None:
    first = "某县网5月14日讯（记者 林晓 通讯员 王平）" + PARAGRAPHS[0]
    document = read(f"{TITLE}\n2021-05-14\n{first}\n{PARAGRAPHS[1]}")
    assert document.author == "林晓"
    assert document.text.startswith("某县网5月14日讯")


def test_a_related_heading_of_the_articles_own_does_not_end_it() -> None:
    more = "另有消息说，" + PARAGRAPHS[0]
    document = read(f"{TITLE}\n2021-05-14\n{BODY}\n相关新闻\n{more}\n{more}{more}")
    assert more in document.text


@pytest.mark.parametrize(
    "line",
    [
        "主办方表示，今后将继续举办这样的活动，让更多的残疾人从中受益。",
        "主办单位：某县残疾人联合会",
        "文明上网，从我做起，成为志愿者们在活动中反复宣讲的内容。",
        "300人参与了此次培训，其中残疾人占了一半以上。",
        "图片展在县文化馆开幕，展出了一百多幅反映残疾人生活的作品。",
        "加西亚·马尔克斯·费尔南多·洛佩斯的故事，也被志愿者讲给孩子们听。",
        "未经审批，任何单位不得擅自改变无障碍设施的用途。",
        "微信公众号“某县残联”同步发布了报名的办法，家属可以代为填写。",
        "下篇报道将介绍这支维修队的几位师傅。",
        "点击率最高的是一段教人保养轮椅的视频。",
        "联系电话：见各村公示栏。",
        "活动时间：2021年5月20日上午9时",
        "时间：2021年5月20日上午9时",
        "资金来源：县级财政预算安排",
        "志愿者手册作者：本协会编写组",
    ],
)
def test_lines_that_only_resemble_furniture_stay(line: str) -> None:
    document = read(f"{TITLE}\n2021-05-14\n{BODY}\n{line}\n{PARAGRAPHS[1]}")
    assert document.text.split("\n")[3:] == [line, PARAGRAPHS[1]]


def test_the_foot_of_the_page_goes_with_its_licence() -> None:
    foot = "主办：某县残疾人联合会\n地址：某县某路1号　邮编：000000\n电话：0000-000000\n闽ICP备00000000号"
    assert read(f"{TITLE}\n2021-05-14\n{BODY}\n{foot}\n建议使用1024以上分辨率").text == BODY


def test_plain_text_without_any_furniture() -> None:
    document = read(f"{TITLE}\n{BODY}")
    assert (document.title, document.text, document.date) == (TITLE, BODY, None)


def test_text_that_begins_with_its_first_paragraph() -> None:
    document = read("\n".join(PARAGRAPHS * 2))
    assert PARAGRAPHS[0] in document.title + document.text
    assert document.text.endswith(PARAGRAPHS[2])


def test_markdown_marks_are_read_not_shown() -> None:
    document = read(
        f"# {TITLE}\n\n日期：2021-05-14\n\n## 巡回服务\n\n{PARAGRAPHS[0]}\n\n"
        f"> {PARAGRAPHS[1]}\n\n- **轮胎**和[刹车](http://a.b/c)\n\n![维修车](a.jpg)\n",
        "markdown",
    )
    assert document.title == TITLE
    assert document.date == "2021-05-14"
    assert document.text == f"巡回服务\n{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n轮胎和刹车"
    assert [span.kind for span in document.spans] == ["heading", "quote", "list"]


def test_front_matter_of_a_static_site() -> None:
    head = f'---\ntitle: "{TITLE}"\ndate: 2021-05-14 09:30\nsource: 某县日报\ntags: [a]\n---\n'
    document = read(head + BODY.replace("\n", "\n\n"), "markdown")
    assert (document.title, document.text) == (TITLE, BODY)
    assert (document.date, document.time, document.source) == ("2021-05-14", "09:30", "某县日报")


@given(st.text(max_size=400), st.sampled_from(["text", "markdown"]))
def test_any_text_is_read_or_rejected(text: str, kind: str) -> None:
    try:
        document = extract(RawPage("a", text.encode("utf-8", "surrogatepass"), kind))  # type: ignore[arg-type]
    except PageRejected:
        return
    (document.text + document.title).encode()
    assert "\n\n" not in document.text
    for span in document.spans:
        assert 0 <= span.start < span.end <= len(document.text)
    for caption in document.captions:
        assert 0 <= caption.offset <= len(document.text)
