"""Who gives and who receives, only through a relation that the text names."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.facets import derive


def roles(text: str, title: str = "") -> dict[str, tuple[str, ...]]:
    derived = derive(Document("1", "1", title=title, text=text))
    return {province.name: tuple(province.roles) for province in derived.provinces}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("衢州市对口帮扶四川省叙永县。", {"浙江": ("donor",), "四川": ("recipient",)}),
        ("黔西南的对口帮扶城市宁波伸出援手。", {"浙江": ("donor",), "贵州": ("recipient",)}),
        ("粤桂协作座谈会在南宁召开。", {"广东": ("donor",), "广西": ("recipient",)}),
        ("来自江苏的援疆医生到了喀什。", {"江苏": ("donor",), "新疆": ("recipient",)}),
        ("曾对口支援雅安汉源的湖北省收到捐款。", {"湖北": ("donor",), "四川": ("recipient",)}),
        ("天津市对口支援恩施州。", {"天津": ("donor",), "湖北": ("recipient",)}),
        (
            "石景山区赴门头沟区开展对口支援工作。",
            {"北京": ("donor", "recipient")},
        ),
        (
            "宝安区对口帮扶龙川和扶贫协作都安县、大化县。",
            {"广东": ("donor", "recipient"), "广西": ("recipient",)},
        ),
        ("甘肃让全省40多万名干部对口帮扶贫困村。", {"甘肃": ("donor", "recipient")}),
        ("湖南推进东西部扶贫协作和省内对口帮扶。", {"湖南": ("donor", "recipient")}),
        (
            "到会的有上海、江苏等有帮扶任务的省市和云南、贵州等接受帮扶的省区，共商东西部协作。",
            {
                "上海": ("donor",),
                "江苏": ("donor",),
                "云南": ("recipient",),
                "贵州": ("recipient",),
            },
        ),
        (
            "对湖北其他地方，组织十多个省份对口支援，增派护士。",
            {"湖北": ("recipient",)},
        ),
        (
            "宁夏医护人员组成援鄂医疗队，在武汉对口支援一家医院。",
            {"湖北": ("recipient",), "宁夏": ("donor",)},
        ),
        (
            "在广东省扶贫协作工作组的帮助下，贵州赫章县的花圃开了张。",
            {"广东": ("donor",), "贵州": ("recipient",)},
        ),
        (
            "海淀区走访结对帮扶地区——延庆区四海镇。",
            {"北京": ("donor", "recipient")},
        ),
        (
            "沪苏浙三区五市结对帮扶安徽皖北八个城市。",
            {
                "上海": ("donor",),
                "江苏": ("donor",),
                "浙江": ("donor",),
                "安徽": ("recipient",),
            },
        ),
        (
            "河北用好京津对口帮扶的资金。",
            {"北京": ("donor",), "天津": ("donor",), "河北": ("recipient",)},
        ),
        ("浙江推动经济强县和山区县结对互助。", {"浙江": ("donor", "recipient")}),
        ("乐山市派人赴理塘县开展对口援助。", {"四川": ("donor", "recipient")}),
        (
            "贵州与广东开展东西部协作，四川与重庆共建双城经济圈。",
            {"广东": ("donor",), "贵州": ("recipient",), "四川": (), "重庆": ()},
        ),
        (
            "新疆的学校建起来了，江苏、河南等省通过结对帮扶培养教师，对口援疆见效。",
            {"江苏": ("donor",), "河南": ("donor",), "新疆": ("recipient",)},
        ),
        ("广东与8个省的13个县启动对口扶贫。", {"广东": ("donor",)}),
        (
            "青海达日县建起了书屋。奉贤与达日建立起对口支援关系。",
            {"上海": ("donor",), "青海": ("recipient",)},
        ),
        (
            "青海通过东西部协作和对口支援受益。江苏省某中心主任王某说，工作要抓细。",
            {"江苏": (), "青海": ("recipient",)},
        ),
        ("用好兄弟区支援房山区受灾乡镇的对口支援机制。", {"北京": ("donor", "recipient")}),
        ("甘孜州理塘县接受成都市武侯区对口帮扶。", {"四川": ("donor", "recipient")}),
        ("鄞州区与丽水市云和县开展山海协作。", {"浙江": ("donor", "recipient")}),
        (
            "石嘴山市的病人感谢来自福建的援宁医生。",
            {"福建": ("donor",), "宁夏": ("recipient",)},
        ),
        ("齐鲁医院对口帮扶日喀则市人民医院。", {"山东": ("donor",), "西藏": ("recipient",)}),
        ("青浦区召开城乡党组织结对帮扶总结会。", {"上海": ("donor", "recipient")}),
        (
            "时任福建省委副书记的他把援藏干部送到林芝。",
            {"福建": ("donor",), "西藏": ("recipient",)},
        ),
        (
            "展区里有浦东的企业以及西藏江孜、福建三明2个对口援助地区的特产。",
            {"上海": ("donor",), "福建": ("recipient",), "西藏": ("recipient",)},
        ),
        (
            "到会的有厦门、海南经济特区负责同志，深圳对口支援、协作地区负责同志。",
            {"福建": (), "海南": (), "广东": ("donor",)},
        ),
        ("江苏加大南北结对帮扶力度。", {"江苏": ("donor", "recipient")}),
        ("吉林安图县某村是他们的对口帮扶村。", {"吉林": ("recipient",)}),
        ("在对口支援凉山州的德阳市，有一家凉山特产店。", {"四川": ("donor", "recipient")}),
        ("武汉对口帮扶项目带旺了利川的莼菜。", {"湖北": ("donor", "recipient")}),
        (
            "来自内蒙古、河北、青海等省份的受援企业到北京参展。",
            {
                "北京": ("donor",),
                "内蒙古": ("recipient",),
                "河北": ("recipient",),
                "青海": ("recipient",),
            },
        ),
        ("展会上有广州对口帮扶地区的农产品。", {"广东": ("donor",)}),
        (
            "北京、上海等东部省市与西部10个省区开展扶贫协作。",
            {"北京": ("donor",), "上海": ("donor",)},
        ),
        ("调研组来到宁夏。\n要深化东西部协作和定点帮扶。", {"宁夏": ("recipient",)}),
        ("青海民和县有了新村。目前，村里利用东西部协作资金建养殖场。", {"青海": ("recipient",)}),
    ],
)
def test_roles_follow_the_named_relation(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "上海派出500人支援武汉。",  # emergency help that is not named as paired
        "湖北感谢援鄂医疗队。",
        "湖北的1000多家城市三级医院对口帮扶县医院。",  # of all provinces
        "国家电网对口支援龙岩市新罗区。",  # a company is no place
        "39个中央国家机关对口支援赣州。",
        "四川的干部与贫困群众结成帮扶对子。",  # people, not places
        "川渝共建双城经济圈。",
        "火箭军某医院对口支援甘肃玉门市的医院，专家来自北京。",
        "海军某部邀请对口帮扶的四川通江县的学生到青岛参加夏令营。",
        "在对口扶贫舟曲的中组部工作组的帮助下，村里种上了核桃。",
        "新疆的报道：广播电视总台援疆设备交接仪式举行。",
        "河北和江苏的高校签署劳务协作协议。",
        "聚焦乡村振兴、援疆援藏等领域。",
        "党中央对赣南苏区的扶持力度加大，对口支援机制完善。",
        "全国供销合作社系统对口援疆对接会在乌鲁木齐闭幕。",
        "四川要求国有企业结对帮扶欠发达县。",
        "云南与上海签署贸易协议。",
    ],
)
def test_no_role_without_a_relation_between_places(text: str) -> None:
    assert not any(roles(text).values())


def test_a_whole_text_about_one_scheme_gives_its_places_their_roles() -> None:
    text = "20年来，援藏项目超过7000个。浙江援建了敬老院，湖北派出了医生，山东建了产业园。"
    assert roles(text, title="对口援藏20年") == {
        "浙江": ("donor",),
        "山东": ("donor",),
        "湖北": ("donor",),
        "西藏": ("recipient",),
    }


def test_a_scheme_without_places_is_that_of_the_title() -> None:
    text = "陕西来的客人也到了。\n要用好东西部协作机制。\n上海医生在西宁坐诊。"
    assert roles(text, title="书记在青海调研")["青海"] == ("recipient",)


def test_in_a_scheme_of_the_title_only_places_with_help_receive() -> None:
    text = "福建对口帮扶宁夏。这条公路经过甘肃。"
    found = roles(text, title="一条公路助力东西部协作")
    assert found == {"福建": ("donor",), "甘肃": (), "宁夏": ("recipient",)}


def test_who_speaks_at_a_meeting_on_the_scheme_has_the_usual_role() -> None:
    text = "要深化东西部协作。东西部协作成效大。江苏、贵州有关负责同志在会上发言。扶贫协作要加强。"
    assert roles(text, title="东西部协作会议召开") == {
        "江苏": ("donor",),
        "贵州": ("recipient",),
    }


def test_a_page_of_several_items_is_not_about_one_scheme() -> None:
    text = (
        "第十批援藏干部抵达拉萨，援藏工作为期三年。\n援藏援青人才将轮换。\n"
        "上海派出医生到社区，选派志愿者协助。"
    )
    assert roles(text, title="国内联播快讯")["上海"] == ()


def test_in_a_clause_with_help_the_helper_gives() -> None:
    text = "涿州市在保定市对口帮扶工作队的帮助下清理校舍。"
    pairs = derive(Document("1", "1", text=text)).pairs
    assert [(pair.donor[-1], pair.recipient[-1]) for pair in pairs] == [("保定市", "涿州市")]


def test_pairs_name_both_places_and_the_sentence() -> None:
    text = "天气很好。深圳市对口帮扶百色、河池。"
    pairs = derive(Document("1", "1", text=text)).pairs
    assert [(pair.donor[-1], pair.recipient[-1]) for pair in pairs] == [
        ("深圳市", "百色市"),
        ("深圳市", "河池市"),
    ]
    assert pairs[0].evidence.text == "深圳市对口帮扶百色、河池。"


def test_the_sentence_that_gives_the_role_comes_first_in_the_evidence() -> None:
    derived = derive(Document("1", "1", text="广东很大。广东对口帮扶广西。"))
    assert derived.provinces[0].evidence[0].text == "广东对口帮扶广西。"
