"""Make hijacked pages out of clean ones, the way spammers rewrite a site they took over.

    every occurrence of one word (an office, a leader, a place, a common noun) is replaced
    by a brand, in the body and in the title; some pages also get the brand as their title
    line, or extra brands between sentences.

Brands and words come in two halves each: DEV ones may be looked at while the detector is
written, HELD_OUT ones (and the documents that they are put into) decide. Some held-out
brands share no part with any list of the project; they can only be found by how they sit.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.document import Document

DEV_BRANDS = [
    "尊龙凯时",
    "365bet官网:",
    "亚博体育",
    "威尼斯人",
    "澳门新葡京",
    "永利皇宫",
    "必威betway",
    "凯发k8",
    "开云体育",
    "华体会",
    "乐鱼体育官网",
    "bet365",
    "金沙娱乐城",
    "大发888",
    "米兰体育",
    "爱游戏",
    "九游会j9",
    "万博manbetx",
    "皇冠现金网",
    "银河国际",
    "太阳城集团",
    "博天堂",
    "伟德国际",
    "W66利来",
    "pg电子",
    "江南体育app",
    "半岛·综合体育",
    "星空官网",
    "mk体育",
    "三亿体育",
    "恒丰娱乐",
    "聚宝盆彩票",
    "天宇棋牌",
    "99真人",
    "龙腾购彩",
    "kb88",
    "杏鑫",
    "优德w88",
    "鸿运国际",
    "千亿国际",
]
HELD_OUT_BRANDS = [
    "雷火电竞",
    "必赢亚洲",
    "申博sunbet",
    "新宝GG",
    "欧宝官网",
    "天博综合",
    "龙8国际",
    "环亚娱乐",
    "明升m88",
    "杏彩平台",
    "火狐娱乐",
    "利记sbobet",
    "雅博",
    "云顶国际",
    "红足一世",
    "U乐",
    "QY千亿",
    "OB真人:",
    "贝博ballbet",
    "188金宝博",
    "腾博会",
    "新浦京8883",
    "彩神争霸",
    "海立方",
    "vwin德赢",
    "dafabet",
    "博亿堂",
    "神算台",
    "澳客",
    "fun88乐天堂",
    "盛世在线",
]
# Names that share nothing with those of such sites: only their places give them away.
MEANINGLESS_BRANDS = [
    "御龙湾",
    "瑞辰阁",
    "飞腾汇",
    "huxo77",
    "星汉堂",
    "Zentora",
    "玖鼎峰",
    "翠鸟",
    "qv6699",
    "蓝鲸屋",
    "9k9k",
    "嘉禾轩",
    "拓维加",
    "满庭",
]
HELD_OUT_BRANDS += MEANINGLESS_BRANDS
TAILS = ("", "", "", "官网", "-下载", "(中国)官方网站", "|登录", "_手机版-下载|投注@", "APP下载")
SLOGANS = (
    "-人生就是博中国官方网站",
    "官网_手机版-下载|投注@",
    "(中国)有限公司官网",
    "-最新网址入口",
    "·全站APP下载",
)

OFFICES = [
    "残联",
    "扶贫办",
    "民政局",
    "教育局",
    "人社局",
    "财政局",
    "国务院",
    "党中央",
    "省委",
    "市委",
    "县委",
    "县政府",
    "市政府",
    "省政府",
    "政府",
    "人民政府",
    "乡村振兴局",
    "农业农村局",
    "卫健委",
    "卫生健康委",
    "国家卫健委",
    "教育部",
    "民政部",
    "财政部",
    "外交部",
    "公安部",
    "公安局",
    "检察院",
    "法院",
    "妇联",
    "共青团",
    "总工会",
    "工会",
    "红十字会",
    "党支部",
    "组织部",
    "纪委",
    "监委",
    "全国政协",
    "全国人大",
    "水利部",
    "应急管理部",
    "商务部",
    "气象局",
]
NAMES = [
    "习近平",
    "李克强",
    "汪洋",
    "李强",
    "王沪宁",
    "赵乐际",
    "栗战书",
    "普京",
    "拜登",
    "特朗普",
    "胡春华",
    "韩正",
    "俞正声",
    "张高丽",
]
PLACES = [
    "广东",
    "广西",
    "贵州",
    "四川",
    "浙江",
    "云南",
    "新疆",
    "西藏",
    "宁夏",
    "福建",
    "上海",
    "北京",
    "深圳",
    "广州",
    "甘肃",
    "青海",
    "江苏",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "重庆",
    "陕西",
    "河北",
    "中国",
    "美国",
    "俄罗斯",
    "日本",
    "成都",
    "武汉",
    "杭州",
    "香港",
]
NOUNS = [
    "教育",
    "残疾人",
    "扶贫",
    "乡村",
    "乡村振兴",
    "脱贫攻坚",
    "农业",
    "农村",
    "企业",
    "产业",
    "文化",
    "经济",
    "旅游",
    "医院",
    "学校",
    "儿童",
    "学生",
    "老人",
    "村民",
    "群众",
    "就业",
    "养老",
    "医疗",
    "康复",
    "志愿者",
    "党员",
    "干部",
    "科技",
    "生态",
    "环境",
    "项目",
    "社区",
    "贫困户",
    "农民",
    "合作社",
    "大学生",
    "疫情",
    "安全",
    "消费",
    "社会",
    "市场",
    "铁路",
    "银行",
    "基金",
    "职工",
    "青年",
    "民族",
    "粮食",
    "文明",
    "工程",
    "图书馆",
    "博物馆",
    "体育",
    "慈善",
    "公益",
]
WORDS = {"office": OFFICES, "name": NAMES, "place": PLACES, "noun": NOUNS}


def held_out(word: str) -> bool:
    """A fixed half of the words is kept for the measurement."""
    return sum(map(ord, word)) % 2 == 0


@dataclass(frozen=True)
class Hijacked:
    """A made page and the truth about it."""

    document: Document
    brand: str
    word: str
    kind: str
    style: str
    count: int


def archive(shared: Path) -> list[Document]:
    """The clean documents."""
    documents = []
    with gzip.open(shared / "gold/retrieval/archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            documents.append(
                Document(id=one["id"], path="", title=one["title"] or "", text=one["text"],
                         date=one["date"], source=one["source"])
            )  # fmt: skip
    return documents


def hijack(document: Document, word: str, brand: str, rng: random.Random) -> Hijacked:
    """Replace a word everywhere; a third of the pages get a spam title line or insertions."""
    kind = next(kind for kind, words in WORDS.items() if word in words)
    style = rng.choice(("plain", "plain", "title", "inserted"))
    text = document.text.replace(word, brand)
    title = document.title.replace(word, brand)
    if style == "title":
        title = brand.rstrip(":") + rng.choice(SLOGANS)
    elif style == "inserted":
        stops = [found.end() for found in re.finditer("[。；]", text)]
        for at in sorted(rng.sample(stops, min(2, len(stops))), reverse=True):
            text = text[:at] + brand.rstrip(":") + rng.choice(TAILS) + text[at:]
    changed = document.replace(id="h-" + document.id, text=text, title=title)
    return Hijacked(changed, brand, word, kind, style, document.text.count(word))


def pages(
    documents: list[Document], brands: list[str], *, words_held_out: bool, count: int,
    seed: int, least: int = 3,
) -> Iterator[Hijacked]:  # fmt: skip
    """`count` hijacked pages; kinds of words in turn, each document at most once."""
    rng = random.Random(seed)
    pool = documents[:]
    rng.shuffle(pool)
    kinds = list(WORDS)
    made = 0
    for document in pool:
        if made == count:
            return
        kind = kinds[made % len(kinds)]
        fit = [
            word for word in WORDS[kind]
            if held_out(word) == words_held_out and document.text.count(word) >= least
        ]  # fmt: skip
        if fit:
            # The longest first: 人民政府 rather than the 政府 inside it.
            word = max(rng.sample(fit, min(2, len(fit))), key=len)
            yield hijack(document, word, rng.choice(brands), rng)
            made += 1
