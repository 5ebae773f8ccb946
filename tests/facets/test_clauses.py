"""Each clause that names its own giver and receiver is a relation for itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document
from indexer.facets import derive


def pairs(text: str, title: str = "") -> set[tuple[str, str]]:
    """Most exact names of both sides, "" for a side that is not named."""
    derived = derive(Document("1", "1", title=title, text=text))
    return {
        (pair.donor[-1] if pair.donor else "", pair.recipient[-1] if pair.recipient else "")
        for pair in derived.pairs
    }


@pytest.mark.parametrize("comma", ["，", "；", ","])
def test_a_relation_ends_where_the_next_clause_has_its_own(comma: str) -> None:
    text = f"浙江省与吉林、湖北的山区开展对口协作{comma}江苏省与陕西的山区结对。"
    assert pairs(text) == {("浙江", "吉林"), ("浙江", "湖北"), ("江苏", "陕西")}


def test_what_a_clause_adds_stays_with_the_pair_before_it() -> None:
    text = "上海对口帮扶云南，派出三百名医生，广东对口帮扶贵州和广西，江苏与陕西开展扶贫协作。"
    assert pairs(text) == {
        ("上海", "云南"),
        ("广东", "贵州"),
        ("广东", "广西"),
        ("江苏", "陕西"),
    }


def test_a_clause_may_name_the_relation_for_those_behind_it() -> None:
    text = "东西部协作中，福建省帮助宁夏发展产业，广东企业落户贵州。"
    assert pairs(text) == {("福建", "宁夏"), ("广东", "贵州")}


def test_each_joint_abbreviation_is_a_pair() -> None:
    text = "闽宁协作不断深化，沪滇协作、粤桂协作也有进展。"
    assert pairs(text) == {("福建", "宁夏"), ("上海", "云南"), ("广东", "广西")}


def test_places_that_are_listed_two_by_two_are_pairs() -> None:
    text = "浙江深化东西部协作：杭州市与广元市、宁波市与凉山州、乐山市与绍兴市结对。"
    assert pairs(text) == {
        ("杭州市", "广元市"),
        ("宁波市", "凉山彝族自治州"),
        ("绍兴市", "乐山市"),
    }
    assert len(pairs("上海和浙江、四川和云南开展东西部协作。")) == 4  # one list of each side


SIDES = {
    "江苏": ("绵竹", "绵竹市"),
    "山东省": ("北川县", "北川羌族自治县"),
    "天津市": ("恩施州", "恩施土家族苗族自治州"),
    "福建": ("宜昌", "宜昌市"),
    "浙江": ("青川", "青川县"),
    "湖南": ("黄冈", "黄冈市"),
    "宁夏": ("襄阳市", "襄阳市"),
}


@given(
    st.permutations(sorted(SIDES)),
    st.integers(2, len(SIDES)),
    st.sampled_from(["，", "；", "、", "。"]),
    st.sampled_from(["支援", "援建", "对口支援", "分别帮扶"]),
    st.sampled_from(["国家确定省际对口支援机制。", "各地按照一省帮一市的办法开展对口支援，"]),
)
def test_every_clause_of_a_list_below_a_scheme_is_a_pair(
    givers: list[str], count: int, sign: str, verb: str, heading: str
) -> None:
    chosen = givers[:count]
    text = heading + sign.join(f"{giver}{verb}{SIDES[giver][0]}" for giver in chosen) + "。"
    assert pairs(text) == {
        (giver.removesuffix("省").removesuffix("市"), SIDES[giver][1]) for giver in chosen
    }


@pytest.mark.parametrize(
    "text",
    [
        "灾后重建实行一省帮一重灾县。江苏援建绵竹，浙江援建青川。",
        "灾后重建实行对口支援。\n江苏援建绵竹，浙江援建青川。",
        "灾后重建实行对口支援。绵竹由江苏援建，青川由浙江省援建。",
        "对口支援已经结束。江苏省（主要由南京市承担）援建绵竹，浙江还援建青川。",
    ],
)
def test_the_scheme_may_be_named_before_the_list(text: str) -> None:
    assert pairs(text) == {("江苏", "绵竹市"), ("浙江", "青川县")}


def test_a_giver_holds_for_the_verbs_that_follow() -> None:
    text = "按对口支援的安排，江苏援建绵竹，还援建什邡市，浙江援建青川和支援甘肃。"
    assert pairs(text) == {
        ("江苏", "绵竹市"),
        ("江苏", "什邡市"),
        ("浙江", "青川县"),
        ("浙江", "甘肃"),
    }


def test_the_title_may_name_the_scheme() -> None:
    text = "天气很好。\n工作很忙。\n湖南支援黄冈，辽宁和宁夏支援襄阳。"
    assert pairs(text, title="省际对口支援") == {
        ("湖南", "黄冈市"),
        ("辽宁", "襄阳市"),
        ("宁夏", "襄阳市"),
    }
    assert pairs(text, title="一天") == set()


def test_listed_givers_help_listed_receivers_between_east_and_west() -> None:
    text = "国家部署对口支援库区，上海、江苏、福建等省市分别支援湖北、重庆的库区区县。"
    assert pairs(text) == {
        (giver, taker) for giver in ("上海", "江苏", "福建") for taker in ("湖北", "重庆")
    }


@pytest.mark.parametrize(
    "text",
    [
        "上海支援武汉，江苏支援黄石。",  # no scheme named: emergency help
        "对口支援很重要。\n上海很大。\n今天有雨。\n江苏支援黄石，湖南支援黄冈。",  # too far away
        "国家建立对口支援机制，国家电网支援黄石，华润集团支援恩施。",  # companies
    ],
)
def test_a_bare_verb_alone_joins_nobody(text: str) -> None:
    assert pairs(text) == set()


def test_a_receiver_is_not_cut_into_an_abbreviation() -> None:
    derived = derive(Document("1", "1", text="浙江对口支援青川。"))
    assert [province.name for province in derived.provinces] == ["浙江", "四川"]


def test_a_sentence_without_places_does_not_join_those_of_settled_pairs() -> None:
    text = "黑龙江支援重庆长寿区，上海支援万州区。全国对口支援机制已运行多年。"
    assert pairs(text) == {("黑龙江", "长寿区"), ("上海", "万州区")}
