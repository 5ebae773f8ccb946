"""The coarse stream: what it covers, where it points, how positions run."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Analyzer, Tokens
from indexer.analysis.normalise import normalise
from tests.analysis.strategies import TEXTS

TRANSPARENT = re.compile(r"[ \n\u200b]|&(?:nbsp|shy);|(?<=[0-9]),(?=[0-9]{3})")
ENTITIES = re.compile("&[a-z]+;")


@given(text=TEXTS)
def test_offsets_lie_on_the_words_as_written(analyzer: Analyzer, text: str) -> None:
    for word, start, end, _ in analyzer.tokens(text):
        assert 0 <= start < end <= len(text)
        assert TRANSPARENT.sub("", normalise(text[start:end])) == word


@given(text=TEXTS)
def test_every_word_character_is_in_exactly_one_token(analyzer: Analyzer, text: str) -> None:
    covered = np.zeros(len(text), dtype=int)
    for _, start, end, _ in analyzer.tokens(text):
        covered[start:end] += 1
    # An entity that was left in the text is no word.
    plain = ENTITIES.sub(lambda match: " " * len(match[0]), normalise(text))
    for place, sign in enumerate(plain):
        if sign.isalnum():
            assert covered[place] == 1
        assert covered[place] <= 1


@given(text=TEXTS)
def test_positions_ascend(analyzer: Analyzer, text: str) -> None:
    tokens = analyzer.tokens(text)
    assert (np.diff(tokens.positions) >= 1).all()
    assert (np.diff(tokens.positions) <= 2).all()
    assert (tokens.starts[1:] >= tokens.ends[:-1]).all()


@given(texts=st.lists(TEXTS, max_size=6))
def test_a_batch_gives_what_single_texts_give(analyzer: Analyzer, texts: list[str]) -> None:
    batch = analyzer.batch(texts)
    assert len(batch) == len(texts)
    for number, text in enumerate(texts):
        assert list(batch[number]) == list(analyzer.tokens(text))


def test_a_batch_beyond_one_group(analyzer: Analyzer) -> None:
    texts = ["残疾人" * 3000, "", "对口支援。", "x" * 20_000, "残联"] * 3
    batch = analyzer.batch(texts)
    assert [list(batch[n]) for n in range(len(texts))] == [list(analyzer.tokens(t)) for t in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("残 疾 人", ["残疾人"]),
        ("残\n疾\n人", ["残疾人"]),
        ("残\u200b疾\u00a0人", ["残疾人"]),
        ("殘疾人聯合會", ["残疾人联合会"]),
        ("２０２０年", ["2020", "年"]),
        ("1,200万元", ["1200", "万元"]),
        ("1，200人", ["1", "200", "人"]),
        ("3.5万", ["3.5", "万"]),
        ("2020.3.13", ["2020", "3", "13"]),
        ("223户家庭", ["223", "户", "家庭"]),
        ("COVID-19", ["covid", "19"]),
        ("GB/T 37668", ["gb", "t", "37668"]),
        ("soft\u00adhyphen", ["softhyphen"]),
        ("残&nbsp;疾&NBSP;人&amp;残联", ["残疾人", "残联"]),
        ("残&shy;疾人R&D", ["残疾人", "r", "d"]),
        ("厦门市残联", ["厦门市", "残联"]),
        ("都安瑶族自治县与宝安区", ["都安瑶族自治县", "与", "宝安区"]),
        ("东西部扶贫协作", ["东西部扶贫协作"]),
        ("瞭望台", ["了望台"]),
        ("登高瞭望", ["登高", "了望"]),
        ("𠀀的㐀", ["𠀀", "的", "㐀"]),
        ("", []),
        ("，。！", []),
    ],
)
def test_words(analyzer: Analyzer, text: str, expected: list[str]) -> None:
    assert analyzer.tokens(text).words == expected


def adjacent(tokens: Tokens) -> bool:
    """No gap between any two tokens."""
    return bool((np.diff(tokens.positions) == 1).all())


@pytest.mark.parametrize("brackets", ["〔〕", "[]", "【】", "（）", "()", "［］", "  "])
def test_a_document_number_is_the_same_in_any_brackets(analyzer: Analyzer, brackets: str) -> None:
    tokens = analyzer.tokens(f"国办发{brackets[0]}2018{brackets[1]}12号")
    assert tokens.words == ["国办发", "2018", "12", "号"]
    assert adjacent(tokens)


@pytest.mark.parametrize(
    "text",
    ["COVID-19", "GB/T 37668", "阿卜杜拉·买买提", "残 疾 人 就业", "对口\n支援 工作", "5 G网"],
)
def test_no_gap(analyzer: Analyzer, text: str) -> None:
    assert adjacent(analyzer.tokens(text))


@pytest.mark.parametrize("text", ["残联，助残", "残联\n\n助残", "“残联”助残", "2018、2019", "A。B"])
def test_punctuation_and_blank_lines_leave_one_gap(analyzer: Analyzer, text: str) -> None:
    assert np.diff(analyzer.tokens(text).positions).max() == 2


def test_cells_of_a_table_stay_apart(analyzer: Analyzer) -> None:
    assert analyzer.tokens("残疾\t人数").words == ["残疾", "人数"]


@given(text=TEXTS)
def test_runs_are_the_tokens_without_gaps(analyzer: Analyzer, text: str) -> None:
    runs = analyzer.runs(text)
    assert [word for run in runs for word in run] == analyzer.tokens(text).words
    assert all(runs)
