"""Restored words are read in place, and evidence points into the text as it is written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document, Repair
from indexer.facets import derive
from indexer.facets.text import read, split_sentences


def test_facets_are_read_from_the_restored_words() -> None:
    text = "广东省某某时赛组织残疾人专场招聘会。"
    start = text.index("某某时赛")
    repair = Repair("某某时赛", "残联", 1, 0.9, (("text", start, start + 4),))
    document = Document("1", "1", text=text, repairs=(repair,))
    reading = read(document)[1]
    assert reading.text == "广东省残联组织残疾人专场招聘会。"
    assert derive(document).provinces[0].evidence[0].text == text


def test_a_repair_that_restores_nothing_changes_nothing() -> None:
    document = Document(
        "1", "1", text="甲乙丙", repairs=(Repair("乙", "", 1, 0.2, (("text", 1, 2),)),)
    )
    assert read(document)[1].text == "甲乙丙"


def test_titles_of_other_pages_below_the_text_are_not_read() -> None:
    text = "平塘县建起了蔬菜大棚。相关阅读：湖南残联招聘会 四川道路修好了"
    found = derive(Document("1", "1", text=text))
    assert [province.name for province in found.provinces] == ["贵州"]
    text = "相关阅读推广活动在平塘县举行。湖南捐了图书。四川也捐了。"
    assert len(derive(Document("1", "1", text=text)).provinces) == 3


@given(st.text(alphabet="残联。！\n，a", max_size=60))
def test_sentences_cover_the_text(text: str) -> None:
    bounds = split_sentences(text)
    assert "".join(text[start:end] for start, end in bounds) == text


@given(
    st.text(alphabet="甲乙丙丁。", min_size=6, max_size=40),
    st.integers(0, 3),
    st.integers(1, 2),
    st.text(alphabet="残联", min_size=1, max_size=4),
)
def test_offsets_of_restored_text_point_into_the_original(
    text: str, start: int, length: int, restored: str
) -> None:
    repair = Repair("x", restored, 1, 0.9, (("text", start, start + length),))
    reading = read(Document("1", "1", text=text, repairs=(repair,)))[1]
    assert reading.text == text[:start] + restored + text[start + length :]
    assert reading.offsets is not None
    assert len(reading.offsets) == len(reading.text) + 1
    assert list(reading.offsets) == sorted(reading.offsets)
    assert reading.original(0, len(reading.text)) == (0, len(text))
    # What was not restored points at itself, what was at the word that stands there.
    for place, sign in enumerate(reading.text):
        if start <= place < start + len(restored):
            assert reading.offsets[place] == start
        else:
            assert text[reading.offsets[place]] == sign
    assert reading.original(start, start + len(restored)) == (start, start + length)
