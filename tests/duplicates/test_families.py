"""Which documents become one family, and which stay apart."""

from __future__ import annotations

import pickle
import random

import pytest

from indexer.document import Document
from indexer.duplicates import families, signature
from indexer.duplicates.sources import source_rank

WORDS = [
    "县里",
    "组织",
    "党员",
    "干部",
    "走访",
    "群众",
    "送去",
    "种苗",
    "技术",
    "帮助",
    "搬迁",
    "住户",
    "修建",
    "道路",
    "水渠",
    "车间",
    "招聘",
    "工人",
    "医生",
    "教师",
    "支援",
    "学校",
    "医院",
    "签订",
    "协议",
    "召开",
    "会议",
    "考察",
    "产业",
    "园区",
    "蔬菜",
    "基地",
    "销售",
    "农产品",
    "收入",
    "增加",
    "两地",
    "部门",
    "企业",
    "今年",
    "以来",
    "共同",
    "推进",
    "项目",
    "建设",
    "培训",
    "班次",
    "残疾人",
    "康复",
    "就业",
    "服务",
    "中心",
    "社区",
    "老人",
    "儿童",
    "志愿者",
    "活动",
]


def article(seed: int, sentences: int = 12) -> str:
    """A text that shares words, but no sentence, with those of other seeds."""
    rng = random.Random(seed)
    lines = []
    for _ in range(sentences):
        words = rng.sample(WORDS, 12)
        lines.append("".join(words[:6]) + f"{rng.randint(2, 9999)}人，" + "".join(words[6:]) + "。")
    return "\n".join(lines)


def family_of(*documents: Document) -> dict[str, set[str]]:
    """Representative → members."""
    found = families([signature(document) for document in documents])
    groups: dict[str, set[str]] = {}
    for member, family in found.items():
        groups.setdefault(family.id, set()).add(member)
    assert all(found[m].size == len(group) for group in groups.values() for m in group)
    return groups


def page(id_: str, text: str, **fields: str) -> Document:
    return Document(id=id_, path=id_, text=text, **fields)  # type: ignore[arg-type]


def test_the_same_article_with_other_signs_and_width_is_a_reprint() -> None:
    text = article(1)
    other = text.replace("，", ", ").replace("。", "． ").replace("\n", " ")
    assert family_of(page("a", text), page("b", other), page("c", article(2))) == {"a": {"a", "b"}}


def test_a_cut_reprint_and_one_with_a_lead_are_found() -> None:
    text = article(1)
    cut = "\n".join(text.split("\n")[:6])
    lead = "本报讯 记者从县里获悉有关情况如下。\n" + article(50, 3) + "\n" + text
    groups = family_of(page("whole", text), page("cut", cut), page("lead", lead))
    assert set(*groups.values()) == {"whole", "cut", "lead"}


def test_a_slightly_edited_reprint_is_found() -> None:
    lines = article(1).split("\n")
    lines[3] = article(77, 1)
    assert family_of(page("a", article(1)), page("b", "\n".join(lines))) == {"a": {"a", "b"}}


def test_a_round_up_does_not_join_the_articles_that_it_quotes() -> None:
    one, two = article(1, 8), article(2, 8)
    groups = family_of(page("one", one), page("two", two), page("both", one + "\n" + two))
    assert all(not {"one", "two"} <= members for members in groups.values())


def test_issues_of_one_template_stay_apart() -> None:
    def bulletin(day: int) -> str:
        return (
            f"省气象台{day}日发布天气预报，预计今天夜间到明天全省多云，气温{day + 3}到{day + 11}度，"
            f"东部地区有小雨，降水量{day * 2}毫米，风力{day % 5 + 1}级，请有关部门做好防范，"
            f"山区道路湿滑请注意行车安全，农业部门做好田间管理，明日{day + 1}日起气温回升。"
        )

    pages = [page(f"d{day}", bulletin(day), date=f"2020-05-{day:02}") for day in range(1, 15)]
    assert family_of(*pages) == {}


def test_a_yearly_text_is_not_a_reprint_of_the_last_years() -> None:
    text = article(3, 6).replace("人", "名")
    plain = "".join(char for char in text if not char.isdigit())
    changed = plain.replace("考察", "检查").replace("志愿者", "青年").replace("车间", "工厂")
    assert (
        family_of(page("old", plain, date="2018-01-20"), page("new", changed, date="2019-01-20"))
        == {}
    )


def test_short_texts_need_more_than_set_phrases_in_common() -> None:
    first = "今天出版的日报发表评论员文章，题目是《大力弘扬脱贫攻坚精神》，全文如下敬请关注。"
    second = "今天出版的日报发表评论员文章，题目是《走中国特色减贫道路》，全文如下敬请关注。"
    assert family_of(page("a", first), page("b", second)) == {}


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ([("late", "2020-02-03", None), ("early", "2020-02-01", None)], "early"),
        ([("press", "2020-02-01", "某某日报"), ("state", "2020-02-01", "县人民政府")], "state"),
        ([("undated", None, "县人民政府"), ("dated", "2020-02-01", None)], "dated"),
    ],
)
def test_who_is_shown(members: list[tuple[str, str | None, str | None]], shown: str) -> None:
    pages = [page(i, article(1), date=date, source=source) for i, date, source in members]  # type: ignore[arg-type]
    assert list(family_of(*pages)) == [shown]


def test_a_cut_member_is_not_shown_even_if_it_is_the_earliest() -> None:
    text = article(1)
    cut = "\n".join(text.split("\n")[:6])
    groups = family_of(page("cut", cut, date="2020-01-01"), page("whole", text, date="2020-01-02"))
    assert list(groups) == ["whole"]


def test_empty_bodies_are_no_family() -> None:
    assert family_of(page("a", ""), page("b", ""), page("c", "，。")) == {}


def test_the_order_of_documents_does_not_matter() -> None:
    pages = [page(f"{seed}-{copy}", article(seed)) for seed in range(5) for copy in range(3)]
    expected = family_of(*pages)
    random.Random(4).shuffle(pages)
    assert family_of(*pages) == expected


def test_many_copies_of_one_article_stay_one_family() -> None:
    lines = article(1).split("\n")
    pages = [
        page(f"p{i}", "\n".join([*lines[: 8 + i % 4], article(900 + i, 1)])) for i in range(80)
    ]
    groups = family_of(*pages)
    assert max(map(len, groups.values())) >= 78


def test_pairs_grow_linearly_not_quadratically() -> None:
    """A boilerplate paragraph on every page must not pair every page with every other."""
    from indexer.duplicates.families import Thresholds, _candidates

    boilerplate = article(999, 6)
    sketches = [
        signature(page(str(i), article(i, 8) + "\n" + boilerplate)).sketch for i in range(400)
    ]
    pairs = _candidates(sketches, Thresholds())
    assert len(pairs) <= 400 * Thresholds().common


def test_a_signature_survives_pickling() -> None:
    one = signature(page("a", article(1), date="2020-01-01"))
    back = pickle.loads(pickle.dumps(one))
    assert (back.id, back.digest, back.sketch.tolist()) == (one.id, one.digest, one.sketch.tolist())


@pytest.mark.parametrize(
    ("source", "url", "rank"),
    [
        ("县人民政府网站", None, 4),
        (None, "http://www.gz.gov.cn/a.html", 4),
        ("新华社", None, 3),
        ("南方日报", None, 2),
        ("某某网", None, 1),
        (None, None, 0),
        (None, "http://[broken", 0),
        (None, "http://notgov.cn/", 0),
    ],
)
def test_how_official_a_source_is(source: str | None, url: str | None, rank: int) -> None:
    assert source_rank(source, url) == rank
