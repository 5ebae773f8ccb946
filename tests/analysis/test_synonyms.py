"""Synonyms: the format, the mistakes that are caught, what the shipped file knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Analyzer, load_analyzer
from indexer.analysis.synonyms import Synonyms
from indexer.errors import ConfigError


def load(tmp_path: Path, content: str) -> Analyzer:
    (tmp_path / "synonyms.txt").write_text(content, encoding="utf-8")
    return load_analyzer(tmp_path)


def found(synonyms: Synonyms, term: str) -> dict[str, float]:
    return {each.text: each.weight for each in synonyms.expansions(term)}


def test_groups_work_both_ways(tmp_path: Path) -> None:
    synonyms = load(tmp_path, "甲乙丙, 丁戊己, 庚辛壬|0.3\n").synonyms
    assert found(synonyms, "甲乙丙") == {"丁戊己": 0.6, "庚辛壬": 0.3}
    assert found(synonyms, "庚辛壬") == {"甲乙丙": 0.6, "丁戊己": 0.6}


def test_rules_work_one_way(tmp_path: Path) -> None:
    synonyms = load(tmp_path, "甲乙丙, 丁戊己 => 庚辛壬\n").synonyms
    assert found(synonyms, "丁戊己") == {"庚辛壬": 0.6}
    assert found(synonyms, "庚辛壬") == {}


def test_several_words_are_all_wanted(tmp_path: Path) -> None:
    synonyms = load(tmp_path, "甲乙丙 => 广东 广西\n").synonyms
    (expansion,) = synonyms.expansions("甲乙丙")
    assert expansion.phrases == (("广东",), ("广西",))


def test_terms_are_folded(tmp_path: Path) -> None:
    synonyms = load(tmp_path, "甲乙丙，ＡＢＣ－１\n").synonyms
    assert found(synonyms, "甲乙丙") == {"abc-1": 0.6}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("残联", "alone"),
        ("残联,", "missing"),
        ("残联 => ", "missing"),
        ("a => b => c", "More than one"),
        ("残联 => 残联", "itself"),
        ("残联, 残联", "twice"),
        ("残联, 助残|2", "weight"),
        ("残联, 助残|x", "weight"),
        ("残联, 助残|0", "weight"),
    ],
)
def test_mistakes_are_named_with_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, f"# 同义词\n{line}\n")
    assert says in caught.value.message
    assert "line 2" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("粤", "广东"),
        ("残联", "残疾人联合会"),
        ("残疾人联合会", "残联"),
        ("粤桂", "广东 广西"),
        ("东西部扶贫协作", "东西部协作"),
        ("东西部协作", "东西部扶贫协作"),
        ("扶贫车间", "帮扶车间"),
        ("自闭症", "孤独症"),
        ("残废人", "残疾人"),
        ("盲人", "视力残疾"),
        ("聋哑人", "听力残疾"),
        ("易地扶贫搬迁", "易地搬迁"),
        ("冬残奥会", "冬季残奥会"),
        ("广东省", "广东"),
        ("都安瑶族自治县", "都安"),
    ],
)
def test_the_field_is_known(analyzer: Analyzer, typed: str, also: str) -> None:
    assert also in found(analyzer.synonyms, typed)


def test_plain_words_do_not_replace_official_ones(analyzer: Analyzer) -> None:
    assert "瞎子" not in found(analyzer.synonyms, "盲人")
    assert "残废人" not in found(analyzer.synonyms, "残疾人")
    assert found(analyzer.synonyms, "和平区") == {}  # 和平 is a word of its own


def test_find_takes_runs_parts_and_words_apart(analyzer: Analyzer) -> None:
    def terms(*words: str) -> list[tuple[str, tuple[int, ...]]]:
        matches = analyzer.synonyms.find(words, analyzer.subwords)
        return [(match.rule.text, match.places) for match in matches]

    assert ("后续扶持", (1, 2)) in terms("搬迁", "后续", "扶持")
    assert ("粤桂", (0,)) in terms("粤桂协作")
    assert ("广东 广西", (2, 0)) in terms("广西", "协作", "广东")


@given(
    words=st.lists(st.sampled_from(["广东", "广西", "残", "联", "粤桂协作", "x", ""]), max_size=8)
)
def test_find_stays_inside_the_query(analyzer: Analyzer, words: list[str]) -> None:
    for match in analyzer.synonyms.find(words, analyzer.subwords):
        assert all(0 <= place < len(words) for place in match.places)
        assert match.rule.expansions
