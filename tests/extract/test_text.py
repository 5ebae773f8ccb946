"""Pages saved as text: headline, date and body out of lines."""

from __future__ import annotations

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


def test_a_related_heading_of_the_articles_own_does_not_end_it() -> None:
    more = "另有消息说，" + PARAGRAPHS[0]
    document = read(f"{TITLE}\n2021-05-14\n{BODY}\n相关新闻\n{more}\n{more}{more}")
    assert more in document.text


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
