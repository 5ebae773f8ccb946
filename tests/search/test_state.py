from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_app.search.engines.base import NONE, Choice
from search_app.search.state import (
    FILTERS,
    MAX_PER_PAGE,
    MAX_RESULTS,
    MAX_TEXT,
    MAX_VALUES,
    SearchState,
    parse_span,
)

NAMES = ("q", *FILTERS, *(f"not_{name}" for name in FILTERS), "year_from", "year_to", "family",
         "fold", "sort", "page", "per_page", "synonyms", "asis", "strict", "other")  # fmt: skip
values = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["广东", "none", "2018", "2018..2020", "2020..", "..2019", "abc", "-1", "0", "1",
                     "99999", "newest", "relevance", "on", "1e9", "９", "\ud800", "\x00"]),
)  # fmt: skip
params = st.dictionaries(st.sampled_from(NAMES), st.lists(values, max_size=4), max_size=8)


def read(query: str) -> SearchState:
    return SearchState.from_params(parse_qs(query, keep_blank_values=True))


def codes(state: SearchState) -> list[str]:
    return [note.code for note in state.notes]


def test_an_address_says_everything() -> None:
    state = read(
        "q=粤桂协作&province=广东&province=广西&not_program=party&year=2018..2020&year=2022"
        "&source=none&sort=newest&page=3&per_page=20&fold=0&synonyms=0&asis=残联&strict=1"
    )
    assert state.text == "粤桂协作"
    assert state.filters == {
        "province": Choice(("广东", "广西")),
        "year": Choice(("2022",), ranges=((2018, 2020),)),
        "program": Choice(excluded=("party",)),
        "source": Choice((NONE,)),
    }
    assert (state.sort, state.page, state.per_page, state.offset) == ("newest", 3, 20, 40)
    assert (state.fold, state.synonyms, state.asis, state.strict) == (False, False, ("残联",), True)
    assert state.notes == ()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("year=abc", "bad_year"),
        ("not_year=2018..2020", "bad_year"),
        ("page=-1", "out_of_range"),
        ("page=0", "out_of_range"),
        ("page=99999", "out_of_range"),
        ("page=two", "bad_number"),
        ("page=" + "9" * 40, "bad_number"),
        ("per_page=1000000", "out_of_range"),
        ("sort=best", "bad_choice"),
        ("fold=perhaps", "bad_choice"),
        ("q=" + "残" * 10_000, "query_cut"),
        ("&".join(f"source={n}" for n in range(500)), "too_many_values"),
    ],
)
def test_what_cannot_be_used_becomes_a_note(query: str, code: str) -> None:
    state = read(query)
    assert codes(state) == [code]
    assert state.per_page <= MAX_PER_PAGE
    assert state.offset < MAX_RESULTS
    assert len(state.text) <= MAX_TEXT


def test_a_form_without_javascript_gives_a_span_of_years() -> None:
    assert read("year_from=2018&year_to=2020").choice("year").ranges == ((2018, 2020),)
    assert read("year_from=2018&year_to=").choice("year").ranges == ((2018, None),)
    assert read("year_from=&year_to=").choices == ()
    assert read("year_from=2020&year_to=2020").choice("year").values == ("2020",)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2018", (2018, 2018)),
        ("2018年", (2018, 2018)),
        ("2018..2020", (2018, 2020)),
        ("2020..2018", (2018, 2020)),
        ("2018-2020", (2018, 2020)),
        ("2018年至2020年", (2018, 2020)),
        ("2018～2020", (2018, 2020)),
        ("2018..", (2018, None)),
        ("..2020", (None, 2020)),
        ("２０１８．．２０２０", (2018, 2020)),
        ("２０１８年", (2018, 2018)),
        ("..", None),
        ("18", None),
        ("20180101", None),
        ("", None),
    ],
)
def test_spans_of_years(text: str, span: tuple[int | None, int | None] | None) -> None:
    assert parse_span(text) == span


def test_changing_a_filter_gives_a_new_state_on_its_first_page() -> None:
    state = read("q=残联&page=4")
    narrowed = state.with_value("province", "广东").with_value("province", "广西")
    assert state.choices == ()
    assert narrowed.choice("province").values == ("广东", "广西")
    assert narrowed.page == 1
    assert narrowed.without_value("province", "广东").choice("province").values == ("广西",)
    assert narrowed.without_filters() == state.with_page(1)


def test_a_value_is_chosen_or_excluded_never_both() -> None:
    state = SearchState().with_value("program", "party").excluding("program", "party")
    assert state.choice("program") == Choice(excluded=("party",))
    assert state.with_value("program", "party").choice("program") == Choice(("party",))
    assert read("program=party&not_program=party").choice("program") == Choice(("party",))


def test_an_opened_family_is_never_folded() -> None:
    state = SearchState(text="残联").with_family("d1")
    assert not state.folded
    assert state.filters["family"] == Choice(("d1",))
    assert state.without_filters().folded


def test_another_query_forgets_what_was_undone() -> None:
    assert SearchState(asis=("残联",)).with_text("民政").asis == ()


@given(params)
@settings(max_examples=400, deadline=None)
def test_every_address_is_read_and_written_the_same(given_params: dict[str, list[str]]) -> None:
    state = SearchState.from_params(given_params)
    assert 1 <= state.per_page <= MAX_PER_PAGE
    assert 0 <= state.offset < MAX_RESULTS
    state.query_string().encode("ascii")
    again = read(state.query_string())
    assert again == state
    assert [n for n in again.notes if n.code != "too_many_values"] == []


@given(params, st.sampled_from(FILTERS), st.sampled_from(["广东", NONE, "2018", "x y&z=1"]))
@settings(max_examples=200, deadline=None)
def test_undoing_a_choice_leads_back(
    given_params: dict[str, list[str]], facet: str, value: str
) -> None:
    state = SearchState.from_params(given_params).with_page(1).without_value(facet, value)
    assert state.with_value(facet, value).without_value(facet, value) == state
    assert state.excluding(facet, value).without_value(facet, value) == state
    assert state.toggled(facet, value).toggled(facet, value) == state


def test_many_values_are_cut() -> None:
    state = read("&".join(f"source={n}" for n in range(500)))
    assert len(state.choice("source").values) == MAX_VALUES
