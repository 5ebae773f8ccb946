"""What a reader of a hijacked page gets: the place, the word that stood there, a flag."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document, Repair
from indexer.repair import Lesson, RepairModel, learn, repair, restored_text, scan
from indexer.repair.candidates import Candidate
from indexer.repair.foreign import name_features
from indexer.repair.pages import page_stream

NOTICE = (
    "会上，市{0}党组书记、理事长介绍了残疾人康复工作。省{0}党组成员、副理事长参加了座谈会。\n"
    "各级{0}要积极主动与对口帮扶市县{0}对接，为残疾人就业创业做好服务。\n"
    "会议由市{0}教育就业部主任主持，中国{0}召开的视频会议精神得到传达。"
)
STUDY = (
    "县里认真贯彻落实{0}总书记关于扶贫工作的重要论述，与东部城区精诚协作。\n"
    "两地干部深入学习贯彻{0}总书记关于东西部扶贫协作的重要指示，签订协议。\n"
    "大家表示，要牢记{0}总书记嘱托，继续推进产业合作。"
)


def page(text: str, **fields: str) -> Document:
    return Document(id=fields.pop("id", "p"), path="p", text=text, **fields)  # type: ignore[arg-type]


def alone(document: Document) -> Document:
    """What `inspect` of the one page makes of it."""
    return repair(document, RepairModel.default())


def found(document: Document) -> dict[str, str]:
    return {one.found: one.restored for one in document.repairs}


def speaks(name: str, text: str) -> dict[str, float]:
    """What speaks for and against a name on a page."""
    document = page(text)
    one = page_stream(document)
    starts = tuple(match.start() for match in re.finditer(name, one.text))
    return name_features(Candidate(name, starts, "unknown"), one, document)


@pytest.mark.parametrize(
    "brand", ["尊龙凯时", "必赢娱乐", "星悦国际", "凯博88", "mx77体育", "鑫彩汇棋牌"]
)
def test_an_office_that_became_a_brand_is_restored(brand: str) -> None:
    document = alone(page(NOTICE.format(brand)))
    assert found(document) == {brand: "残联"}
    assert "tampered" in document.flags


@pytest.mark.parametrize("brand", ["365bet官网:", "尊龙凯时", "鼎盛娱乐城"])
def test_a_leader_that_became_a_brand_is_restored(brand: str) -> None:
    assert found(alone(page(STUDY.format(brand)))) == {brand: "习近平"}


def test_the_same_pages_unharmed_are_left_alone() -> None:
    for text, word in ((NOTICE, "残联"), (STUDY, "习近平")):
        document = page(text.format(word))
        assert alone(document) is document


def test_the_text_stays_as_it_came_and_spans_point_at_the_name() -> None:
    document = alone(page(NOTICE.format("尊龙凯时"), title="市尊龙凯时召开座谈会"))
    (one,) = document.repairs
    assert document.text == NOTICE.format("尊龙凯时")
    assert one.count == len(one.spans) == NOTICE.count("{0}") + 1
    for field, start, end in one.spans:
        assert getattr(document, field)[start:end] == "尊龙凯时"


def test_a_name_is_found_although_spaces_stand_in_it() -> None:
    document = alone(page(NOTICE.format("尊龙 凯时")))
    (one,) = document.repairs
    assert {document.text[start:end] for _, start, end in one.spans} == {"尊龙 凯时"}
    assert one.restored == "残联"


def test_a_title_line_of_the_spammers_own_is_not_restored() -> None:
    document = alone(page(NOTICE.format("尊龙凯时"), title="尊龙凯时-人生就是博中国官方网站"))
    assert {field for one in document.repairs for field, _, _ in one.spans} == {"text"}


def test_a_meaningless_name_is_given_away_by_the_title_line_of_its_file() -> None:
    text = "会议在青禾举行，代表们参观了青禾的展馆。"
    document = alone(page(text, page_title="青禾官网_青禾手机版-下载|投注@"))
    assert found(document).keys() == {"青禾"}


@pytest.mark.parametrize(
    "title",
    ["青禾手机网页版", "青禾首页(欢迎您)", "青禾平台-值得信赖", "青禾唯一官网入口", "青禾注册大厅"],
)
def test_other_lines_of_such_sites_give_a_name_away(title: str) -> None:
    text = "会议在青禾举行，代表们参观了青禾的展馆。"
    assert not alone(page(text)).repairs
    assert found(alone(page(text, title=title))).keys() == {"青禾"}


def test_a_word_is_foreign_where_it_does_not_belong() -> None:
    """Its two signs stand side by side in honest news."""
    assert found(alone(page(NOTICE.format("大发")))) == {"大发": "残联"}


@pytest.mark.parametrize("title", ["凯发k8登录入口", "尊龙凯时官网-首页", "尊龙凯时-人生就是博"])
def test_a_foreign_title_line_over_an_honest_body_is_flagged(title: str) -> None:
    document = alone(page("县里召开会议，总结今年工作，部署明年任务。", title=title))
    assert "tampered" in document.flags
    assert [one.restored for one in document.repairs] == [""]


@pytest.mark.parametrize(
    "title", ["澳门威尼斯人度假村酒店官方网站", "大发体育用品有限公司官方网站"]
)
def test_a_hotel_or_firm_may_name_its_site_in_its_title(title: str) -> None:
    text = "澳门美高梅、威尼斯人等酒店集团在横琴举办招聘会，为残疾人提供岗位。"
    assert alone(page(text, title=title)).flags == ()


@pytest.mark.parametrize(
    "headline",
    ["市{0}合作社完成注册", "市{0}争做群众值得信赖的娘家人", "全省唯一指定，市{0}受表彰"],
)
def test_a_headline_is_no_title_line_of_a_site(headline: str) -> None:
    """The name is marked in it as well."""
    document = alone(page(NOTICE.format("尊龙凯时"), title=headline.format("尊龙凯时")))
    assert {field for one in document.repairs for field, *_ in one.spans} == {"title", "text"}


def test_a_headline_with_a_colon_advertises_nothing() -> None:
    headline = "冬残奥会：中国轮椅冰壶队夺冠。冬残奥会闭幕。"
    line = "冬残奥会(中国)官方网站。冬残奥会闭幕。"
    assert [speaks("冬残奥会", text)["adverts"] for text in (headline, line)] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("亿辆", "保有量达4.3亿辆，出口2亿辆。"),
        ("肯方", "中肯会谈，肯方表示满意，肯方感谢中方。"),
        ("枭龙", "枭龙战机首飞，枭龙战机列装。"),
    ],
)
def test_counts_sides_and_products_speak_for_themselves(name: str, text: str) -> None:
    assert speaks(name, text)["own"] == 1.0


def test_a_nickname_is_restored_by_what_follows_it() -> None:
    document = alone(page("为认真贯彻落实席大大总书记重要讲话精神，召开座谈会。"))
    assert found(document) == {"席大大": "习近平"}
    assert alone(page("早上他买了两个包子，又给孩子买了包子。")).repairs == ()


@pytest.mark.parametrize(
    "text",
    [
        "市体育局召开体育彩票工作会议。体育彩票公益金支持全民健身，体育彩票销售网点增加，体育彩票中心主任讲话。",
        "澳门特区政府依法监管博彩业，澳门博彩监察协调局说，博彩收入增长，澳门博彩企业履行社会责任，赌场经营秩序良好。",
        "警方破获网络赌博案，赌博网站以百家乐、老虎机招揽，赌博团伙涉案金额巨大，嫌疑人投注，法院判处被告人徒刑。",
        "永利镇党委书记到永利村走访，永利镇干部为永利村村民送去种苗，永利镇残联帮助残疾人就业。",
        "记者张三丰报道，张三丰说，张三丰来到村里，村民告诉张三丰，今年收成好。",
        "华为发布新手机，华为公司表示，新机搭载麒麟9000芯片，麒麟9000性能提升，华为Mate60系列上市，Mate60首销。",
        "绿色食品集团在县里建起基地，绿色食品集团董事长说，绿色食品集团带动群众增收，集团捐赠物资。",
    ],
)  # fmt: skip
def test_honest_pages_stay_unflagged(text: str) -> None:
    assert alone(page(text)).flags == ()


def test_a_page_of_advertising_is_spam_and_a_report_about_it_is_not() -> None:
    advertising = (
        "官网登录入口，真人百家乐、老虎机、棋牌游戏、体育投注，首存送彩金，注册送88元，"
        "手机版下载，备用网址，存款提款秒到账，在线客服24小时。"
    )
    report = (
        "警方通报一起网络赌博案，嫌疑人的网站提供百家乐、老虎机、体育投注，注册送彩金，"
        "法院判处被告人有期徒刑，公安机关提醒群众不要下载登录此类网址。"
    )
    assert "spam" in alone(page(advertising)).flags
    assert "spam" not in alone(page(report)).flags


def test_the_rest_of_the_archive_teaches_a_word_that_no_lexicon_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("indexer.repair.model.LEAST_CHARACTERS", 1000)
    verbs = [
        "主持召开",
        "陪同参观",
        "登记造册",
        "联系走访",
        "组织培训",
        "发放补贴",
        "巡回义诊",
        "上门服务",
    ]
    clean = [
        page(
            f"镇上的供电所{verb}，供电所负责人说明了情况{number}。到供电所去的人很多。",
            id=f"c{number}",
        )
        for number, verb in enumerate(verbs * 12)
    ]
    struck = page(
        "镇上的金博娱乐主持召开会议，金博娱乐负责人说明了情况。到金博娱乐去的人很多。金博娱乐组织培训。",
        id="struck",
    )
    model = learn([scan(document) for document in [*clean, struck]])
    (one,) = repair(struck, model).repairs
    assert (one.found, one.restored) == ("金博娱乐", "供电所")
    assert repair(clean[0], model) is clean[0]


def test_a_clean_archive_costs_no_learning() -> None:
    model = learn([scan(page(STUDY.format("习近平")))])
    assert not model.learned


def test_a_model_and_a_scan_survive_pickling() -> None:
    documents = [page(NOTICE.format("尊龙凯时"), id="a"), page(STUDY.format("习近平"), id="b")]
    scans = pickle.loads(pickle.dumps([scan(document) for document in documents]))
    model = pickle.loads(pickle.dumps(learn(scans)))
    assert found(repair(documents[0], model)) == {"尊龙凯时": "残联"}


def test_what_is_learned_depends_on_the_documents_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.repair.model.LEAST_CHARACTERS", 1000)
    monkeypatch.setattr("indexer.repair.model.SAMPLE_CHARACTERS", 4000)
    scans = [
        scan(page(NOTICE.format("尊龙凯时") + f"第{i}号通知。" * (i % 7), id=str(i)))
        for i in range(120)
    ]
    whole = learn(scans)
    by_parts = Lesson()
    for part in (scans[70:], scans[:30], scans[30:70][::-1]):
        by_parts.add(part)
    parted = by_parts.model()
    assert whole.learned
    assert pickle.dumps(whole.contexts) == pickle.dumps(parted.contexts)
    assert (whole.suspects, whole.brands) == (parted.suspects, parted.brands)


def test_a_name_that_one_page_advertises_is_foreign_on_all() -> None:
    plain = page("各地{0}来信，{0}很多。会上提到{0}，大家都说{0}好。".format("青禾岚"), id="plain")
    telling = page(
        NOTICE.format("青禾岚") + "。青禾岚官网登录。",
        id="telling",
        page_title="青禾岚官网_青禾岚手机版-下载|投注@",
    )
    assert alone(plain).flags == ()
    model = learn([scan(plain), scan(telling)])
    assert found(repair(plain, model)).keys() == {"青禾岚"}


@pytest.mark.parametrize(
    ("advert", "honest"),
    [
        ("APP-下载|投注。", "旅客可用铁路APP购票，也可在APP查询。"),
        ("云峰-下载|投注。", "县委书记肖云峰主持会议。"),
    ],
)
def test_what_is_no_name_of_a_site_is_foreign_on_no_other_page(advert: str, honest: str) -> None:
    text = NOTICE.format("尊龙凯时") + 2 * advert
    model = learn([scan(page(text, id="telling")), scan(page(honest, id="plain"))])
    assert not repair(page(honest, id="plain"), model).flags


# --- restored_text -------------------------------------------------------------------


@st.composite
def repaired(draw: st.DrawFn) -> Document:
    text = draw(st.text(alphabet="甲乙丙。X", min_size=1, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [("text", a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    words = draw(st.sampled_from(["", "残联", "中国残疾人联合会"]))
    return Document(
        id="p", path="p", text=text,
        repairs=(Repair("X", words, len(spans), 0.9, tuple(spans)),),  # type: ignore[arg-type]
    )  # fmt: skip


@given(repaired())
@settings(max_examples=200)
def test_restored_text_leads_back_to_the_original(document: Document) -> None:
    text, offsets = restored_text(document)
    assert len(text) == len(offsets)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(document.text) for offset in offsets)
    spans = [(a, b) for _, a, b in document.repairs[0].spans]
    for char, offset in zip(text, offsets, strict=True):
        if not any(a <= offset < b for a, b in spans):
            assert document.text[offset] == char


def test_restored_text_reads_as_it_probably_stood() -> None:
    document = alone(page(NOTICE.format("尊龙凯时")))
    text, offsets = restored_text(document)
    assert text == NOTICE.format("残联")
    at = text.index("残联")
    assert document.text[offsets[at] : offsets[at] + 4] == "尊龙凯时"


def test_without_repairs_the_text_is_itself() -> None:
    assert restored_text(page("甲乙")) == ("甲乙", [0, 1])


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_no_text_breaks_it(text: str) -> None:
    document = alone(page(text * 3, title=text[:20]))
    assert document.text == text * 3


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        # One place is enough for a name that is known or that the title line advertises.
        ("县委认真贯彻落实开云体育总书记重要指示。", "工作动态", {"开云体育": "习近平"}),
        ("县委认真贯彻落实澜月庭总书记重要指示。", "澜月庭-人生就是博", {"澜月庭": "习近平"}),
        # Nor does it matter that honest words have the same tail.
        (STUDY.format("远舟体育") + "体育强国。体育事业。体育工作。", "", {"远舟体育": "习近平"}),
    ],
)
def test_a_name_is_found_by_few_places(text: str, title: str, expected: dict[str, str]) -> None:
    assert found(alone(page(text, title=title, date="2019-05-01"))) == expected


@pytest.mark.parametrize(
    ("title", "page_title", "flagged"),
    [
        ("乐鱼体育官网_手机版-下载|投注@", "", True),
        ("残疾人就业帮扶", "开云体育(中国)官方网站", True),
        ("残疾人就业帮扶", "中国残疾人联合会官方网站", False),
        ("警方侦破开云体育APP网络赌博案", "", False),
    ],
)
def test_a_title_line_alone_is_told_by_a_known_name(
    title: str, page_title: str, flagged: bool
) -> None:
    text = NOTICE.format("残联")
    repaired = alone(page(text, title=title, page_title=page_title))
    assert ("tampered" in repaired.flags) == flagged
    assert not any(one.restored for one in repaired.repairs)


def test_an_honest_site_in_the_title_line_is_no_brand() -> None:
    text = "会议由省残疾人联合会主持。省残疾人联合会理事长讲话，省残疾人联合会印发了通知。"
    assert not alone(page(text, page_title="省残疾人联合会官方网站")).flags


@given(
    title=st.sampled_from(["", "市{0}召开会议", "市{0}召开会议 {0}", "{0} 工作动态"]),
    gap=st.text(" \n", max_size=2),
)
@settings(max_examples=20, deadline=None)
def test_every_span_is_the_name_in_its_field(title: str, gap: str) -> None:
    brand = "尊龙凯时"
    document = page(gap + NOTICE.format(brand), title=title.format(brand))
    repaired = alone(document)
    spans = [place for one in repaired.repairs for place in one.spans]
    fields = {"title": document.title, "text": document.text}
    assert {fields[field][start:end] for field, start, end in spans} == {brand}
    assert len(spans) == document.text.count(brand) + document.title.count(brand)


def test_the_title_is_one_more_place() -> None:
    text = "讲话强调，要贯彻落实澜月庭总书记关于扶贫工作的重要论述，把帮扶工作做好。"
    repaired = alone(page(text, title="县委学习澜月庭总书记重要讲话精神", date="2019-05-01"))
    assert found(repaired) == {"澜月庭": "习近平"}
    assert [field for field, *_ in repaired.repairs[0].spans] == ["text", "title"]
