"""Which of several divisions with one name is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facets import Gazetteer
from indexer.facets.places import mentions


def paths(text: str, hints: tuple[str, ...] = ()) -> list[str]:
    gazetteer = Gazetteer.shipped()
    return ["/".join(gazetteer.path(m.code)) for m in mentions(gazetteer, [text], hints)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("广州市白云区与平塘县", ["广东/广州市/白云区", "贵州/黔南布依族苗族自治州/平塘县"]),
        ("贵阳市白云区", ["贵州/贵阳市/白云区"]),
        ("北京朝阳", ["北京/朝阳区"]),
        ("辽宁朝阳", ["辽宁/朝阳市"]),
        ("福州鼓楼区", ["福建/福州市/鼓楼区"]),
        ("江苏省，鼓楼区", ["江苏"]),  # two cities of Jiangsu have one: left out
        ("吉林", ["吉林"]),
        ("青海海南州", ["青海/海南藏族自治州"]),
        ("宝安对口帮扶龙川", ["广东/深圳市/宝安区", "广东/河源市/龙川县"]),
    ],
)
def test_a_name_is_settled_by_what_stands_around_it(text: str, expected: list[str]) -> None:
    assert paths(text) == expected


def test_a_name_is_settled_by_the_other_places_of_the_text() -> None:
    assert paths("白云区举行招聘会。贵阳的企业来了。")[0] == "贵州/贵阳市/白云区"
    assert paths("白云区举行招聘会。广州的企业来了。")[0] == "广东/广州市/白云区"


def test_a_name_is_settled_by_the_publishers_place_last() -> None:
    assert paths("白云区举行招聘会。") == []
    assert paths("白云区举行招聘会。", ("440000", "440100")) == ["广东/广州市/白云区"]


@pytest.mark.parametrize(
    "text",
    [
        "加强合作，全面振兴",
        "支付宝安全中心",
        "大厦门口",
        "重大理论成果",
        "社会长治久安",
        "每个点都安排",
    ],
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert paths(text) == []


def test_an_ordinary_word_behind_its_prefecture_is_a_place() -> None:
    assert paths("甘南合作") == ["甘肃/甘南藏族自治州/合作市"]


@given(st.text(alphabet="北京市朝阳区广东白云新城县省，。 对口a1", max_size=40))
def test_mentions_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    found = mentions(Gazetteer.shipped(), [text], ())[0]
    bounds = [position for mention in found for position in (mention.start, mention.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= mention.start < mention.end <= len(text) for mention in found)
