"""Suggestions while typing and did-you-mean, over a small vocabulary."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Analyzer, load_analyzer
from indexer.analysis.suggestions import FILE, build_suggestions
from search_app.search.corrections import Corrector
from search_app.search.suggest import Suggester, open_suggester

WORDS = {
    "残联": 40, "残疾人": 90, "残疾": 60, "残疾人联合会": 20, "东西部协作": 30, "协作": 50,
    "写作": 5, "东西部": 31, "就业": 80, "培训": 70, "处理": 200, "广东": 60, "广东省": 30,
    "重庆": 20, "重庆市": 9, "粤桂": 12, "粤桂协作": 8, "对口支援": 25, "振兴": 44,
    "乡村振兴": 40, "成功": 500, "一起": 90, "我们": 300, "不": 900, "2018": 40, "gdp": 3,
    "消费帮扶": 12,
}  # fmt: skip
TITLES = [
    "残联换届大会召开",
    "广东广西深化粤桂协作",
    "重庆举办残疾人就业培训班",
    "山东重庆签署协议 鲁渝协作再深化",
    "残联换届大会召开",
    "GDP增长",
]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.fixture(scope="module")
def data(analyzer: Analyzer) -> bytes:
    return build_suggestions(analyzer, WORDS.items(), TITLES)


@pytest.fixture(scope="module")
def suggester(data: bytes) -> Suggester:
    with np.load(io.BytesIO(data)) as arrays:
        return Suggester(dict(arrays))


@pytest.fixture(scope="module")
def corrector(suggester: Suggester, analyzer: Analyzer) -> Corrector:
    return Corrector(suggester, analyzer)


def texts(suggester: Suggester, typed: str, limit: int = 8) -> list[str]:
    return [each.text for each in suggester.complete(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("canlian", "残联"),
        ("cl", "残联"),
        ("CANLIAN", "残联"),
        ("can'lian", "残联"),
        ("残", "残疾人"),
        ("殘聯", "残联换届大会召开"),
        ("dxbxz", "东西部协作"),
        ("dongxibuxie", "东西部协作"),
        ("chongq", "重庆"),
        ("粤", "粤桂"),
        ("残疾人 peix", "残疾人 培训"),
        ("残疾人peix", "残疾人培训"),
        ("残疾人培", "残疾人培训"),
        ("残疾rlh", "残疾人联合会"),
        ("title:残疾人l", "title:残疾人联合会"),
        ("“对口", "“对口支援"),
        ("xiaofei", "消费帮扶"),
        ("山东重庆签", "山东重庆签署协议 鲁渝协作再深化"),
    ],
)
def test_the_best_completion(suggester: Suggester, typed: str, first: str) -> None:
    assert texts(suggester, typed)[0] == first


def test_each_says_what_it_is(suggester: Suggester) -> None:
    kinds = {each.text: each.kind for each in suggester.complete("c", 20)}
    assert kinds["残联"] == "term"
    assert kinds["重庆"] == "place"
    assert kinds["处理"] == "word"
    assert kinds["残联换届大会召开"] == "title"
    assert kinds["成功"] == "word"  # a place only where 成功镇 is written


@pytest.mark.parametrize(
    "typed", ["", " ", "残疾人 ", "-", "“", "🙂", "\ud800", "\x00", "zzzz", "x" * 999]
)
def test_nothing_fits(suggester: Suggester, typed: str) -> None:
    assert suggester.complete(typed) == []


def test_what_was_typed_is_not_suggested_again(suggester: Suggester) -> None:
    assert "残联" not in texts(suggester, "残联")


@given(typed=st.text(max_size=12), limit=st.integers(0, 12))
def test_any_text_is_answered(suggester: Suggester, typed: str, limit: int) -> None:
    found = texts(suggester, typed, limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)


@given(typed=st.text(st.sampled_from("残联cldxb东西重庆 '“:就业"), max_size=8))
def test_any_beginning_is_answered(suggester: Suggester, typed: str) -> None:
    assert len(texts(suggester, typed, 5)) <= 5


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("东西部写作", "东西部协作"),
        ("残急人", "残疾人"),
        ("残疾入", "残疾人"),
        ("残人", "残疾人"),
        ("残人疾", "残疾人"),
        ("残疾联合会", "残疾人联合会"),
        ("残疾人的联合会", "残疾人联合会"),
        ("canlian", "残联"),
        ("残急人 就业", "残疾人 就业"),
        ("残急人就业培训", "残疾人就业培训"),
        ("title:残急人 -写作", "title:残疾人 -写作"),
        ("“东西部写作”", "“东西部协作”"),
        ("对口之援", "对口支援"),
        ("粤贵协作", "粤桂协作"),
        ("乡村正新", "乡村振兴"),
        ("殘急人", "残疾人"),
        ("东西部写作 残急人", "东西部协作 残疾人"),
    ],
)
def test_what_was_meant(corrector: Corrector, typed: str, meant: str) -> None:
    assert meant in corrector.corrections(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "残疾人",
        "残疾人就业",
        "东西部协作 残疾人",
        "我们不一起",
        "2018",
        "gdp",
        "的",
        "🙂",
        "？",
        "x" * 500,
    ],
)
def test_nothing_is_offered_in_place_of_what_is_known(corrector: Corrector, typed: str) -> None:
    assert corrector.corrections(typed) == ()


@given(typed=st.text(st.sampled_from("残急人东西部写作canl 的-“”:*|🙂\n"), max_size=30))
def test_corrections_never_fail(corrector: Corrector, typed: str) -> None:
    offered = corrector.corrections(typed)
    assert len(offered) <= 2
    assert typed not in offered


def test_a_folder_without_the_file_has_no_suggestions(tmp_path: Path, data: bytes) -> None:
    assert open_suggester(tmp_path) is None
    (tmp_path / FILE).write_bytes(b"PK broken")
    assert open_suggester(tmp_path) is None
    (tmp_path / FILE).write_bytes(data)
    opened = open_suggester(tmp_path)
    assert opened is not None
    assert texts(opened, "cl")[0] == "残联"


def test_the_file_is_the_same_every_time(analyzer: Analyzer, data: bytes) -> None:
    assert build_suggestions(analyzer, WORDS.items(), TITLES) == data


def test_an_empty_index_can_be_asked(analyzer: Analyzer, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(build_suggestions(analyzer, [], []))
    opened = open_suggester(tmp_path)
    assert opened is not None
    assert opened.complete("残") == []
    assert Corrector(opened, analyzer).corrections("残急人") == ()
