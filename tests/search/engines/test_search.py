"""Matches, scores, filters, facet counts, folding and order against plain Python over the documents."""

from __future__ import annotations

import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document, Family, Program, Province
from search_app.search import tree
from search_app.search.engines.base import NONE, Choice, EngineQuery, Sort
from search_app.search.engines.whoosh.top import best
from search_app.search.ranking import Ranking
from tests.search.engines.archives import analyzer, ids, open_archive

PLAIN = Ranking(rescored=0)
PIECES = ("残疾人联合会", "残疾人", "就业", "东西部协作", "协作", "的", "a", "。")
FIELDS = ("title", "text")
FACETS = ("province", "program", "year", "source")

texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@st.composite
def archives(draw: st.DrawFn) -> list[Document]:
    size = draw(st.integers(1, 9))
    rows = []
    for number in range(size):
        provinces = draw(st.lists(st.sampled_from(("广东", "广西", "贵州")), unique=True))
        programs = draw(st.lists(st.sampled_from("abcdefghi"), unique=True))
        rows.append(
            Document(
                f"d{number}",
                "p",
                title=draw(texts),
                text=draw(texts),
                date=draw(st.sampled_from((None, "2019-05", "2020-03-13", "2021-01-02"))),
                year=draw(st.sampled_from((None, 2019, 2020, 2021))),
                source=draw(st.sampled_from((None, "新华社"))),
                provinces=tuple(Province(name) for name in provinces),
                programs=tuple(Program(name) for name in programs),
                family=draw(st.sampled_from((None, Family("f", 2), Family("g", 2)))),
            )
        )
    return rows


leaves = st.one_of(
    st.builds(tree.Word, st.sampled_from(("残疾人", "联合会", "就业", "协作", "a", "无"))),
    st.builds(tree.Word, st.just("协作"), st.just(("title",)), st.just(0.5)),
    st.builds(tree.Prefix, st.sampled_from(("残", "东"))),
    st.builds(tree.FieldFilter, st.just("province"), st.just(("广东", "贵州"))),
    st.builds(tree.Range, st.just("year"), st.just(2020), st.sampled_from((None, 2020))),
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(tree.All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(tree.Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(tree.Most, st.lists(inner, min_size=1, max_size=3).map(tuple), st.integers(1, 3)),
        st.builds(tree.Not, inner),
    ),
    max_leaves=5,
)


def frequency(row: Document, field: str, fits: Callable[[str], bool]) -> int:
    words = analyzer().tokens(getattr(row, field)).words
    return sum(fits(word) for word in words) + sum(
        fits(part) for word in words for part in analyzer().subwords(word)
    )


def matches(row: Document, node: tree.Node) -> bool:
    if isinstance(node, tree.Word):
        return any(frequency(row, f, node.text.__eq__) for f in node.fields if f in FIELDS)
    if isinstance(node, tree.Prefix):
        return any(frequency(row, f, lambda w: w.startswith(node.text)) for f in FIELDS)
    if isinstance(node, tree.FieldFilter):
        return any(province.name in node.values for province in row.provinces)
    if isinstance(node, tree.Range):
        return row.year is not None and (node.lo or 0) <= row.year <= (node.hi or 9999)
    if isinstance(node, tree.Not):
        return not matches(row, node.child)
    assert isinstance(node, tree.All | tree.Any | tree.Most)
    count = sum(matches(row, child) for child in node.children)
    if isinstance(node, tree.Most):
        return count >= min(node.minimum, len(node.children))
    return count == len(node.children) if isinstance(node, tree.All) else count > 0


def bm25f(rows: Sequence[Document], node: tree.Word) -> dict[str, float]:
    fields = [field for field in node.fields if field in FIELDS]
    lengths = {f: [len(analyzer().tokens(getattr(row, f)).words) for row in rows] for f in fields}
    scores = {}
    for number, row in enumerate(rows):
        weighted = 0.0
        for field in fields:
            present = [length for length in lengths[field] if length]
            mean = sum(present) / len(present) if present else 1
            w = PLAIN.fields[field]
            norm = 1 - w.b + w.b * lengths[field][number] / mean
            weighted += w.weight * frequency(row, field, node.text.__eq__) / norm
        if weighted:
            scores[row.id] = weighted
    idf = math.log(1 + (len(rows) - len(scores) + 0.5) / (len(scores) + 0.5))
    k1 = PLAIN.k1
    return {k: node.weight * idf * v * (k1 + 1) / (v + k1) for k, v in scores.items()}


def values(row: Document, facet: str) -> list[str]:
    return {
        "province": [province.name for province in row.provinces],
        "program": [program.id for program in row.programs],
        "year": [str(row.year)] if row.year else [],
        "source": [row.source] if row.source else [],
    }[facet]


def passes(row: Document, facet: str, choice: Choice) -> bool:
    own = values(row, facet)
    named = own or [NONE]
    if any(value in choice.excluded for value in named):
        return False
    if not choice.values and not choice.ranges:
        return True
    return any(value in choice.values for value in named) or any(
        (low is None or low <= int(value)) and (high is None or int(value) <= high)
        for low, high in choice.ranges
        for value in own
    )


choices = st.fixed_dictionaries(
    {},
    optional={
        "province": st.builds(Choice, st.lists(st.sampled_from(("广东", "无此", NONE))).map(tuple)),
        "program": st.builds(Choice, excluded=st.lists(st.sampled_from(("a", NONE))).map(tuple)),
        "year": st.builds(Choice, ranges=st.sampled_from((((2020, None),), ((None, 2019),)))),
    },
)


@settings(max_examples=80, deadline=None)
@given(archives(), nodes, choices, st.integers(0, 9))
def test_totals_and_facets_are_those_of_the_documents(
    rows: list[Document], node: tree.Node, filters: dict[str, Choice], cut: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        gone = {"d0"} if len(rows) > 4 else set()
        engine = open_archive(Path(name), rows[:cut], rows[cut:], remove=gone)
        rows = [row for row in rows if row.id not in gone]
        answer = engine.search(
            EngineQuery(node, filters, FACETS, limit=50, ranking=PLAIN, fold=False)
        )
        folded = engine.search(EngineQuery(node, filters, limit=50, ranking=PLAIN))
        found = [row for row in rows if matches(row, node)]
        wanted = [row for row in found if all(passes(row, f, c) for f, c in filters.items())]
        assert answer.total == folded.total == len(wanted)
        assert set(ids(engine, answer.docs)) == {row.id for row in wanted}
        for facet in FACETS:
            others = {f: c for f, c in filters.items() if f != facet}
            counts: Counter[str] = Counter()
            for row in found:
                if all(passes(row, f, c) for f, c in others.items()):
                    counts.update(values(row, facet) or [NONE])
            shown = {value: n for value, n in answer.facets[facet].items() if n}
            assert shown == dict(counts)
            for value in (*filters.get(facet, Choice()).values,):
                assert value not in engine.values(facet) or value in answer.facets[facet]
        # Folded: each family once, its best member.
        families = [row.family.id if row.family else row.id for row in wanted]
        assert folded.total_results == len(folded.docs) == len(set(families))
        firsts: dict[str, str] = {}
        by_id = {row.id: row for row in rows}
        for key in ids(engine, answer.docs):
            family = by_id[key].family
            firsts.setdefault(family.id if family else key, key)
        assert ids(engine, folded.docs) == list(firsts.values())


@settings(max_examples=60, deadline=None)
@given(
    archives(),
    st.lists(
        st.sampled_from(("残疾人", "联合会", "就业", "协作")), min_size=1, max_size=3, unique=True
    ),
    st.sampled_from((1.0, 0.4)),
    st.integers(0, 9),
)
def test_scores_follow_the_formula(
    rows: list[Document], words: list[str], weight: float, cut: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        engine = open_archive(Path(name), rows[:cut], rows[cut:])
        parts = tuple(tree.Word(word, FIELDS, weight) for word in words)
        expected: defaultdict[str, list[float]] = defaultdict(list)
        for part in parts:
            for key, score in bm25f(rows, part).items():
                expected[key].append(score)
        for node, combine in (
            (tree.Any(parts), sum),
            (tree.Any(parts, "max"), max),
        ):
            request = EngineQuery(node, limit=50, ranking=PLAIN, fold=False)
            answer = engine.search(request)
            scores = dict(zip(ids(engine, answer.docs), answer.scores.tolist(), strict=True))
            assert scores == pytest.approx({k: combine(v) for k, v in expected.items()}, rel=1e-4)
            assert list(scores.values()) == sorted(scores.values(), reverse=True)
            for doc, score in zip(answer.docs.tolist(), answer.scores.tolist(), strict=True):
                shares = [part.score for part in engine.explain(doc, request)]
                assert sum(shares) == pytest.approx(score, rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(archives(), st.lists(st.sampled_from(("残疾人", "就业", "协作")), min_size=1, max_size=3))
def test_explanations_add_up_to_the_rescored_score(rows: list[Document], words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        engine = open_archive(Path(name), rows)
        parts = tuple(tree.Word(word) for word in dict.fromkeys(words))
        request = EngineQuery(tree.Most(parts, 1, sequence=parts), limit=50, fold=False)
        answer = engine.search(request)
        for doc, score in zip(answer.docs.tolist(), answer.scores.tolist(), strict=True):
            shares = [part.score for part in engine.explain(doc, request)]
            assert sum(shares) == pytest.approx(score, rel=1e-3)


def test_explanations_of_very_long_queries_add_up(tmp_path: Path) -> None:
    names = [f"w{number}" for number in range(40)]
    rows = [Document("all", "p", text=" ".join(names)), Document("one", "p", text="w39 w0")]
    engine = open_archive(tmp_path, rows)
    words = tuple(tree.Word(name) for name in names)
    request = EngineQuery(tree.Most(words, 1, sequence=words))
    answer = engine.search(request)
    assert answer.total == 2
    for doc, score in zip(answer.docs.tolist(), answer.scores.tolist(), strict=True):
        shares = [part.score for part in engine.explain(doc, request)]
        assert sum(shares) == pytest.approx(score, rel=1e-4)


def test_words_in_order_and_close_come_first(tmp_path: Path) -> None:
    far = "就业" + "的" * 30 + "协作" + "的" * 5
    rows = [
        Document("far", "p", text=far),
        Document("near", "p", text="的" * 30 + "就业的协作" + "的" * 4),
        Document("turned", "p", text="的" * 30 + "协作的就业" + "的" * 4),
    ]
    engine = open_archive(tmp_path, rows)
    words = (tree.Word("就业"), tree.Word("协作"))
    ranking = Ranking(feedback=0, lead_cover=0)
    answer = engine.search(EngineQuery(tree.Most(words, 1), ranking=ranking))
    assert ids(engine, answer.docs) == ["near", "turned", "far"]


def test_sorting_by_date_puts_undated_ones_last(tmp_path: Path) -> None:
    dates = ("2020-03", "2020-03-13", None, "1999", "2020-02-28")
    rows = [Document(str(n), "p", text="协作", date=date) for n, date in enumerate(dates)]
    engine = open_archive(tmp_path, rows[:2], rows[2:])
    node = tree.Word("协作")
    newest = engine.search(EngineQuery(node, sort="newest"))
    oldest = engine.search(EngineQuery(node, sort="oldest"))
    assert ids(engine, newest.docs) == ["1", "0", "4", "3", "2"]
    assert ids(engine, oldest.docs) == ["3", "4", "0", "1", "2"]
    within = engine.search(EngineQuery(node, dates=("2020-02", "2020-02")))
    assert ids(engine, within.docs) == ["4"]


def test_recent_lifts_later_dates_without_leaving_relevance(tmp_path: Path) -> None:
    texts = {"best": "协作协作协作协作的", "old": "协作" + "的" * 9, "new": "协作" + "的" * 9}
    dates = {"best": "2021-05", "old": "2008-01-02", "new": "2022-06-30"}
    rows = [
        *(Document(key, "p", text=text, date=dates[key]) for key, text in texts.items()),
        Document("undated", "p", text=texts["old"]),
        Document("part", "p", text="就业" + "的" * 9, date="2022-06-30"),
    ]
    engine = open_archive(tmp_path, rows)
    node = tree.Most((tree.Word("协作"), tree.Word("就业")), 1)
    plain = engine.search(EngineQuery(node))
    recent = EngineQuery(node, sort="recent")
    answer = engine.search(recent)
    assert answer.total == plain.total == 5
    order = ids(engine, answer.docs)
    assert order.index("best") < order.index("old")
    assert order.index("new") < order.index("old") < order.index("undated")
    for doc, score in zip(answer.docs.tolist(), answer.scores.tolist(), strict=True):
        parts = engine.explain(doc, recent)
        assert sum(part.score for part in parts) == pytest.approx(score, rel=1e-3)
        dated = engine.document(doc).date is not None
        assert any(part.label == "recent" for part in parts) == dated


@pytest.mark.parametrize("sort", ["relevance", "recent"])
def test_all_words_come_before_most_words_however_new(tmp_path: Path, sort: Sort) -> None:
    rows = [
        Document("all", "p", text="协作和就业和教育" + "的" * 40, date="1998"),
        Document("most", "p", title="协作就业", text="协作就业协作就业", date="2022-06-30"),
    ]
    engine = open_archive(tmp_path, rows)
    words = tuple(tree.Word(word) for word in ("协作", "就业", "教育"))
    answer = engine.search(EngineQuery(tree.Most(words, 2), sort=sort))
    assert ids(engine, answer.docs) == ["all", "most"]


def test_pages_hold_each_result_once(tmp_path: Path) -> None:
    rows = [
        Document(
            str(n),
            "p",
            text="协作" + "的" * (n % 7),
            family=Family(f"f{n % 9}", 2) if n % 3 else None,
        )
        for n in range(60)
    ]
    engine = open_archive(tmp_path, rows)
    ranking = Ranking(rescored=8)

    def page(offset: int, limit: int, fold: bool) -> list[str]:
        request = EngineQuery(
            tree.Word("协作"), offset=offset, limit=limit, fold=fold, ranking=ranking
        )
        return ids(engine, engine.search(request).docs)

    for fold in (True, False):
        whole = page(0, 100, fold)
        parts = [key for offset in range(0, len(whole) + 7, 7) for key in page(offset, 7, fold)]
        assert parts == whole
        assert len(set(whole)) == len(whole)
        assert page(5000, 10, fold) == []


def test_counting_pairs_of_values(tmp_path: Path) -> None:
    rows = [
        Document("a", "p", text="协作", year=2020, provinces=(Province("广东"), Province("广西"))),
        Document("b", "p", text="协作", year=2020, provinces=(Province("广东"),)),
        Document("c", "p", text="就业", year=2021, provinces=(Province("广东"),)),
        Document("d", "p", text="协作", year=2021),
    ]
    engine = open_archive(tmp_path, rows)
    table = engine.table(EngineQuery(tree.Word("协作")), "province", "year")
    assert table == {("广东", "2020"): 2, ("广西", "2020"): 1}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_best_is_a_stable_sort_cut_off(size: int, k: int, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(0, 50, size).astype(np.float32)
    whole = np.argsort(-scores, kind="stable")
    assert best(scores, k).tolist() == whole[:k].tolist()
