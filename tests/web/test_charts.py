"""Charts: what is shaded, what is a true zero, and what was never collected."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search_app.web import labels
from search_app.web.charts import LEVELS, TILES, Count, grid, histogram, level, tile_map
from tests.web.pages import attr, one, said, soup


def count(number: int, **more: object) -> Count:
    return Count(number, "n", str(number), "t", **more)  # type: ignore[arg-type]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_shades_grow_with_counts(a: int, b: int) -> None:
    largest = max(a, b)
    low, high = level(min(a, b), largest), level(largest, largest)
    assert 0 <= low <= high <= LEVELS
    assert (low == 0) == (min(a, b) == 0)


def test_every_province_has_a_tile_of_its_own() -> None:
    assert set(TILES) == set(labels.PROVINCES)
    assert len(set(TILES.values())) == 34


def test_tiles_do_not_overlap() -> None:
    chart = tile_map({name: count(1) for name in TILES})
    for cell in chart.cells:
        assert 0 <= cell.x <= chart.width - cell.width + 0.01
        assert 0 <= cell.y <= chart.height - cell.height + 0.01
    assert len({(cell.x, cell.y) for cell in chart.cells}) == 34


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40))
def test_bars_are_as_tall_as_their_counts(numbers: list[int]) -> None:
    chart = histogram([count(number) for number in numbers])
    if not any(numbers):
        assert not chart.cells
        return
    tallest = max(range(len(numbers)), key=numbers.__getitem__)
    for number, cell in zip(numbers, chart.cells, strict=True):
        assert (cell.height == 0) == (number == 0)
        assert cell.height <= chart.cells[tallest].height
        assert cell.x + cell.width <= chart.width + 0.1


def test_a_true_zero_is_not_a_gap() -> None:
    chart = grid(["r"], ["a", "b", "c"], [[count(3), count(0), count(0, collected=False)]])
    assert [cell.kind for cell in chart.cells] == ["", "none", "gap"]


def test_the_heat_map_tells_zero_from_nothing_collected(client: FlaskClient) -> None:
    page = soup(client, "/overview")
    titles = {title.get_text() for title in page.select("section:has(#h-years) svg title")}
    assert "组织部署 2020：没有收录这一年的文档" in titles
    assert "组织部署 2014：0 篇" in titles


@pytest.mark.parametrize("section", ["map", "pairs", "years"])
def test_each_chart_has_a_table_with_its_counts(client: FlaskClient, section: str) -> None:
    page = soup(client, "/overview?q=残联")
    part = one(page, f"section:has(#h-{section})")
    drawn = sorted(attr(a, "href") for a in part.select("svg a"))
    listed = sorted(attr(a, "href") for a in part.select("table a"))
    assert drawn
    assert drawn == listed


@pytest.mark.parametrize("section", ["map", "pairs", "years"])
def test_cells_narrow_to_what_they_say(client: FlaskClient, section: str) -> None:
    page = soup(client, "/overview?q=残联")
    links = page.select(f"section:has(#h-{section}) svg a")[::5]
    assert links
    for link in links:
        (count,) = re.findall(r"：([\d,]+) 篇", attr(link, "aria-label"))
        target = attr(link, "href").replace("/search?", "/api/v1/search?")
        assert client.get(target).get_json()["total"] == int(count.replace(",", ""))


def test_the_map_follows_the_search(client: FlaskClient) -> None:
    whole, part = (
        said(soup(client, address), "section:has(#h-map) table")
        for address in ("/overview", "/overview?year=2015")
    )
    assert whole != part
