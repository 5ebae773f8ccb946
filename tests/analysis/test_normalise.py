"""Folding: one character to one, whatever comes."""

from __future__ import annotations

import pytest
from hypothesis import given

from indexer.analysis.normalise import normalise
from tests.analysis.strategies import TEXTS


@given(TEXTS)
def test_length_is_kept(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_each_character_folds_alone(text: str) -> None:
    assert normalise(text) == "".join(map(normalise, text))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("殘疾人聯合會對口支援", "残疾人联合会对口支援"),
        ("臺灣臺北、後裏、頭髮、發展", "台湾台北、后里、头发、发展"),
        ("ＡＢＣ２０２０％（中）", "abc2020%(中)"),
        ("国办发〔2018〕12号", "国办发[2018]12号"),
        ("【通知】［附件］", "[通知][附件]"),
        ("“十三五”「规划」『纲要』", '"十三五""规划""纲要"'),
        ("‘一’", "'一'"),
        ("一\u3000二\u00a0三", "一 二 三"),
        ("残\u200b疾\u00ad人\ufeff", "残\u200b疾\u200b人\u200b"),
        ("⼈⾥", "人里"),
        ("Café ÀÉ", "cafe ae"),
        ("二○二○年", "二〇二〇年"),
        ("2016—2020－2021", "2016-2020-2021"),
        ("阿卜杜拉•买买提・江", "阿卜杜拉·买买提·江"),
    ],
)
def test_forms_that_people_mix(written: str, folded: str) -> None:
    assert normalise(written) == folded


@pytest.mark.parametrize("char", ["㐀", "𠀀", "𪜀", "𬺰", "𰻞"])
def test_rare_han_survives(char: str) -> None:
    assert normalise(char) == char


def test_lone_surrogates_pass() -> None:
    assert normalise("残\ud800疾") == "残\ud800疾"


@pytest.mark.parametrize(
    ("char", "folded"), [("ß", "ß"), ("İ", "i"), ("ﬁ", "ﬁ"), ("½", "½"), ("㎡", "㎡")]
)
def test_what_would_grow_is_left_in_one_piece(char: str, folded: str) -> None:
    assert normalise(char) == folded
