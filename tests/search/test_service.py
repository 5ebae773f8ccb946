from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from indexer.analysis.normalise import normalise
from indexer.errors import IndexMissing, IndexOutdated
from indexer.generations import CURRENT
from indexer.pipeline import build
from search_app.search import opening
from search_app.search import service as service_module
from search_app.search.labels import PROGRAM_LABELS
from search_app.search.results import facet_values, to_json
from search_app.search.service import SearchService
from search_app.search.state import SearchState
from search_app.search.tree import DEFAULT_FIELDS, Prefix
from tests.search.conftest import DOCUMENTS, Search
from tests.search.strategies import queries

EVERYTHING = {document["id"] for document in DOCUMENTS}


def ids(results: Any) -> list[str]:
    return [hit.id for hit in results.hits]


def kinds(results: Any) -> set[str]:
    return {part.kind for part in results.understood}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("粤桂协作 残疾人", "both"),
        ("残疾人就业", "both"),
        ("两项补贴", "federation"),
        ("殘疾人運動會", "traditional"),
        ("残疾人运动会", "traditional"),
        ("国办发[2018]12号", "number"),
        ("国办发〔2018〕12号", "number"),
        ("1200万元", "number"),
        ("盲 人 按 摩", "federation"),
        ("title:帮扶车间", "workshop"),
        ("标题：年会", "federation"),
        ("残* 年会", "federation"),
        ("平塘 白云区", "workshop"),
    ],
)
def test_what_people_type_finds_what_they_mean(search: Search, text: str, first: str) -> None:
    assert ids(search(text))[:1] == [first]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"桂协"', {"both"}),
        ('"疾人就"', {"both"}),
        ('"的"', {"federation", "number", "traditional", "untitled", "workshop"}),
        ('"周末 多云"', {"passing"}),
        ("“残疾人出行”", {"passing"}),
        ("“周末，多云”", set()),
        ("“出行，就业服务”", {"passing"}),
        ("“就业。周末”", set()),
        ("“国办发〔20”", {"number"}),
        ("“8〕12号”", {"number"}),
        ("residue残", set()),
    ],
)
def test_a_quoted_run_is_found_exactly(search: Search, text: str, found: set[str]) -> None:
    results = search(text, strict=["1"])
    assert set(ids(results)) - {"reprint"} == found


def test_all_words_come_before_most_words(search: Search) -> None:
    results = search("残疾人 就业 座谈会")
    assert ids(results)[0] == "both"
    assert "passing" in ids(results)
    assert "relaxed" not in kinds(results)


def test_short_forms_and_official_names_find_each_other(search: Search) -> None:
    results = search("残联")
    assert "federation" in ids(results)
    (part,) = [part for part in results.understood if part.kind == "synonym"]
    assert "残疾人联合会" in part.reading
    assert "federation" not in ids(search("残联", asis=["残联"], strict=["1"]))
    assert "federation" not in ids(search("残联", synonyms=["0"], strict=["1"]))
    assert part.undo == SearchState(text="残联", asis=("残联",))


def test_exclusions_and_alternatives(search: Search) -> None:
    everyone = set(ids(search("残疾人")))
    assert set(ids(search("残疾人 -天气"))) == everyone - {"passing"}
    assert set(ids(search("年会 OR 电梯"))) == {"federation", "passing"}
    assert set(ids(search("年会｜电梯"))) == {"federation", "passing"}
    assert set(ids(search('-"年会"', fold=["0"]))) == EVERYTHING - {"federation"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("year:2018", {"traditional", "number"}),
        ("年份：2018..2019", {"traditional", "number", "federation"}),
        ("year:2021..", {"workshop", "passing"}),
        ("source:样例日报", {"both", "federation"}),
        ("来源：样例", {"both", "federation", "workshop", "passing"}),
        ("province:贵州", {"workshop"}),
        ("省份：贵州省", {"workshop"}),
        ("省份：黔", {"workshop"}),
        ("省份：粤 座谈会", {"both"}),
        ("-year:2018 残疾人 -来源:样例日报", {"workshop", "passing"}),
    ],
)
def test_fields_narrow(search: Search, text: str, found: set[str]) -> None:
    assert set(ids(search(text))) - {"reprint"} == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("year:abc 残联", "bad_range"),
        ("province:火星 残联", "unknown_value"),
        ("来源:没有的来源 残联", "unknown_value"),
        ("“残联 年会", "unfinished_quote"),
        ("残联 OR", "stray_operator"),
        ("，。！", "nothing_to_search"),
        ("😀", "nothing_to_search"),
        ("-残联", "only_exclusions"),
        ("残" * 10_000, "query_cut"),
    ],
)
def test_what_could_not_be_used_is_said(search: Search, text: str, code: str) -> None:
    results = search(text)
    assert code in {note.code for note in results.notes}


def test_what_cannot_be_parsed_is_searched_as_words(search: Search) -> None:
    assert "federation" in ids(search("year:年会"))
    assert "federation" in ids(search("foo:年会"))
    assert "unparsed" in kinds(search("foo:年会"))


def test_only_stop_words_are_searched_all_the_same(search: Search) -> None:
    assert search("的").total > 0
    results = search("残疾人 的 就业")
    assert ("ignored", "的") in {(part.kind, part.text) for part in results.understood}


def test_a_search_that_finds_nothing_is_relaxed_and_says_so(search: Search) -> None:
    results = search("“残疾人的就业座谈会” 就业")
    assert ids(results)[0] == "both"
    (part,) = [part for part in results.understood if part.kind == "relaxed"]
    assert part.note is not None
    assert part.note.code == "relaxed_phrase"
    assert part.undo is not None
    assert part.undo.strict
    assert search("“残疾人的就业座谈会” 就业", strict=["1"]).total == 0


def test_a_phrase_alone_is_never_relaxed(search: Search) -> None:
    results = search("“残疾人的就业座谈会”")
    assert results.total == 0
    assert "残疾人的就业座谈会" in results.suggestions


def test_a_run_across_words_is_found_without_quotes(search: Search) -> None:
    assert "both" in ids(search("桂协"))


def test_filters_hold_when_a_search_is_relaxed(search: Search) -> None:
    results = search("残疾人 座谈会 天气 年会", year=["2019"])
    assert ids(results) == ["federation"]


def test_reprints_are_folded_to_the_first(search: Search) -> None:
    folded = search("粤桂协作座谈会")
    assert folded.total - folded.total_results == 1
    assert folded.hits[0].family is not None
    assert folded.hits[0].family.size == 2
    assert {"both", "reprint"} <= set(ids(search("粤桂协作座谈会", fold=["0"])))
    opened = search("", family=[folded.hits[0].family.id])
    assert set(ids(opened)) == {"both", "reprint"}


def test_a_facets_own_choice_does_not_narrow_its_counts(search: Search) -> None:
    free = {value.value: value.count for value in search("残疾人").facets["year"]}
    chosen = search("残疾人", year=["2021"])
    assert {value.value: value.count for value in chosen.facets["year"]} == free
    assert [value.value for value in chosen.facets["year"] if value.selected] == ["2021"]
    assert ids(chosen) == ["workshop"]
    for value in search("残疾人").facets["year"]:
        again = search("残疾人", year=[value.value or "none"])
        assert again.total == value.count


def test_a_long_facet_gives_its_most_frequent_and_its_chosen_values() -> None:
    counts = {f"s{number}": number for number in range(1_000)} | {"": 7}
    values = facet_values(counts, ("s3",), ("gone",), {}, limit=10)
    assert [value.value for value in values[:10]] == [f"s{n}" for n in range(999, 989, -1)]
    assert [(v.value, v.count) for v in values[10:]] == [("s3", 3), ("gone", 0), ("", 7)]
    assert [v.value for v in values if v.selected] == ["s3"]
    assert [v.value for v in values if v.excluded] == ["gone"]


def test_several_values_widen_and_a_value_can_be_left_out(search: Search) -> None:
    assert set(ids(search("残疾人", year=["2021", "2022"]))) == {"workshop", "passing"}
    everyone = set(ids(search("残疾人")))
    assert set(ids(search("残疾人", not_year=["2022"]))) == everyone - {"passing"}
    assert ids(search("", source=["none"])) == ["untitled"]
    assert search("", year=["2021..2022"]).total == 2


def test_a_page_behind_the_last_shows_the_last(search: Search) -> None:
    results = search("残疾人", page=["50"], per_page=["2"])
    assert results.state.page == results.pages
    assert results.hits
    assert "last_page" in {note.code for note in results.notes}


def test_a_value_that_does_not_exist_finds_nothing_and_is_named(search: Search) -> None:
    results = search("残疾人", province=["火星"])
    assert results.total == 0
    assert [note.code for note in results.notes] == ["unknown_value"]
    assert "“省份”" in results.notes[0].message("zh")
    assert [value.value for value in results.facets["province"] if value.selected] == ["火星"]


def test_an_answer_cut_short_by_time_is_marked(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "TIME_LIMIT", -1.0)
    results = SearchService(archive).search(SearchState(text="残疾人 电梯 招收"))
    assert results.partial
    assert "partial" in {note.code for note in results.notes}
    monkeypatch.undo()
    assert not SearchService(archive).search(SearchState(text="残疾人 电梯 招收")).partial


def test_an_expansion_that_is_too_wide_is_marked(
    search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not search("残疾*").partial
    monkeypatch.setattr(Prefix.__init__, "__defaults__", (DEFAULT_FIELDS, 1.0, 1))
    assert search("残*").partial


def test_pages_hold_each_result_once(search: Search) -> None:
    everything = ids(search("残疾人", per_page=["50"]))
    paged = [
        hit_id
        for page in range(1, len(everything) + 1)
        for hit_id in ids(search("残疾人", per_page=["1"], page=[str(page)]))
    ]
    assert paged == everything


def test_an_empty_search_shows_the_newest_first(search: Search) -> None:
    dates = [hit.date for hit in search("", fold=["0"]).hits if hit.date]
    assert dates == sorted((d["date"] for d in DOCUMENTS if "date" in d), reverse=True)


def test_neighbours_follow_the_order_of_the_results(service: SearchService) -> None:
    state = SearchState(text="残疾人")
    order = [hit.id for hit in service.search(state).hits]
    assert service.neighbours(state, 1) == (None, order[1])
    assert service.neighbours(state, 2) == (order[0], order[2])
    assert service.neighbours(state, len(order)) == (order[-2], None)
    assert service.neighbours(state, 10**9) == (None, None)


def test_every_gives_all_documents_in_order(service: SearchService) -> None:
    state = SearchState(text="残疾人")
    order = [hit.id for hit in service.search(state).hits]
    assert [document.id for document in service.every(state, 100)] == order
    assert [document.id for document in service.every(state, 2)] == order[:2]


def test_an_explanation_adds_up_to_the_score(service: SearchService) -> None:
    state = SearchState(text="残疾人 座谈会")
    hit = service.search(state).hits[0]
    explanation = service.explain(hit.id, state)
    assert explanation.score == pytest.approx(hit.score, rel=1e-3)
    labels = {part.label for part in explanation.parts}
    assert {"残疾人", "座谈会"} <= labels


def test_similar_documents_leave_out_itself_and_its_reprints(service: SearchService) -> None:
    found = [hit.id for hit in service.similar("both", 5)]
    assert found[0] == "experts"
    assert not {"both", "reprint"} & set(found)
    with pytest.raises(KeyError):
        service.similar("nobody")


def test_marks_lie_on_the_text_as_written(service: SearchService) -> None:
    marks = service.marks("traditional", SearchState(text="残疾人"))
    document = service.document("traditional")
    assert [document.text[start:end] for start, end in marks["text"]] == ["殘疾人"]
    assert [document.title[start:end] for start, end in marks["title"]] == ["殘疾人"]


def test_a_table_counts_pairs_of_values(service: SearchService) -> None:
    table = service.table(SearchState(text="残疾人"), "source", "year")
    assert table["样例网", "2021"] == 1
    assert table["样例网", "2022"] == 1
    assert all(count > 0 for count in table.values())


def test_the_json_has_the_shape_of_the_contract(search: Search) -> None:
    answer = to_json(search("残联 座谈会"), PROGRAM_LABELS)
    json.dumps(answer)
    assert {"query", "total", "total_results", "took_ms", "page", "per_page", "hits", "facets",
            "suggestions"} <= set(answer)  # fmt: skip
    assert set(answer["facets"]) == {
        "province", "donor", "recipient", "year", "program", "source"
    }  # fmt: skip
    assert {"id", "title", "title_html", "url", "date", "source", "provinces", "programs",
            "score", "snippets", "family", "flags"} <= set(answer["hits"][0])  # fmt: skip
    assert {"value", "label", "count", "selected"} <= set(answer["facets"]["year"][0])
    for part in answer["query"]["understood"]:
        assert {"kind", "text", "as", "undo"} <= set(part)


def test_a_batch_ranks_each_document_once_with_falling_scores(service: SearchService) -> None:
    ranked = service.rank("残疾人 座谈会 年会", 20)
    scores = [score for _, score in ranked]
    assert len({document for document, _ in ranked}) == len(ranked) > 3
    assert all(first > second for first, second in pairwise(scores))
    assert {"both", "reprint"} <= {document for document, _ in ranked}
    assert {document for document, _ in service.rank("year:2018", 5)} == {"traditional", "number"}
    assert service.rank("，。", 5) == []


@given(queries)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_that_is_typed_fails(service: SearchService, text: str) -> None:
    results = service.search(SearchState.from_params({"q": [text]}))
    assert results.total >= results.total_results >= len(results.hits)
    for part in results.understood:
        if part.undo is not None:
            assert part.undo != results.state
    json.dumps(to_json(results, PROGRAM_LABELS)).encode()


def test_a_missing_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        SearchService(tmp_path).search(SearchState())


def test_the_first_index_is_served_as_soon_as_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = SearchService(tmp_path / "index")
    with pytest.raises(IndexMissing):
        service.search(SearchState())
    build_of("first", tmp_path / "index")
    monkeypatch.setattr(opening, "LOOK_EVERY", 0.0)
    assert ids(service.search(SearchState())) == ["first"]


def test_an_index_of_another_dictionary_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "user_words.txt").write_text("样例新词\n", encoding="utf-8")
    monkeypatch.setenv("XIEZUO_USER_DIR", str(tmp_path))
    with pytest.raises(IndexOutdated) as refused:
        SearchService(archive).search(SearchState())
    assert "indexer build" in refused.value.hint


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, SearchService]:
    """An index of the one document "old", and a service that looks for changes at every search."""
    monkeypatch.setattr(opening, "LOOK_EVERY", 0.0)
    build_of("old", tmp_path / "index")
    return tmp_path / "index", SearchService(tmp_path / "index")


def build_of(id_: str, index: Path) -> None:
    source = index.with_name("a.jsonl")
    source.write_text(json.dumps({"id": id_, "text": "残疾人就业"}), encoding="utf-8")
    build([source], index)


def asking(service: SearchService) -> Iterator[list[str]]:
    """What is found, again and again: a generation is opened in the background."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        yield ids(service.search(SearchState(text="残疾人")))
        time.sleep(0.002)  # leaves the thread that opens a turn


def test_a_new_generation_is_served_without_a_restart(served: tuple[Path, SearchService]) -> None:
    index, service = served
    assert next(asking(service)) == ["old"]
    build_of("new", index)
    for found in asking(service):
        assert found in (["old"], ["new"])
        if found == ["new"]:
            break
    assert found == ["new"]
    assert service.health()["status"] == "ok"


def point_nowhere(index: Path) -> None:
    (index / CURRENT).write_text("nonsense\n", encoding="ascii")


def open_to_others(index: Path) -> None:
    index.chmod(0o777)
    (index / CURRENT).touch()


@pytest.mark.parametrize(
    ("flaw", "said"), [(point_nowhere, "CURRENT"), (open_to_others, "index_unsafe")]
)
def test_a_generation_that_cannot_be_opened_leaves_the_old_one_serving(
    served: tuple[Path, SearchService], flaw: Callable[[Path], None], said: str
) -> None:
    index, service = served
    assert next(asking(service)) == ["old"]
    flaw(index)
    for found in asking(service):
        assert found == ["old"]
        if service.health()["status"] == "degraded":
            break
    assert said in service.health()["problems"][0]
    assert next(asking(service)) == ["old"]


@given(st.data())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_run_of_a_document_finds_it_as_a_phrase(
    service: SearchService, data: st.DataObject
) -> None:
    document = service.document(data.draw(st.sampled_from(sorted(EVERYTHING))))
    text = data.draw(st.sampled_from([t for t in (document.title, document.text) if t]))
    start = data.draw(st.integers(0, len(text) - 1))
    run = text[start : start + data.draw(st.integers(1, 8))]
    assume(any(sign.isalnum() for sign in run))
    state = SearchState.from_params(
        {"q": [f'"{run}"'], "strict": ["1"], "fold": ["0"], "per_page": ["100"]}
    )
    assert document.id in {hit.id for hit in service.search(state).hits}


@given(st.text("残疾人就业协作粤桂广东西座谈会年", min_size=1, max_size=5))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_phrase_finds_no_document_without_it(service: SearchService, run: str) -> None:
    state = SearchState.from_params(
        {"q": [f'"{run}"'], "strict": ["1"], "fold": ["0"], "per_page": ["100"]}
    )
    for hit in service.search(state).hits:
        document = service.document(hit.id)
        written = normalise(document.title) + "\n" + normalise(document.text)
        assert run in written.replace(" ", "")


def test_every_gives_no_more_than_is_asked_for(service: SearchService) -> None:
    assert len(list(service.every(SearchState(fold=False), 3))) == 3
