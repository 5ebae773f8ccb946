"""The office beside a gap and the date of a page tell whose name stood there."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from indexer.document import Document
from indexer.repair import RepairModel, offices, repair

VISIT = (
    "新华社北京电 {0}{1}24日在人民大会堂会见来访的外国客人。\n"
    "{1}表示，双方要扩大务实合作，推动两国关系不断向前发展。\n"
    "{1}强调，中方愿同各方一道维护多边贸易体制。客人表示完全赞同{1}的看法。"
)
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])|")


@pytest.mark.parametrize(
    ("office", "date", "name"),
    [
        ("国务院总理", "2010-06-24", "温家宝"),
        ("国务院总理", "2015-06-24", "李克强"),
        ("国务院总理", "2024-06-24", "李强"),
        ("全国人大常委会委员长", "2014-06-24", "张德江"),
        ("全国人大常委会委员长", "2019-06-24", "栗战书"),
        ("美国总统", "2012-06-24", "奥巴马"),
        ("美国总统", "2022-06-24", "拜登"),
    ],
)
def test_who_held_the_office_then_is_restored(office: str, date: str, name: str) -> None:
    document = Document("p", "p", text=VISIT.format(office, "鑫彩汇棋牌"), date=date)
    found = repair(document, RepairModel.default()).repairs
    assert {one.found: one.restored for one in found} == {"鑫彩汇棋牌": name}


@pytest.mark.parametrize(
    ("left", "right", "office"),
    [
        ("24日，国务院总理", "出席", "premier"),
        ("国务院副总理、中央代表团团长", "率团", "vice-premier"),
        ("乌克兰总统弗拉基米尔·", "表示", "ua-president"),
        ("认真学习", "总书记的讲话", "general-secretary"),
        ("来自各地的", "观众", ""),
    ],
)
def test_offices_before_and_behind_a_name(left: str, right: str, office: str) -> None:
    assert (office in offices.shipped().beside(left, right)) == bool(office)


def test_terms_are_months_in_order_and_phrases_stand_once() -> None:
    text = files("indexer.repair").joinpath("data/offices.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and line[0] != "#"]
    phrases = [
        phrase for head, *rest in rows if head[0] == "@" for phrase in " ".join(rest).split()
    ]
    assert len(phrases) == len(set(phrases)) > 50
    terms = [(name, *term) for name, *term in rows if name[0] != "@" and term]
    assert len(terms) > 200
    for name, begin, until in terms:
        assert MONTH.fullmatch(begin), name
        assert MONTH.fullmatch(until), name
        assert not until or begin <= until, name


def test_one_holds_a_highest_office_at_a_time() -> None:
    known = offices.shipped()
    for office in ("general-secretary", "president", "premier", "npc-chair", "cppcc-chair"):
        for year in range(2004, 2026):
            assert len(known.holders(office, f"{year}-06")) == 1, (office, year)
