"""Chinese words for the values of facets, and how a value may be typed behind its field name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from search_app.search import places

FACET_LABELS: Mapping[str, str] = {
    "province": "省份", "donor": "帮扶方", "recipient": "受援方", "place": "市县",
    "donor_place": "帮扶方市县", "recipient_place": "受援方市县", "pair": "帮扶关系",
    "year": "年份", "program": "项目类型", "source": "来源", "flags": "页面状况",
    "family": "转载族",
}  # fmt: skip

PROGRAM_LABELS: Mapping[str, str] = {
    "industry": "产业合作",
    "employment": "就业与劳务协作",
    "consumption": "消费帮扶",
    "talent": "人才支援",
    "education": "教育帮扶",
    "health": "医疗健康帮扶",
    "funding": "资金与项目支持",
    "pairing": "结对帮扶",
    "livelihood": "基础设施与民生",
    "party": "党建引领",
    "governance": "组织部署",
    "rehab": "残疾人康复",
    "disability_employment": "残疾人就业创业",
    "special_education": "残疾人教育",
    "accessibility": "无障碍建设",
    "disability_care": "残疾人保障与托养",
    "disability_culture": "残疾人文化体育",
    "disability_org": "残疾人组织与助残",
}

FLAG_LABELS: Mapping[str, str] = {
    "tampered": "被篡改",
    "tampered_suspected": "疑似被篡改",
    "spam": "垃圾页面",
    "list_page": "列表页",
    "no_article": "没有正文",
    "encoding_repaired": "编码已修复",
}

_KINDS = (
    "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "生产建设兵团", "省", "市",
)  # fmt: skip
_ONE_SIGN: Mapping[str, str] = {
    "京": "北京", "津": "天津", "冀": "河北", "晋": "山西", "蒙": "内蒙古", "辽": "辽宁",
    "吉": "吉林", "黑": "黑龙江", "沪": "上海", "苏": "江苏", "浙": "浙江", "皖": "安徽",
    "闽": "福建", "赣": "江西", "鲁": "山东", "豫": "河南", "鄂": "湖北", "湘": "湖南",
    "粤": "广东", "桂": "广西", "琼": "海南", "渝": "重庆", "川": "四川", "蜀": "四川",
    "黔": "贵州", "贵": "贵州", "滇": "云南", "云": "云南", "藏": "西藏", "陕": "陕西",
    "秦": "陕西", "甘": "甘肃", "陇": "甘肃", "青": "青海", "宁": "宁夏", "新": "新疆",
    "疆": "新疆", "港": "香港", "澳": "澳门", "台": "台湾",
}  # fmt: skip


def labels_of(facet: str) -> Mapping[str, str]:
    """Value → Chinese words, for facets whose values are not words themselves."""
    if facet == "program":
        return PROGRAM_LABELS
    if facet == "flags":
        return FLAG_LABELS
    if facet in places.FACETS:
        return _PlaceLabels()
    return {}


@cache
def _province_names() -> frozenset[str]:
    # Loaded when a field is typed: most queries have none.
    from indexer.facets.gazetteer import PROVINCES

    return frozenset(PROVINCES.values())


class _PlaceLabels(dict[str, str]):
    """Names of places by code; the gazetteer is loaded when the first is asked for."""

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        return places.name(key) or default


def provinces_named(text: str) -> tuple[str, ...]:
    """The province that a typed value means: 广东, 广东省, 粤. Empty where it is none."""
    if text in _ONE_SIGN:
        return (_ONE_SIGN[text],)
    for kind in ("", *_KINDS):
        if text.endswith(kind):
            stem = text[: len(text) - len(kind)]
            if stem in _province_names():
                return (stem,)
    return ()


def programs_named(text: str) -> tuple[str, ...]:
    """Programs whose id or Chinese name is, or contains, what was typed."""
    lowered = text.lower()
    if lowered in PROGRAM_LABELS:
        return (lowered,)
    exact = tuple(key for key, label in PROGRAM_LABELS.items() if label == text)
    return exact or tuple(
        key for key, label in PROGRAM_LABELS.items() if len(text) > 1 and text in label
    )


def sources_named(text: str, known: Iterable[str], limit: int = 50) -> tuple[str, ...]:
    """Sources of the index that are, or contain, what was typed."""
    lowered = text.lower()
    found = [source for source in known if lowered in source.lower()]
    exact = [source for source in found if source.lower() == lowered]
    return tuple((exact or found)[:limit])
