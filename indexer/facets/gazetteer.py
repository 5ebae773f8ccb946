"""Which divisions are there, what are they called, and what lies in what?

The table is `data/divisions.tsv` (made by `make_divisions`), the names that no
list of divisions has are in `data/places.yaml`: other names of places, names that
are ordinary words too, and words that only look like a place.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.facets.rules import load_yaml
from indexer.facets.text import lengths_by_start

DATA = Path(__file__).parent / "data"
Level = Literal["province", "city", "county"]
Trust = Literal["sure", "uncertain", "ordinary"]

PROVINCES: Mapping[str, str] = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁",
    "22": "吉林", "23": "黑龙江", "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽",
    "35": "福建", "36": "江西", "37": "山东", "41": "河南", "42": "湖北", "43": "湖南",
    "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏",
    "65": "新疆", "71": "台湾", "81": "香港", "82": "澳门",
}  # fmt: skip
"""First two digits of a GB/T 2260 code → the common short name, in the standard's order."""

ENGLISH: Mapping[str, str] = {
    "北京": "Beijing", "天津": "Tianjin", "河北": "Hebei", "山西": "Shanxi",
    "内蒙古": "Inner Mongolia", "辽宁": "Liaoning", "吉林": "Jilin", "黑龙江": "Heilongjiang",
    "上海": "Shanghai", "江苏": "Jiangsu", "浙江": "Zhejiang", "安徽": "Anhui", "福建": "Fujian",
    "江西": "Jiangxi", "山东": "Shandong", "河南": "Henan", "湖北": "Hubei", "湖南": "Hunan",
    "广东": "Guangdong", "广西": "Guangxi", "海南": "Hainan", "重庆": "Chongqing",
    "四川": "Sichuan", "贵州": "Guizhou", "云南": "Yunnan", "西藏": "Tibet", "陕西": "Shaanxi",
    "甘肃": "Gansu", "青海": "Qinghai", "宁夏": "Ningxia", "新疆": "Xinjiang", "台湾": "Taiwan",
    "香港": "Hong Kong", "澳门": "Macao",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Division:
    """A province, city or county in use, under its present name."""

    code: str
    name: str
    short: str
    level: Level
    parent: str
    """Code of the division it lies in; empty for a province."""


@dataclass(frozen=True, slots=True)
class Name:
    """What one name may mean. `codes` is empty for words that only look like a place.

    `full` tells a name with its kind (平塘县) from a short form. `trust` says how much
    support a short form needs: "sure" none, "uncertain" some in the text (a division it
    lies in, repetition …), "ordinary" (an ordinary word) such a division directly before it.
    """

    codes: tuple[str, ...]
    full: bool
    trust: Trust = "sure"


class Gazetteer:
    """All divisions with their names; `Gazetteer.shipped()` is the one that comes with us."""

    def __init__(
        self,
        divisions: Mapping[str, Division],
        names: Mapping[str, Name],
        common_words: Iterable[str] = (),
    ) -> None:
        self._divisions = dict(divisions)
        self.names: Mapping[str, Name] = names
        self._children: dict[str, list[str]] = {}
        for division in self._divisions.values():
            self._children.setdefault(division.parent, []).append(division.code)
        self._lengths = lengths_by_start(names)
        self._before: dict[str, set[str]] = {}
        self._behind: dict[str, set[str]] = {}
        for word in common_words:
            self._before.setdefault(word[-1], set()).add(word[:-1])
            self._behind.setdefault(word[0], set()).add(word[1:])

    @staticmethod
    @functools.lru_cache(maxsize=1)
    def shipped() -> Gazetteer:
        """The gazetteer of the shipped tables, read once per process (about 0.05 s)."""
        return _load()

    def __contains__(self, code: object) -> bool:
        return code in self._divisions

    def __iter__(self) -> Iterator[Division]:
        return iter(self._divisions.values())

    def __getitem__(self, code: str) -> Division:
        """The division of a code; raises `KeyError` for a code not in use."""
        return self._divisions[code]

    def children(self, code: str) -> tuple[str, ...]:
        """Codes of the divisions directly below `code` ("" for the provinces), in order."""
        return tuple(sorted(self._children.get(code, ())))

    def label(self, code: str, lang: str = "zh") -> str:
        """What to call a division: a province by its short name, others by their full one.

        English names exist for provinces alone; below them the Chinese name is the label.
        """
        division = self._divisions[code]
        if division.level != "province":
            return division.name
        return ENGLISH[division.short] if lang.startswith("en") else division.short

    def codes(self, code: str) -> tuple[str, ...]:
        """Codes from the province down to `code`."""
        chain = []
        while code:
            chain.append(code)
            code = self._divisions[code].parent
        return tuple(reversed(chain))

    def path(self, code: str) -> tuple[str, ...]:
        """Labels from the province's short name down to the division itself."""
        return tuple(self.label(step) for step in self.codes(code))

    def province(self, code: str) -> str:
        """The short name of the province that `code` lies in."""
        return PROVINCES[code[:2]]

    def within(self, code: str, ancestor: str) -> bool:
        """Whether `code` is `ancestor` or lies in it."""
        return ancestor in self.codes(code)

    def splits(self, text: str, start: int, end: int) -> bool:
        """Whether two common words meet inside a name of two characters (收成|都不好)."""
        if end - start != 2:
            return False
        before = self._before.get(text[start], ())
        behind = self._behind.get(text[start + 1], ())
        return (
            text[start - 1 : start] in before or text[max(0, start - 2) : start] in before
        ) and (text[end : end + 1] in behind or text[end : end + 2] in behind)

    def _ends_word(self, text: str, position: int) -> bool:
        """Whether the character at a position may end a common word (肯|定)."""
        before = self._before.get(text[position], ())
        return text[max(0, position - 1) : position] in before

    def find(self, text: str) -> Iterator[tuple[int, int, Name]]:
        """All names in a text as (start, end, name), leftmost longest, without overlaps.

        A doubtful short form gives way to a province whose name begins inside it (从|江苏,
        肯定|西藏).
        """
        position, last = 0, len(text) - 1
        lengths = self._lengths
        while position < last:
            if text[position : position + 2] not in lengths:  # nearly everywhere
                position += 1
                continue
            found = self._at(text, position)
            if found is None:
                position += 1
                continue
            end, name = found
            doubtful = name.trust != "sure" or self._ends_word(text, position)
            if doubtful and not name.full and end - position == _SHORTEST:
                inside = self._at(text, position + 1)
                if inside and any(code.endswith("0000") for code in inside[1].codes):
                    position += 1
                    continue
            yield position, end, name
            position = end

    def _at(self, text: str, position: int) -> tuple[int, Name] | None:
        """The longest name that begins at a position, with its end."""
        for length in self._lengths.get(text[position : position + 2], ()):
            word = text[position : position + length]
            name = self.names.get(word)
            # A slice over the end of the text is shorter than it says.
            if name is not None and len(word) == length:
                return position + length, name
        return None


_SHORTEST = 2
_CARVED_OUT = {"51": "50", "44": "46"}
"""Provinces → those made from parts of them."""


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _shorter_names(name: str, stem: str) -> Iterator[str]:
    """How autonomous divisions are called in the news: 都安县, 威宁自治县, 黔南州."""
    for ending in ("自治县", "自治州", "自治旗"):
        if stem and name.endswith(ending):
            yield stem + ending
            yield stem + ending[-1]


def _load() -> Gazetteer:
    """Read the tables; raises `ConfigError` where `places.yaml` is wrong."""
    extra = load_yaml(DATA / "places.yaml")
    divisions: dict[str, Division] = {}
    full: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    past: list[tuple[str, str, str]] = []
    lines = (DATA / "divisions.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    live = {row[0] for row in rows if not row[4]}
    for code, name, short_name, _, until in rows:
        stem = PROVINCES[code[:2]] if code.endswith("0000") else short_name
        if until:
            past.append((code, name, stem))
            continue
        parent = code[:4] + "00"
        if code.endswith("0000"):
            parent = ""
        elif parent == code or parent not in live:
            parent = code[:2] + "0000"
        divisions[code] = Division(code, name, stem, _level(code), parent)
        for variant in (name, *_shorter_names(name, stem)):
            full.setdefault(variant, set()).add(code)
        if stem:
            short.setdefault(stem, set()).add(code)
    for code, name, stem in past:
        if code.endswith("0000"):
            continue  # nothing is known but the province
        carved = _CARVED_OUT.get(code[:2])
        today = [other for other in short.get(stem, ()) if other[:2] == carved]
        if today:  # 涪陵市 was in Sichuan and is in Chongqing
            full.setdefault(name, set()).update(today)
            continue
        full.setdefault(name, set()).add(code)
        # A short form that is still in use in the province means the division of today;
        # that of an abolished district (新城区, 城北区) is hardly ever used.
        in_use = any(other[:2] == code[:2] for other in short.get(stem, ()))
        if stem and not in_use and not name.endswith("区"):
            short.setdefault(stem, set()).add(code)
    trust: dict[str, Trust] = dict.fromkeys("".join(extra["uncertain_words"]).split(), "uncertain")
    trust.update(dict.fromkeys("".join(extra["ordinary_words"]).split(), "ordinary"))
    known = set("".join(extra["well_known"]).split())
    names: dict[str, Name] = {}
    for name, codes in short.items():
        small = len(name) == 2 and all(_level(code) == "county" for code in codes)
        default: Trust = "uncertain" if small and name not in known else "sure"
        names[name] = Name(tuple(sorted(codes)), False, trust.get(name, default))
    for name, codes in full.items():
        if len(name) > 2 or name.endswith(("县", "旗")):  # 郊区 and 矿区 say nothing
            names[name] = Name(tuple(sorted(codes)), True, trust.get(name, "sure"))
    for name, code in extra["other_names"].items():
        names[str(name)] = Name(tuple(str(code).split()), True)
    for name in "".join(extra["not_places"]).split():
        names[name] = Name((), True)
    common = (DATA / "common_words.txt").read_text(encoding="utf-8").split()
    return Gazetteer(divisions, names, common)
