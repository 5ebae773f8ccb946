"""What opens with a family: how one reprint differs from another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search_app.search.differences import differences

FIRST = "两地签订协议。今年共派出教师43名；医生14名。\n群众很高兴。"


def passages(first: str, second: str) -> list[tuple[str, str, str]]:
    return [
        (p.kind, first[p.start : p.end], second[p.other_start : p.other_end])
        for p in differences(first, second).passages
    ]


def test_equal_texts_differ_in_nothing_even_with_other_signs() -> None:
    found = differences(FIRST, FIRST.replace("，", ",").replace("\n", "").replace("。", "。 "))
    assert found.passages == ()
    assert found.same == 1.0


def test_a_lead_is_added_and_an_end_is_missing() -> None:
    second = "本报讯据了解。两地签订协议。今年共派出教师43名；医生14名。"
    assert passages(FIRST, second) == [
        ("added", "", "本报讯据了解。"),
        ("missing", "群众很高兴。", ""),
    ]


def test_a_changed_figure_is_a_changed_sentence() -> None:
    second = FIRST.replace("43", "45")
    assert passages(FIRST, second) == [("changed", "今年共派出教师43名；", "今年共派出教师45名；")]
    assert differences(FIRST, second).same > 0.9


def test_texts_without_anything_in_common() -> None:
    found = differences("甲乙丙丁。", "子丑寅卯。")
    assert found.same == 0.0
    assert [p.kind for p in found.passages] == ["changed"]


TEXTS = st.text(alphabet="甲乙丙12。；！\n ，a”", max_size=60)


@given(TEXTS, TEXTS)
def test_passages_lie_in_their_texts_in_order(first: str, second: str) -> None:
    found = differences(first, second)
    assert 0.0 <= found.same <= 1.0
    done = other_done = 0
    for p in found.passages:
        assert done <= p.start <= p.end <= len(first)
        assert other_done <= p.other_start <= p.other_end <= len(second)
        assert (p.start < p.end) == (p.kind in ("missing", "changed"))
        assert (p.other_start < p.other_end) == (p.kind in ("added", "changed"))
        done, other_done = p.end, p.other_end


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert differences(text, text).passages == ()
