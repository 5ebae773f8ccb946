"""Participation, not mention: which provinces a document gets."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.facets import derive


def provinces(text: str, title: str = "", **fields: str) -> set[str]:
    derived = derive(Document("1", "1", title=title, text=text, **fields))
    return {province.name for province in derived.provinces}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("平塘县建起了蔬菜大棚。", {"贵州"}),
        ("充分肯定西藏的成就。", {"西藏"}),
        ("香港特区政府发布消息，由澳门特区政府主办。", {"香港", "澳门"}),
        ("山东泰安社区的居民扭起了秧歌。", {"山东"}),
        ("都安县的公路通车了。", {"广西"}),
        ("新疆生产建设兵团召开会议。", {"新疆"}),
        ("广西、云南、贵州的群众收到了物资。", {"广西", "云南", "贵州"}),
        ("深化沪滇协作。", {"上海", "云南"}),
        ("苏浙皖三省签署协议。", {"江苏", "浙江", "安徽"}),
        ("援疆干部来到了医院。", {"新疆"}),
        ("来自上海的援藏医生说。", {"上海", "西藏"}),
        ("厦门大学派出了支教队。", {"福建"}),
        ("中国长春国际农业博览会开幕。", {"吉林"}),
        ("中国（义乌）小商品展览会开幕。", {"浙江"}),
        ("新疆库尔勒的客人到了。巴州的瓜熟了。", {"新疆"}),
        ("招聘会汇聚了沪苏浙皖众多企业。", {"上海", "江苏", "浙江", "安徽"}),
        ("保德农商银行举行了送学活动。", {"山西"}),
        ("南京大学校长就此讲解。", {"江苏"}),
        ("港澳青年来到贵阳交流。", {"贵州", "香港", "澳门"}),
    ],
)
def test_places_that_take_part_count(text: str, expected: set[str]) -> None:
    assert provinces(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "新华社北京1月5日电 国务院召开会议。",
        "中国残联在北京举行表彰大会。",
        "大会29日上午在北京人民大会堂闭幕。",
        "四川日报记者报道，残疾人就业人数增加。",
        "来源:贵州广播电视台  责任编辑:周冬",
        "他1970年出生于湖南，毕业于北京大学。",
        "我国在酒泉卫星发射中心成功发射卫星。",
        "推进京津冀协同发展、粤港澳大湾区建设。",
        "31个省（自治区、直辖市）和新疆生产建设兵团报告新增病例。",
        "弘扬上海合作组织的上海精神。",
        "秘书长吴宝安和连长张金华参加了活动。",
        "卡德加·普拉萨·奥利当选总理。",
        "直通|福建|时评|福州|莆田|泉州|漳州|",
        "互联网新闻信息服务许可证 闽ICP备05022042号",
        "云南白药股价上涨。",
        "由长治舰、西宁舰组成的编队起航。",
        "国家主席26日在北京某某饭店会见来访客人。",
        "在北京，中国残联与有关部门启动就业服务月。",
        "她应邀到北京参加座谈会。",
        "他历任财政局科员、沈阳市经济委员会副主任、大连税务局局长。",
        "1934年，他辗转来到上海，在印刷厂做工。",
        "他是河南省五一劳动奖章获得者。",
        "某某科技（杭州）公司的代表参加了活动。",
        "获奖的有新华社新疆分社。",
        "稿件如有疑问，请与上海热线联系。",
        "（记者 陈某某 李重庆）",
        "她十几岁时到广东打工。",
        "领导人从北京乘飞机抵达。",
        "展览在首都北京的民族文化宫开幕。",
        "他的祖先曾任元代云南行省的官员。",
        "来自山村的广东姑娘开了一家客栈。",
        "香菇发往北京等地的批发市场。",
        "从雪域高原到贵州侗寨，从中原到南粤，总书记的足迹遍及大江南北。",
        "《延安晨韵》《步步生莲》等作品在街头展出。",
        "粤港澳青年与湘鄂渝黔革命老区的代表座谈。",
        "支持香港、澳门同各国各地区开展交流合作。",
        "台湾和西藏都是中国领土。",
        "向香港特别行政区、澳门特别行政区和台湾地区的女同胞致以问候。",
        "某某汽车公司总部位于上海。",
        "山里货远销上海、广东等省市。",
        "聚焦乡村振兴、援疆援藏等领域。",
        "国家主席在北京以视频方式出席会议。",
        "俄库尔斯克州发生交火。",
        "他的父亲是援藏干部。",
        "教师派往民族县、边境县以及新疆生产建设兵团团场。",
        "代表团来华出席中非合作论坛北京峰会。",
        "送走了22人的上海旅游团。",
        "交通银行广东省分行发布公告。",
        "北京某某律师事务所律师认为不妥。",
        "这家企业在香港上市。",
        "红海城市遭到袭击。",
        "园区成了新兴区，老人健康长寿，百姓吉祥安康。",
        "医生援藏回来后直接请战。",
        "2002年6月至2004年6月参加援藏工作，任西藏措那县委常委；",
        "中共中央政治局常委李长春会见了代表团。",
        "要保持香港、澳门长期繁荣稳定。",
        "台港澳青年分享了求学故事。",
        "爆炸发生在贝鲁特港口区。",
        "战船停在古城的入海口。",
        "社区位于固原巷，新建区域还有一个衡阳北社区。",
        "有序疏解北京非首都功能。",
    ],
)
def test_mere_mentions_do_not_count(text: str) -> None:
    assert provinces(text) == set()


def test_a_border_named_to_say_where_a_place_lies_does_not_count() -> None:
    assert provinces("达日县地处青海、四川、甘肃交界，县城在青海省东南部。") == {"青海"}


def test_the_publishers_place_stands_for_our_city_when_nothing_else_is_named() -> None:
    text = "市残联召开全市工作会议。来源：鞍山日报"
    assert provinces(text) == {"辽宁"}
    assert provinces("国际油价上涨。来源：鞍山日报") == set()


def test_provinces_come_in_the_order_of_the_standard_with_their_sentences() -> None:
    derived = derive(Document("1", "1", text="云南来了客人。河北也来了人。"))
    assert [province.name for province in derived.provinces] == ["河北", "云南"]
    assert derived.provinces[0].evidence[0].text == "河北也来了人。"


def test_places_carry_their_path() -> None:
    derived = derive(Document("1", "1", text="广州市白云区帮扶贵州平塘。"))
    assert [place.path for place in derived.places] == [
        ("广东", "广州市", "白云区"),
        ("贵州", "黔南布依族苗族自治州", "平塘县"),
    ]
