"""Build the shipped table of divisions from lists of China's administrative divisions.

Run by hand when new lists appear, never at build or search time:

    python -m indexer.facets.make_divisions FOLDER

FOLDER holds `areacodes_1980_now.csv` (codes of all divisions of county level and
above since 1980, with the years of their changes; CC0) and `HK-MO-TW.json` (the
divisions of Hong Kong, Macao and Taiwan, which have no codes of their own in
GB/T 2260: theirs here are numbered by us below 81, 82 and 71).
The output, `data/divisions.tsv`, has one line per name:

    code <TAB> name <TAB> short form <TAB> first year <TAB> last year

A division in use has no last year. A name of the past carries the code of what
the place belongs to today: its successor, or the city or province that all its
successors lie in.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

OUTPUT = Path(__file__).parent / "data" / "divisions.tsv"

# Peoples whose names stand in the names of autonomous divisions, longest first where one begins
# another. The short form of 都安瑶族自治县 is 都安, of 黔南布依族苗族自治州 黔南.
PEOPLES = (
    "蒙古族藏族|哈尼族彝族|傣族景颇族|布依族苗族|苗族侗族|土家族苗族|藏族羌族|蒙古族|蒙古|回族|藏族|"
    "维吾尔|哈萨克|柯尔克孜|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|傣族|"
    "黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|"
    "布朗族|撒拉族|毛南族|仡佬族|锡伯|阿昌族|普米族|塔吉克|怒族|鄂温克族|鄂伦春|保安族|裕固族|"
    "独龙族|各族|哈萨克族|俄罗斯族"
)
AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:{PEOPLES})*自治[州县旗]$")
SUFFIX = re.compile(r"(?:特别行政区|自治区|地区|林区|特区|新区|矿区|[省市区县盟旗])$")
SPECIAL = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "西藏自治区": "西藏",
    "积石山保安族东乡族撒拉族自治县": "积石山",
    "东乡族自治县": "东乡",
    "巴音郭楞蒙古自治州": "巴音郭楞",
    "鄂温克族自治旗": "鄂温克旗",
    "鄂伦春自治旗": "鄂伦春旗",
    "双江拉祜族佤族布朗族傣族自治县": "双江",
}


@dataclass(frozen=True)
class Row:
    """One line of the list: a division under one name, from `since` to `until`."""

    code: str
    name: str
    since: str
    until: str
    successors: tuple[str, ...]
    live: bool


def short_form(name: str) -> str:
    """The name without what says its kind, or nothing where less than two characters remain."""
    if name in SPECIAL:
        return SPECIAL[name]
    autonomous = AUTONOMOUS.match(name)
    if autonomous:
        return autonomous.group(1)
    stem = SUFFIX.sub("", name)
    return stem if len(stem) >= 2 and stem != name else ""


def read_rows(path: Path) -> list[Row]:
    """Read the list of codes; successors like `110101;110102[1990]` lose their years."""
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for line in csv.DictReader(lines):
            rows.append(
                Row(
                    line["代码"],
                    line["名称"],
                    line["启用时间"],
                    line["变更/弃用时间"],
                    tuple(re.findall(r"\d{6}", re.sub(r"\[\d+\]", "", line["新代码"]))),
                    line["状态"] == "在用",
                )
            )
    return rows


def common_parent(codes: Iterable[str]) -> str:
    """The division that all `codes` lie in: their city, else their province, else nothing."""
    found = set(codes)
    for width in (6, 4, 2):
        prefixes = {code[:width] for code in found}
        if len(prefixes) == 1:
            return prefixes.pop().ljust(6, "0")
    return ""


def today(row: Row, rows_of: dict[str, list[Row]], live: dict[str, Row]) -> str:
    """The code of what the place of `row` belongs to now."""
    pending, reached, seen = [row], set(), set()
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        if current.live:
            reached.add(current.code)
            continue
        if not current.successors and current.code in live:
            reached.add(current.code)
        for code in current.successors:
            if code in live:
                reached.add(code)
            else:
                pending.extend(rows_of.get(code, ()))
    if reached:
        parent = common_parent(reached)
        while parent and parent not in live:
            parent = parent[:2] + "0000" if parent[2:] != "0000" else ""
        return parent
    city, province = row.code[:4] + "00", row.code[:2] + "0000"
    return city if city in live else province


def outside_mainland(path: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Number the divisions of Hong Kong, Macao and Taiwan below their provinces' codes."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    for number, (city, _) in enumerate(tree["台湾省"].items(), start=1):
        yield f"71{number:02d}00", city, short_form(city), "", ""
    for prefix, region in (("81", "香港特别行政区"), ("82", "澳门特别行政区")):
        districts = [district for part in tree[region].values() for district in part]
        for number, district in enumerate(districts, start=1):
            name = re.sub(r"（.*）", "", district)
            if len(name) > 2:  # 东区, 南区 and 北区 say nothing
                yield f"{prefix}00{number:02d}", name, short_form(name), "", ""


def build(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """All lines of the table, sorted by code; raises `OSError` where a list is missing."""
    rows = read_rows(folder / "areacodes_1980_now.csv")
    live = {row.code: row for row in rows if row.live}
    rows_of: dict[str, list[Row]] = {}
    for row in rows:
        rows_of.setdefault(row.code, []).append(row)
    in_use = {(row.code[:2], row.name) for row in live.values()}
    lines = set(outside_mainland(folder / "HK-MO-TW.json"))
    for row in rows:
        code = row.code if row.live else today(row, rows_of, live)
        if not code:
            continue
        until = "" if row.live else row.until
        if not row.live and (row.code[:2], row.name) in in_use:
            continue  # the same name under a new code: nothing that a reader could tell apart
        lines.add((code, row.name, short_form(row.name), row.since, until))
    return sorted(lines, key=lambda line: (line[0], line[4] != "", line[1], line[3]))


def main() -> None:
    """Write the table and say how long it is."""
    lines = build(Path(sys.argv[1]))
    text = "".join("\t".join(line) + "\n" for line in lines)
    OUTPUT.write_text("code\tname\tshort\tsince\tuntil\n" + text, encoding="utf-8")
    print(f"{OUTPUT.name}: {len(lines)} names")


if __name__ == "__main__":
    main()
