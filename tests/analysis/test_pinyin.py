"""Readings of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.pinyin import syllables


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("残疾人联合会", "can ji ren lian he hui"),
        ("重庆市", "chong qing shi"),
        ("重要", "zhong yao"),
        ("都安", "du an"),
        ("银行", "yin hang"),
        ("行走", "xing zou"),
        ("朝阳区", "chao yang qu"),
        ("番禺", "pan yu"),
        ("会计", "kuai ji"),
        ("会议", "hui yi"),
        ("a1残", "a 1 can"),
        ("", ""),
    ],
)
def test_readings(text: str, read: str) -> None:
    assert " ".join(syllables(text)) == read


@given(st.text())
def test_one_reading_for_each_character(text: str) -> None:
    assert len(syllables(text)) == len(text)
