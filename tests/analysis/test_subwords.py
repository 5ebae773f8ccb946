"""Parts of words: those that people search by, none across a seam."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Analyzer


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("残疾人联合会", {"残疾人", "残疾", "联合会", "联合"}),
        ("厦门市", {"厦门"}),
        ("都安瑶族自治县", {"都安"}),
        ("黔南布依族苗族自治州", {"黔南"}),
        ("广西壮族自治区", {"广西"}),
        ("中国人民", {"中国", "人民"}),
        ("东西部协作", {"东西部", "西部", "协作"}),
        ("粤桂协作", {"粤桂", "协作"}),
        ("残联", set()),
        ("国办发", set()),
        ("人", set()),
        ("covid", set()),
    ],
)
def test_parts(analyzer: Analyzer, word: str, parts: set[str]) -> None:
    assert set(analyzer.subwords(word)) == parts


@pytest.mark.parametrize(
    ("word", "junk"), [("厦门市", "门市"), ("中国人民", "国人"), ("中华人民共和国", "华人")]
)
def test_no_junk_across_a_seam(analyzer: Analyzer, word: str, junk: str) -> None:
    assert junk not in analyzer.subwords(word)


@given(word=st.text(st.sampled_from("中国人民残疾联合会市县的东西部"), max_size=20))
def test_parts_are_shorter_words_inside(analyzer: Analyzer, word: str) -> None:
    parts = analyzer.subwords(word)
    assert len(set(parts)) == len(parts)
    for part in parts:
        assert part in word
        assert 2 <= len(part) < len(word)


def test_every_place_name_gives_only_its_short_form(analyzer: Analyzer) -> None:
    for name in ("石门县", "天门市", "江门市", "荆门市", "中山市", "平塘县", "海口市"):
        assert analyzer.subwords(name) == (name[:-1],)
