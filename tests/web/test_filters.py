"""The filters as a form: what a browser sends is the search that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from search_app import create_app
from search_app.search.engines.base import NONE
from search_app.search.results import SearchResults, facet_values
from search_app.search.state import SearchState
from tests.web.fakes import FakeService
from tests.web.pages import attr, controls, one, said, soup

client_ = create_app({"SERVICE": FakeService()}).test_client()

VALUES = {
    "province": ["广东", "广西", "西藏", NONE],
    "donor": ["浙江", NONE],
    "recipient": ["四川"],
    "program": ["pairing", "rehab", "party"],
    "source": ["样例网", NONE],
    "flags": ["tampered"],
    "pair": ["广东>广西"],
}


@st.composite
def states(draw: st.DrawFn) -> SearchState:
    state = SearchState(text=draw(st.sampled_from(["", "残联", "没有"])))
    for name, values in VALUES.items():
        for value in draw(st.lists(st.sampled_from(values), max_size=2, unique=True)):
            exclude = draw(st.booleans())
            state = state.excluding(name, value) if exclude else state.with_value(name, value)
    ends = st.one_of(st.none(), st.integers(2010, 2024))
    for low, high in draw(st.lists(st.tuples(ends, ends), max_size=2, unique=True)):
        if low is not None and high is not None and low >= high:
            continue
        if low is not None or high is not None:
            choice = state.choice("year")
            state = state.with_span("year", (low, high)) if not choice.ranges else state
    if draw(st.booleans()):
        state = state.with_value("year", "2015")
    state = state.with_sort(draw(st.sampled_from(["relevance", "newest"])))
    return state.with_fold(draw(st.booleans())).with_synonyms(draw(st.booleans()))


@settings(max_examples=60, deadline=None)
@given(states())
def test_submitting_the_form_changes_nothing(state: SearchState) -> None:
    page = soup(client_, f"/search?{state.query_string()}")
    sent = urlencode([(name, value) for name, value in controls(page)])
    with client_:
        again = client_.get(f"/search?{sent}", follow_redirects=True)
        shown = SearchState.from_params(
            {n: [v for m, v in parse_qsl(urlsplit(again.request.url).query) if m == n]
             for n, _ in parse_qsl(urlsplit(again.request.url).query)}
        )  # fmt: skip
    assert set(shown.params()) == set(state.params())


def test_a_box_narrows_as_its_number_says(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联&year=2015..2019")
    tried = set()
    for label in page.select("label:has(input[type=checkbox])"):
        box = one(label, "input")
        name, chosen = attr(box, "name"), attr(box, "value")
        # A year of its own takes the place of the span.
        query = urlencode({"q": "残联", "year": "2015..2019", "fold": "0"} | {name: chosen})
        answer = client.get(f"/api/v1/search?{query}").get_json()
        assert answer["total"] == int(said(label, "small")), (name, chosen)
        tried.add(name)
    assert tried >= {"province", "program", "source"}


def test_the_dash_leaves_a_value_out(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联")
    button = one(page, "button[name=not_province][value=广东]")
    assert button["title"] == "排除 广东"
    sent = urlencode([*controls(page), ("not_province", "广东")])
    after = soup(client, f"/search?{sent}")
    assert [c.get_text(" ", strip=True) for c in after.select(".chip")] == ["取消 排除省份 广东"]
    assert "广东" not in said(after, "#facet-province")


def test_chosen_values_stay_in_sight_at_zero(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联&province=西藏&province=广东")
    assert said(page, "#facet-province label:has(input[value=西藏][checked]) small") == "0"


def test_bars_of_the_histogram_narrow_to_a_year(client: FlaskClient) -> None:
    page = soup(client, "/search?q=残联&year=2015..2019")
    bars = page.select("#facet-year svg a")
    assert [said(bar, "title").partition(" ")[0] for bar in bars] == [
        str(year) for year in range(2014, 2025) if year != 2020
    ]
    target = dict(parse_qsl(urlsplit(attr(bars[1], "href")).query))
    assert target == {"q": "残联", "year": "2015"}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_programs_are_grouped(client: FlaskClient, lang: str) -> None:
    page = soup(client, f"/search?q=残联&lang={lang}")
    groups = [p.get_text() for p in page.select("#facet-program .group")]
    assert groups == (
        ["帮扶协作", "助残服务"]
        if lang == "zh-CN"
        else ["Assistance and cooperation", "Disability services"]
    )


def test_cities_hang_below_a_chosen_province() -> None:
    class WithPlaces(FakeService):
        def search(
            self, state: SearchState, facets: Sequence[str] = ("province",)
        ) -> SearchResults:
            found = super().search(state, facets)
            if "place" not in facets:
                return found
            counts = {"522700": 7, "522727": 5, "450100": 2}
            choice = state.choice("place")
            places = facet_values(
                counts, choice.values, (),
                {"522700": "黔南布依族苗族自治州", "522727": "平塘县", "450100": "南宁市"},
            )  # fmt: skip
            return replace(found, facets={**found.facets, "place": places})

    client = create_app({"SERVICE": WithPlaces()}).test_client()
    assert "黔南" not in said(soup(client, "/search?q=残联"), "#filters")
    page = soup(client, "/search?q=残联&province=贵州")
    below = page.select("#facet-province ul ul input")
    assert [box["value"] for box in below] == ["522700"]
    page = soup(client, "/search?q=残联&province=贵州&place=522700")
    assert [box["value"] for box in page.select("#facet-province ul ul ul input")] == ["522727"]
    for address in ("/search", "/facets/source", "/overview"):
        page = soup(client, f"{address}?q=残联&province=贵州&place=522700")
        assert "市县 黔南布依族苗族自治州" in one(page, ".chips").get_text(" ", strip=True)
