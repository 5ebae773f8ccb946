"""The year of publication: from what the page states, never from a guess."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.document import Document
from indexer.facets import derive


def date(text: str = "", **fields: Any) -> str | None:
    return derive(Document("1", "1", text=text, **fields)).date


def test_the_metadata_wins_over_everything() -> None:
    text = "深圳新闻网2023年4月29日讯"
    derived = derive(Document("1", "1", text=text, date="2019-05-01", url="http://a/2020/01/02/"))
    assert (derived.date, derived.year) == ("2019-05-01", 2019)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("深圳新闻网2023年4月29日讯（记者）会议召开。", "2023-04-29"),
        ("标题\n发布时间:2018-11-12     来源:网站\n正文", "2018-11-12"),
        ("标题\n2020-10-28\n正文", "2020-10-28"),
        ("3月13日，宝安召开2020年决战决胜脱贫攻坚工作会议。", "2020-03-13"),
        ("经协商，2018年11月12日上午在成都召开推进会。", "2018-11-12"),
    ],
)
def test_a_date_that_the_text_states_for_itself(text: str, expected: str) -> None:
    assert date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "7月26日，会议召开。",
        "8月15日，期货下跌，触及2020年12月以来的最低点。",
        "自2023年8月19日起有序恢复开放。",
        "版权所有 © 2005-2024",
        "截至2014年底，贫困人口减少。",
        "第2020页",
    ],
)
def test_null_rather_than_wrong(text: str) -> None:
    assert date(text) is None


def test_the_url_is_asked_before_the_text() -> None:
    assert date("2021-01-01\n正文", url="https://a.cn/n1/2023/0805/c1.html") == "2023-08-05"
    assert date(url="https://a.cn/202308/t1.html") == "2023-08"
