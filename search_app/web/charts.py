"""Charts as plain geometry: counts in, rectangles and words out; templates print them as SVG.

Every cell carries the link that narrows to it and a sentence for screen readers. Shades
are seven classes (`l0` nothing to `l6` most) on a square-root scale, so that one large
province does not leave the others white. Below the charts of the overview stand tables of the
same counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVELS = 6

# Column and row of each province on a 9 × 8 grid that keeps neighbours together.
TILES: Mapping[str, tuple[int, int]] = {
    "黑龙江": (8, 0),
    "内蒙古": (5, 1), "辽宁": (7, 1), "吉林": (8, 1),
    "新疆": (0, 2), "甘肃": (2, 2), "宁夏": (3, 2), "山西": (4, 2), "河北": (5, 2),
    "北京": (6, 2), "天津": (7, 2),
    "西藏": (0, 3), "青海": (1, 3), "陕西": (3, 3), "河南": (4, 3), "山东": (5, 3),
    "四川": (2, 4), "重庆": (3, 4), "湖北": (4, 4), "安徽": (5, 4), "江苏": (6, 4),
    "上海": (7, 4),
    "云南": (2, 5), "贵州": (3, 5), "湖南": (4, 5), "江西": (5, 5), "浙江": (6, 5),
    "广西": (3, 6), "广东": (4, 6), "福建": (5, 6), "台湾": (7, 6),
    "海南": (3, 7), "澳门": (4, 7), "香港": (5, 7),
}  # fmt: skip


LABEL_SIZE = 13
"""Type size of the words beside a grid (as in the template)."""


def ems(text: str) -> float:
    """About how wide a text is, in units of its type size."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.6 for sign in text)


@dataclass(frozen=True, slots=True)
class Cell:
    """One rectangle with its link. `kind` is "" or "none" (true zero), "gap" (nothing
    collected), `level` 0 to 6, `on` says that it is chosen."""

    x: float
    y: float
    width: float
    height: float
    level: int
    name: str
    count: str
    title: str
    url: str = ""
    kind: str = ""
    on: bool = False

    @property
    def lines(self) -> Sequence[str]:
        """The name in lines: a name of two words takes two."""
        return self.name.split(" ")

    @property
    def size(self) -> float:
        """The type size at which the longest line of the name fits, at most 15 units."""
        widest = max(ems(line) for line in self.lines)
        return round(min(15.0, (self.width - 3) / max(widest, 1)), 1)


@dataclass(frozen=True, slots=True)
class Label:
    """Words in a chart. `anchor` is "t" (middle), "e" (end) or "" (start)."""

    x: float
    y: float
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of `width` by `height` units and what stands in it."""

    width: float
    height: float
    cells: Sequence[Cell]
    labels: Sequence[Label] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A count to draw: finished words and link beside the number."""

    number: int
    name: str
    text: str
    title: str
    url: str = ""
    on: bool = False
    collected: bool = True


def level(number: int, largest: int) -> int:
    """The shade of a count: 0 for nothing, else 1 to 6 on a square-root scale."""
    if number <= 0 or largest <= 0:
        return 0
    return min(LEVELS, max(1, math.ceil(LEVELS * math.sqrt(number / largest))))


def _cell(count: Count, x: float, y: float, width: float, height: float, largest: int) -> Cell:
    kind = "" if count.number else "none" if count.collected else "gap"
    return Cell(
        x, y, width, height, level(count.number, largest),
        count.name, count.text, count.title, count.url, kind, count.on,
    )  # fmt: skip


def tile_map(counts: Mapping[str, Count], *, size: float = 60, gap: float = 4) -> Chart:
    """The provinces as tiles; `counts` is keyed by short name, each with its words."""
    largest = max((count.number for count in counts.values()), default=0)
    step = size + gap
    cells = [
        _cell(counts[name], column * step, row * step, size, size, largest)
        for name, (column, row) in TILES.items()
        if name in counts
    ]
    return Chart(9 * step - gap, 8 * step - gap, cells)


def histogram(counts: Sequence[Count], *, width: int = 240, height: int = 64) -> Chart:
    """Bars side by side, oldest first; the first and the last carry their name below."""
    largest = max((count.number for count in counts), default=0)
    if not counts or not largest:
        return Chart(width, height, ())
    step = width / len(counts)
    bar = max(1, round(min(step - 1.5, 28)))
    cells = []
    for i, count in enumerate(counts):
        tall = 0 if not count.number else max(2, round((height - 4) * count.number / largest))
        x = round(i * step + (step - bar) / 2)
        cells.append(
            Cell(x, height - tall, bar, tall, LEVELS,
                 count.name, count.text, count.title, count.url, "", count.on)
        )  # fmt: skip
    labels = [Label(0, height + 14, counts[0].name)]
    if len(counts) > 1:
        labels.append(Label(width, height + 14, counts[-1].name, "e"))
    return Chart(width, height + 18, cells, labels)


def grid(
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[Count]],
    *,
    cell_height: float = 30,
) -> Chart:
    """A heat map: `counts[row][column]`, with the names of the rows at the left. It is as
    wide as its names ask for."""
    left = round(max((ems(name) for name in rows), default=0) * LABEL_SIZE) + 14
    cell_width = max(48, round(max((ems(name) for name in columns), default=0) * LABEL_SIZE) + 8)
    top = 30
    largest = max((count.number for line in counts for count in line), default=0)
    cells = [
        _cell(count, left + x * cell_width, top + y * cell_height,
              cell_width - 2, cell_height - 2, largest)
        for y, line in enumerate(counts)
        for x, count in enumerate(line)
    ]  # fmt: skip
    labels = [
        Label(left - 8, top + (y + 0.5) * cell_height + 4, name, "e") for y, name in enumerate(rows)
    ]
    labels += [
        Label(left + (x + 0.5) * cell_width - 1, top - 9, name, "t")
        for x, name in enumerate(columns)
    ]
    return Chart(left + len(columns) * cell_width, top + len(rows) * cell_height + 4, cells, labels)
