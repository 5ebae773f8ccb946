"""Provinces by their one-character names: 沪滇协作, 京津冀豫四省市, 援藏.

A single character says too little, so only firm combinations count: two of them as a
pair (沪滇协作), several with a number behind (苏浙皖三省), and 援 with one (援疆). The names of
regions (京津冀, 粤港澳大湾区) are not taken apart.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.facets.gazetteer import DATA, PROVINCES, Gazetteer
from indexer.facets.places import Mention
from indexer.facets.rules import load_yaml

_CODE_OF = {name: code + "0000" for code, name in PROVINCES.items()}


_PAIRED = re.compile("(?<!冀)(?:对口|结对)")
"""Behind 京津: they give, each of them. The region of three is never taken apart."""

_COUNTED = re.compile("[两二三四五六七八九](?:省|地|区)|等")


@dataclass(frozen=True)
class Abbreviations:
    """The shipped table of `data/abbreviations.yaml`, compiled."""

    code_of: dict[str, str]
    pattern: re.Pattern[str]
    regions: frozenset[str]


@functools.lru_cache(maxsize=1)
def _shipped() -> Abbreviations:
    data = load_yaml(DATA / "abbreviations.yaml")
    code_of = {char: _CODE_OF[name] for char, name in data["characters"].items()}
    chars = "".join(code_of)
    pairs = "|".join("".join(data["pairs"]).split())
    behind = "|".join("".join(data["behind_pairs"]).split())
    aided, helped, markets = ("".join(data[key]) for key in ("aided", "helped", "markets"))
    return Abbreviations(
        code_of,
        re.compile(
            rf"(?<![{chars}])(?P<pair>{pairs})(?={behind})"
            rf"|(?P<many>[{chars}]{{4,6}})(?![{chars}、年少海岛闻能时征城疆南波夏湾风州肃林龙江升]|区|革命|高速|铁路|老区|边|根据地|交界)|(?P<list>[{chars}]{{2,}})(?=[两二三四五六七八九](?:省|地|区[一二三四五六七八九]市)|省市|等地|等省|城市结对"
            r"|结对(?:帮扶|合作)|对口(?:帮扶|支援)|劳务协作|扶贫协作|东西部协作)"
            r"|(?<!台)(?P<both>港澳)(?=地区|居民|青年|两地|各界)"
            rf"|[援驻赴入](?P<aided>[{aided}])(?!龙|尔|江|海|春|年|山|少|品|区)"
            rf"|援(?P<helped>[{helped}])(?=医|干部|教师|支教|人才|群体|工作|队)"
            rf"|(?P<origin>[{chars}])[货品]入(?P<market>[{markets}])"
        ),
        frozenset("".join(data["regions"]).split()),
    )


def abbreviated(gazetteer: Gazetteer, text: str) -> Iterator[Mention]:
    """One mention per province that an abbreviation names; they may share their place."""
    table = _shipped()
    for match in table.pattern.finditer(text):
        start, end = match.span()
        if match.group("many") and ("港" in match.group() or _region_first(table, text, match)):
            continue  # 粤港澳青年, 京津冀新平台
        region = match.group() in table.regions and not _PAIRED.match(text, end)
        if region or match.group() in gazetteer.names:  # 京津冀, 辽宁
            continue
        for char in "".join(group for group in match.groups() if group):
            yield Mention(start, end, table.code_of[char])


def _region_first(table: Abbreviations, text: str, match: re.Match[str]) -> bool:
    """Whether a run begins with a region and does not go on to count provinces (京津冀豫四省)."""
    starts = any(match.group().startswith(region) for region in table.regions if len(region) > 2)
    return starts and not _COUNTED.match(text, match.end())
