"""The five real documents: what a reader sees on them is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.document import Document, RawPage
from indexer.extract import extract
from indexer.sources import InputRef, find_inputs, read_pages


@pytest.fixture(scope="module")
def documents(shared: Path) -> dict[str, Document]:
    found = {}
    for ref in find_inputs([shared / "seeds"]):
        assert isinstance(ref, InputRef)
        for page in read_pages(ref):
            assert isinstance(page, RawPage)
            found[page.path[:3]] = extract(page)
    return found


@pytest.mark.parametrize(
    ("number", "title", "date", "source", "editor"),
    [
        ("000", "携手攻坚谋脱贫", "2020-10-28", "深圳残疾人网", None),
        ("001", "川浙、川粤残联系统东西部扶贫协作", "2018-11-12", "中国社会新闻网", None),
        ("002", "福田区召开2023年区残工委会议", "2023-04-29", "深圳新闻网", "郑晓鹏"),
        ("003", "助推高质量打赢脱贫攻坚战", "2020-07-22", "贵州广播电视台", "周冬"),
        ("004", "宝安:吹响冲锋号 夺取脱贫攻坚战全面胜利!", None, None, None),
    ],
)
def test_what_stands_above_the_text(
    documents: dict[str, Document],
    number: str,
    title: str,
    date: str | None,
    source: str | None,
    editor: str | None,
) -> None:
    document = documents[number]
    assert title in document.title
    assert (document.date, document.source, document.editor) == (date, source, editor)


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_body_holds_no_furniture(documents: dict[str, Document], number: str) -> None:
    text = documents[number].text
    furniture = (
        ".jpg",
        "莆田",
        "ICP",
        "许可证",
        "举报",
        "相关阅读",
        "相關文章",
        "分享到",
        "打印",
        "来源:",
        "编辑:",
        "人工智能朗读",
        "关于我们",
        "/图",
    )
    assert not [words for words in furniture if words in text]
    assert documents[number].title not in text.split("\n")


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        ("000", "为认真贯彻落实", "特殊需要儿童早期干预中心。"),
        ("001", "为贯彻落实《中共中央", "共同商定具体帮扶项目。"),
        ("002", "读特客户端", "展现担当和作为。"),
        ("003", "千里同牵手", "奠定坚实基础。"),
        ("004", "宝安吹响决战", "提升贫困村党组织战斗堡垒作用。"),
    ],
)
def test_the_body_is_whole(
    documents: dict[str, Document], number: str, first: str, last: str
) -> None:
    text = documents[number].text
    assert text.startswith(first)
    assert text.endswith(last)


def test_captions_and_bylines(documents: dict[str, Document]) -> None:
    captions = [caption.text for caption in documents["000"].captions]
    assert captions[:2] == ["座谈会现场", "深圳市尊龙凯时理事长侯伊莎介绍扶贫协作情况"]
    assert len(captions) == 7
    assert documents["000"].author == "许建香"
    assert documents["002"].author == "田也"
    assert [c.text[:4] for c in documents["004"].captions] == ["区对口办"]


def test_what_the_repair_needs_is_kept(documents: dict[str, Document]) -> None:
    assert "尊龙凯时" in documents["000"].page_title
    assert "365bet" in documents["003"].page_title
    assert "市尊龙凯时理事长" in documents["000"].text
