"""The words for facets and their values, in the source language; the catalogue has English.

Provinces, programs and flags are closed lists of the taxonomy, so each word stands here
and is translated. Places below the provinces and sources are names: shown as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from search_app.search import places
from search_app.web.i18n import Lazy, gettext, lazy_gettext

FACETS: Mapping[str, Lazy] = {
    "province": lazy_gettext("省份"),
    "donor": lazy_gettext("帮扶方"),
    "recipient": lazy_gettext("受援方"),
    "place": lazy_gettext("市县"),
    "donor_place": lazy_gettext("帮扶方市县"),
    "recipient_place": lazy_gettext("受援方市县"),
    "pair": lazy_gettext("帮扶关系"),
    "year": lazy_gettext("年份"),
    "program": lazy_gettext("项目类型"),
    "source": lazy_gettext("来源"),
    "flags": lazy_gettext("页面状况"),
    "family": lazy_gettext("转载族"),
}

PROVINCES: Mapping[str, Lazy] = {
    "北京": lazy_gettext("北京"), "天津": lazy_gettext("天津"), "河北": lazy_gettext("河北"),
    "山西": lazy_gettext("山西"), "内蒙古": lazy_gettext("内蒙古"), "辽宁": lazy_gettext("辽宁"),
    "吉林": lazy_gettext("吉林"), "黑龙江": lazy_gettext("黑龙江"), "上海": lazy_gettext("上海"),
    "江苏": lazy_gettext("江苏"), "浙江": lazy_gettext("浙江"), "安徽": lazy_gettext("安徽"),
    "福建": lazy_gettext("福建"), "江西": lazy_gettext("江西"), "山东": lazy_gettext("山东"),
    "河南": lazy_gettext("河南"), "湖北": lazy_gettext("湖北"), "湖南": lazy_gettext("湖南"),
    "广东": lazy_gettext("广东"), "广西": lazy_gettext("广西"), "海南": lazy_gettext("海南"),
    "重庆": lazy_gettext("重庆"), "四川": lazy_gettext("四川"), "贵州": lazy_gettext("贵州"),
    "云南": lazy_gettext("云南"), "西藏": lazy_gettext("西藏"), "陕西": lazy_gettext("陕西"),
    "甘肃": lazy_gettext("甘肃"), "青海": lazy_gettext("青海"), "宁夏": lazy_gettext("宁夏"),
    "新疆": lazy_gettext("新疆"), "香港": lazy_gettext("香港"), "澳门": lazy_gettext("澳门"),
    "台湾": lazy_gettext("台湾"),
}  # fmt: skip

PROGRAMS: Mapping[str, Lazy] = {
    "industry": lazy_gettext("产业合作"),
    "employment": lazy_gettext("就业与劳务协作"),
    "consumption": lazy_gettext("消费帮扶"),
    "talent": lazy_gettext("人才支援"),
    "education": lazy_gettext("教育帮扶"),
    "health": lazy_gettext("医疗健康帮扶"),
    "funding": lazy_gettext("资金与项目支持"),
    "pairing": lazy_gettext("结对帮扶"),
    "livelihood": lazy_gettext("基础设施与民生"),
    "party": lazy_gettext("党建引领"),
    "governance": lazy_gettext("组织部署"),
    "rehab": lazy_gettext("残疾人康复"),
    "disability_employment": lazy_gettext("残疾人就业创业"),
    "special_education": lazy_gettext("残疾人教育"),
    "accessibility": lazy_gettext("无障碍建设"),
    "disability_care": lazy_gettext("残疾人保障与托养"),
    "disability_culture": lazy_gettext("残疾人文化体育"),
    "disability_org": lazy_gettext("残疾人组织与助残"),
}

PROGRAM_GROUPS: tuple[tuple[Lazy, tuple[str, ...]], ...] = (
    (
        lazy_gettext("帮扶协作"),
        ("industry", "employment", "consumption", "talent", "education", "health", "funding",
         "pairing", "livelihood", "party", "governance"),
    ),
    (
        lazy_gettext("助残服务"),
        ("rehab", "disability_employment", "special_education", "accessibility",
         "disability_care", "disability_culture", "disability_org"),
    ),
)  # fmt: skip

FLAGS: Mapping[str, Lazy] = {
    "tampered": lazy_gettext("被篡改"),
    "tampered_suspected": lazy_gettext("疑似被篡改"),
    "spam": lazy_gettext("垃圾页面"),
    "list_page": lazy_gettext("列表页"),
    "no_article": lazy_gettext("没有正文"),
    "encoding_repaired": lazy_gettext("编码已修复"),
}

ROLES: Mapping[str, Lazy] = {
    "donor": lazy_gettext("帮扶方"),
    "recipient": lazy_gettext("受援方"),
}

_TABLES = {
    "province": PROVINCES, "donor": PROVINCES, "recipient": PROVINCES,
    "program": PROGRAMS, "flags": FLAGS,
}  # fmt: skip


def facet(name: str) -> str:
    """The name of a facet."""
    return str(FACETS.get(name, name))


def value(name: str, text: str) -> str:
    """The words for a value of a facet; unknown values stand as they are."""
    if text == "":
        return gettext("无")
    if name == "pair":
        return " → ".join(value("province", side) for side in text.split(">"))
    if name == "year":
        return year(text)
    if name in places.FACETS:
        return places.name(text) or text
    return str(_TABLES.get(name, {}).get(text, text))


def year(text: str) -> str:
    """A year or a span of years ("2018..2020", open ends allowed) in words."""
    if ".." not in text:
        return text
    low, _, high = text.partition("..")
    if low and high:
        return gettext("%(low)s 至 %(high)s 年", low=low, high=high)
    if low:
        return gettext("%(low)s 年起", low=low)
    return gettext("至 %(high)s 年", high=high)


def is_chinese(name: str) -> bool:
    """Whether values of a facet stay Chinese on an English page (for their `lang`)."""
    return name == "source" or name in places.FACETS


SUGGESTIONS: Mapping[str, Lazy] = {
    "title": lazy_gettext("标题"),
    "place": lazy_gettext("地名"),
    "phrase": lazy_gettext("常用词语"),
    "word": lazy_gettext("词语"),
    "term": lazy_gettext("词语"),
}


def suggestion(kind: str) -> str:
    """What sort of thing a suggestion is."""
    return str(SUGGESTIONS.get(kind, ""))
