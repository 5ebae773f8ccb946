"""Which kinds of program a document reports, and the sentences behind them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from indexer.document import Document
from indexer.errors import ConfigError
from indexer.facets import PROGRAMS, derive, program_rules, programs, train_programs
from indexer.facets.gazetteer import DATA
from indexer.facets.program_rules import load_rules
from indexer.facets.programs import shipped


def found(text: str, title: str = "") -> set[str]:
    return {p.id for p in derive(Document("1", "1", title=title, text=text)).programs}


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("industry", "产业扶贫让贫困村建起了蔬菜大棚，带动村民增收致富。"),
        ("employment", "扶贫车间吸纳贫困劳动力就近就业，组织劳务输出。"),
        ("consumption", "通过消费帮扶，农产品销往上海，直播带货打开销路。"),
        ("talent", "选派干部到受援县挂职，选派医生、教师支援贫困地区。"),
        ("education", "志愿者到贫困山区支教，爱心人士捐资助学。"),
        ("health", "医疗队到贫困村开展义诊，健康扶贫惠及群众。"),
        ("funding", "投入帮扶资金2000万元，企业捐款捐物支援灾区。"),
        ("pairing", "两地签订对口帮扶协议，村村结对帮扶。"),
        ("livelihood", "完成危房改造，易地扶贫搬迁群众搬进新居，解决饮水安全。"),
        ("party", "选派第一书记驻村，党建引领脱贫攻坚。"),
        ("governance", "省委召开脱贫攻坚推进会，印发扶贫工作实施方案。"),
        ("rehab", "残疾儿童康复救助制度建立，为残疾人适配辅助器具。"),
        ("disability_employment", "残联举办残疾人专场招聘会，促进残疾人就业创业。"),
        ("special_education", "特殊教育学校落实送教上门，残疾儿童义务教育入学率提高。"),
        ("accessibility", "为残疾人家庭进行无障碍改造，新增盲道。"),
        ("disability_care", "发放困难残疾人生活补贴和重度残疾人护理补贴，推进托养。"),
        ("disability_culture", "残运会开幕，残疾人艺术团演出。"),
        ("disability_org", "助残志愿者到残疾人家中服务，表彰助残先进。"),
    ],
)
def test_each_program_is_found_where_it_is_reported(program: str, text: str) -> None:
    assert program in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "上市公司投资10亿元建设产业园，引进企业落户。",
        "市人民医院完成首例手术，专家团队会诊。",
        "高速公路今天通车，沿线旅游产业升温。",
        "中国政府向缅甸援助一批疫苗，大使出席交接仪式。",
        "国务院召开会议研究外贸工作。",
        "A股三大股指集体收涨。",
    ],
)
def test_ordinary_news_and_foreign_aid_have_none(text: str) -> None:
    assert found(text) == set()


def test_programs_come_in_the_taxonomys_order_with_their_sentences() -> None:
    text = "今天天气晴朗。残疾儿童康复救助标准提高。贫困村发展特色产业脱贫致富。"
    derived = derive(Document("1", "1", text=text)).programs
    order = [PROGRAMS.index(program.id) for program in derived]
    assert order == sorted(order)
    rehab = next(program for program in derived if program.id == "rehab")
    assert rehab.evidence[0].text == "残疾儿童康复救助标准提高。"
    assert 0.5 <= rehab.score <= 1.0


def test_words_alone_that_were_learned_have_their_sentences_too() -> None:
    derived = derive(Document("1", "1", text="两项补贴已经发放。扶贫车间里一片忙碌。今天多云。"))
    assert derived.programs
    for program in derived.programs:
        sentences = {evidence.text for evidence in program.evidence}
        assert sentences
        assert sentences <= {"两项补贴已经发放。", "扶贫车间里一片忙碌。"}


def test_no_cue_was_learned_twice() -> None:
    cues = shipped().rules.cues
    assert cues
    assert len(cues) == len(set(cues))


def test_every_feature_has_words_and_every_program_a_context() -> None:
    rules = load_rules([])
    assert {feature.program for feature in rules.features} == set(PROGRAMS)
    assert all(feature.words for feature in rules.features)
    assert set(rules.context_of) == set(PROGRAMS)


def test_trained_weights_belong_to_features_that_exist() -> None:
    lines = (DATA / "program_weights.tsv").read_text(encoding="utf-8").splitlines()
    assert {line.split("\t")[0] for line in lines} == {"bias", *load_rules([]).names}


def test_a_wrong_pattern_names_its_program() -> None:
    with pytest.raises(ConfigError, match="industry"):
        program_rules._feature("industry", {"name": "x", "words": "产业", "with": "("})


def test_a_short_line_of_weights_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weights.tsv").write_text("bias\t1\t2\n", encoding="utf-8")
    monkeypatch.setattr("indexer.facets.programs.DATA", tmp_path)
    with pytest.raises(ConfigError, match=r"weights\.tsv"):
        programs._table("weights.tsv", 18)


LINES = [
    {"id": str(n), "title": "", "text": text * 2, "programs": labels}
    for n, (text, labels) in enumerate(
        [
            ("村里发展蔬菜大棚产业，带动贫困户增收。", ["industry"]),
            ("医疗队到贫困村义诊，为村民免费体检。", ["health"]),
            ("市里今天多云转晴，市民出行注意安全。", []),
        ]
        * 12
    )
]


def test_training_learns_what_the_labels_say_and_is_repeatable() -> None:
    found = train_programs.unseen_scores(LINES, kept=20)
    assert np.array_equal(found, train_programs.unseen_scores(LINES, kept=20))
    expected = [set(line["programs"]) for line in LINES]
    assert train_programs.predicted(found) == expected


def test_labels_without_texts_take_them_from_an_archive(tmp_path: Path) -> None:
    labels, archive = tmp_path / "labels.jsonl", tmp_path / "archive.jsonl.gz"
    labels.write_text('{"id": "a", "programs": ["health"]}\n{"id": "b", "programs": []}\n')
    with gzip.open(archive, "wt", encoding="utf-8") as file:
        file.write('{"id": "a", "title": "题", "text": "文"}\n')
    (line,) = train_programs.read_labels([labels], archive)
    assert (line["id"], line["text"], line["programs"]) == ("a", "文", ["health"])
