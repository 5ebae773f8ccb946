from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings

from search_app.search.query import FIELD_NAMES, MAX_TERMS, Clause, Parsed, Term, parse
from tests.search.strategies import queries


def one(term: Term) -> tuple[Clause, ...]:
    return (Clause((term,)),)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("残疾人", one(Term("残疾人"))),
        ("残疾人 就业", (*one(Term("残疾人")), *one(Term("就业")))),
        ("残疾人　就业", (*one(Term("残疾人")), *one(Term("就业")))),
        ("残疾人 AND 就业", (*one(Term("残疾人")), *one(Term("就业")))),
        ('"残疾人就业"', one(Term("残疾人就业", "run"))),
        ("“残疾人就业”", one(Term("残疾人就业", "run"))),
        ("「残疾人就业」", one(Term("残疾人就业", "run"))),
        ("＂残疾人 就业＂", one(Term("残疾人 就业", "run"))),
        ("-广告", one(Term("广告", negated=True))),
        ("－广告", one(Term("广告", negated=True))),
        ("NOT 广告", one(Term("广告", negated=True))),
        ('-"虚假 广告"', one(Term("虚假 广告", "run", negated=True))),
        ("-title:广告", one(Term("广告", field="title", negated=True))),
        ("残联 OR 民政", (Clause((Term("残联"), Term("民政"))),)),
        ("残联 ＯＲ 民政", (Clause((Term("残联"), Term("民政"))),)),
        ("残联|民政｜妇联", (Clause((Term("残联"), Term("民政"), Term("妇联"))),)),
        ("title:推进会", one(Term("推进会", field="title"))),
        ("标题：推进会", one(Term("推进会", field="title"))),
        ("标题： 推进会", one(Term("推进会", field="title"))),
        ("ＴＩＴＬＥ：推进会", one(Term("推进会", field="title"))),
        ('来源:"人民 网"', one(Term("人民 网", "run", field="source"))),
        ("受援方:广西", one(Term("广西", field="recipient"))),
        ("帮扶方:广东", one(Term("广东", field="donor"))),
        ("类型:rehab", one(Term("rehab", field="program"))),
        ("year:2018..2020", one(Term("2018..2020", field="year"))),
        ("年份：２０１８．．２０２０", one(Term("2018..2020", field="year"))),
        ("残疾*", one(Term("残疾", "prefix"))),
        ("残疾＊", one(Term("残疾", "prefix"))),
        ("残*会", one(Term("残*会", "wildcard"))),
        ("协作~1", one(Term("协作", "fuzzy", distance=1))),
        # Signs inside of words are no operators.
        ("COVID-19", one(Term("COVID-19"))),
        ("国办发〔2018〕12号", one(Term("国办发〔2018〕12号"))),
        ("http://www.cdpf.org.cn/a", one(Term("http://www.cdpf.org.cn/a"))),
    ],
)
def test_the_language(text: str, clauses: tuple[Clause, ...]) -> None:
    assert parse(text) == Parsed(clauses)


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ('"残疾人 就业', ["残疾人 就业"], "unfinished_quote"),
        ("残联 OR", ["残联"], "stray_operator"),
        ("OR 残联", ["残联"], "stray_operator"),
        ("残联 | | 民政", ["残联", "民政"], "stray_operator"),
        ("残联 OR -民政", ["残联", "民政"], "stray_operator"),
        ("* 残联", ["残联"], "stray_operator"),
        ("残联 标题:", ["残联"], "empty_field"),
        ("残联 NOT", ["残联"], "stray_operator"),
        ("残联 AND", ["残联"], "stray_operator"),
        ("AND 残联", ["残联"], "stray_operator"),
        ("AND", [], "stray_operator"),
    ],
)
def test_mistakes_are_said_and_the_words_kept(text: str, words: list[str], said: str) -> None:
    parsed = parse(text)
    assert [term.text for clause in parsed.clauses for term in clause.terms] == words
    assert said in {note.code for note in parsed.notes}


@pytest.mark.parametrize("name", ["title", "Title", "ｔｉｔｌｅ", "标题", "標題"])
def test_a_field_is_known_in_any_case_and_script(name: str) -> None:
    assert parse(f"{name}：推进会") == Parsed(one(Term("推进会", field="title")))


def test_what_is_no_field_is_searched_as_words() -> None:
    parsed = parse("foo:残联")
    assert parsed.clauses == (*one(Term("foo")), *one(Term("残联")))
    assert parsed.unparsed == ("foo:",)


def test_a_headline_with_a_colon_is_plain_words() -> None:
    parsed = parse("青海：共建美好家园")
    assert parsed == Parsed((*one(Term("青海")), *one(Term("共建美好家园"))))


@pytest.mark.parametrize("text", ["", " ", "，。！", "😀🎉", "- - -", "\ud800", "\x00\x00"])
def test_nothing_to_search_is_an_empty_query(text: str) -> None:
    assert parse(text).clauses == ()


def test_many_words_are_bounded_and_said() -> None:
    parsed = parse(" ".join(f"词{n}" for n in range(5_000)))
    assert sum(len(clause.terms) for clause in parsed.clauses) == MAX_TERMS
    assert [note.code for note in parsed.notes] == ["clauses_cut"]


@given(queries)
@settings(max_examples=400, deadline=None)
def test_every_text_is_answered_within_bounds(text: str) -> None:
    parsed = parse(text)
    terms = [term for clause in parsed.clauses for term in clause.terms]
    assert len(terms) <= MAX_TERMS
    assert all(any(sign.isalnum() for sign in term.text) for term in terms)
    for note in parsed.notes:
        assert note.message("zh")
        assert note.message("en")


FIELD = re.compile(f"(?:{'|'.join(sorted(FIELD_NAMES, key=len, reverse=True))})[:：]")


def han(text: str) -> Counter[str]:
    return Counter(sign for sign in text if "\u4e00" <= sign <= "\u9fff")


@given(queries)
@settings(max_examples=200, deadline=None)
def test_no_letter_gets_lost(text: str) -> None:
    """Every Han character is in a term as often as it was typed, or told as not used; but for
    names of fields."""
    parsed = parse(text)
    if any(note.code == "clauses_cut" for note in parsed.notes):
        return
    kept = "".join(term.text for clause in parsed.clauses for term in clause.terms)
    kept += "".join((*parsed.ignored, *parsed.unparsed))
    assert not han(FIELD.sub("", text)) - han(kept)
