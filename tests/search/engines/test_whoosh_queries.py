"""Whoosh's query trees over the arrays: stock Whoosh over the same documents is the oracle."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.query import spans

from indexer.document import Document
from indexer.engines.base import load_engine
from indexer.storage import Storage
from search_app.search.engines.base import EngineQuery
from search_app.search.engines.whoosh.engine import WhooshEngine
from search_app.search.engines.whoosh.queries import LuceneBM25
from tests.engines.corpus import documents, make_runs
from tests.engines.test_codec_archive import oracle_index, short

ENGINE = load_engine("whoosh")
words = st.sampled_from(("残疾人", "残联", "协作", "粤桂", "a", "东西部协作", "nowhere"))
names = st.sampled_from(("title", "text"))
boosts = st.sampled_from((1.0, 2.0))
terms = st.builds(query.Term, names, words, boosts)
leaves = st.one_of(
    terms,
    st.builds(query.Prefix, names, st.sampled_from(("残", "东", "z"))),
    st.builds(query.Prefix, names, st.sampled_from(("残", "东")), constantscore=st.just(False)),
    st.builds(query.Wildcard, names, st.sampled_from(("*协作", "残?人"))),
    st.builds(query.FuzzyTerm, names, st.sampled_from(("残疾员", "粤挂"))),
    st.builds(query.TermRange, names, st.just("协"), st.sampled_from(("残", "残疾人"))),
    st.builds(query.Phrase, names, st.lists(words, min_size=2, max_size=3)),
    st.builds(query.Phrase, names, st.lists(words, min_size=2, max_size=2), slop=st.just(3)),
    st.builds(query.Term, st.just("province"), st.sampled_from(("广东", "贵州", "福建"))),
    st.builds(query.Term, st.just("source"), st.just("新华社")),
    st.builds(query.NumericRange, st.just("year"), st.just(1990), st.sampled_from((1999, 2020))),
    st.builds(query.NumericRange, st.just("year"), st.just(1999), st.none(), st.just(True)),
    st.builds(query.Every, st.sampled_from((None, "title", "source"))),
    # What only Whoosh's matchers know.
    st.builds(lambda name, pair: spans.SpanNear2([query.Term(name, w) for w in pair], slop=2),
              names, st.lists(words, min_size=2, max_size=2)),
)  # fmt: skip


def several(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    # Stock Whoosh stumbles over one and the same query twice in a group.
    return st.lists(inner, min_size=1, max_size=3, unique_by=repr)


# DisjunctionMax and AndNot are left out: what stock Whoosh makes of them is shown below.
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(query.And, several(inner), boosts),
        st.builds(query.Or, several(inner), boosts),
        st.builds(lambda a, b: query.And([a, query.Not(b)]), inner, inner),
        st.builds(query.AndMaybe, inner, inner),
        st.builds(query.Require, inner, inner),
        st.builds(query.ConstantScoreQuery, inner, st.just(3.0)),
    ),
    max_leaves=6,
)


def archive(folder: Path, rows: list[Document], removed: set[str]) -> Path:
    first, second = folder / "first", folder / "second"
    first.mkdir()
    second.mkdir()
    ENGINE.writer(Storage(), first).write(make_runs(ENGINE, folder, [rows]))
    ENGINE.writer(Storage(), second).update(first, [], remove=removed)
    return second


def stock(searcher: Any, tree: Any) -> dict[str, float]:
    """What stock Whoosh finds, read off its matchers one by one: its collectors skip ahead in
    ways that fail on some of these small trees."""
    found = {}
    for part, _ in searcher.leaf_searchers():
        matcher = tree.matcher(part, part.context())
        while matcher.is_active():
            found[part.stored_fields(matcher.id())["id"]] = matcher.score()
            matcher.next()
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(documents(list("abcdefgh")), unique_by=lambda d: d.id, max_size=8),
    st.sets(st.sampled_from("ab")),
    trees,
)
def test_trees_match_and_score_as_in_stock_whoosh(
    rows: list[Document], removed: set[str], tree: Any
) -> None:
    rows = [short(row) for row in rows]
    with tempfile.TemporaryDirectory() as name:
        engine = WhooshEngine(archive(Path(name), rows, removed))
        with oracle_index(rows, removed).searcher(weighting=LuceneBM25()) as searcher:
            expected = stock(searcher, tree)
            counted = searcher.doc_count_all()
        answer = engine.search_whoosh(tree, EngineQuery(limit=100, fold=False))
        found = {
            engine.id(doc): score
            for doc, score in zip(answer.docs.tolist(), answer.scores.tolist(), strict=True)
        }
        assert answer.total == len(expected)
        assert found.keys() == expected.keys()
        if counted == engine.index.size:
            # Else the stock writer dropped deleted documents for good, and statistics differ.
            assert found == pytest.approx(expected, abs=2e-3, rel=1e-3)


def test_facets_and_pages_come_with_whoosh_queries(tmp_path: Path) -> None:
    rows = [Document(str(n), "p", text="残联 协作", year=2000 + n % 2) for n in range(6)]
    engine = WhooshEngine(archive(tmp_path, rows, set()))
    answer = engine.search_whoosh(query.Every(), EngineQuery(facets=("year",), offset=4, limit=4))
    assert answer.total == 6
    assert [engine.id(doc) for doc in answer.docs.tolist()] == ["4", "5"]
    assert answer.facets == {"year": {"2000": 3, "2001": 3}}


def both(
    folder: Path, rows: list[Document], tree: Any
) -> tuple[dict[str, float], dict[str, float]]:
    """Ids and scores over the arrays and in stock Whoosh."""
    engine = WhooshEngine(archive(folder, rows, set()))
    answer = engine.search_whoosh(tree, EngineQuery(fold=False))
    scores = zip(answer.docs.tolist(), answer.scores.tolist(), strict=True)
    with oracle_index(rows, set()).searcher(weighting=LuceneBM25()) as searcher:
        return {engine.id(doc): score for doc, score in scores}, stock(searcher, tree)


def test_the_best_alternative_counts_once(tmp_path: Path) -> None:
    rows = [Document("a", "p", text="残联 残疾人"), Document("b", "p", text=". . 粤桂")]
    tree = query.DisjunctionMax([query.Term("text", "粤桂"), query.Term("text", "残疾人")])
    ours, theirs = both(tmp_path, rows, tree)

    def bm25(length: int) -> float:
        """One occurrence of a word that one of two documents has, of 2 and of 1 words."""
        return math.log(2) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / 1.5))

    # Each has one of the words, the longer document with the lower score.
    assert ours == pytest.approx({"a": bm25(2), "b": bm25(1)}, abs=1e-3)
    # Stock Whoosh compares the scores of the two documents where its matchers stand.
    assert theirs == pytest.approx({"a": bm25(1), "b": bm25(1)}, abs=1e-3)


def test_what_is_left_out_stays_out(tmp_path: Path) -> None:
    rows = [
        Document("a", "p", text="协作"),
        Document("b", "p", text="协作 残联"),
        Document("c", "p", text="残联"),
    ]
    tree = query.AndNot(query.Term("text", "残联"), query.Term("text", "协作"))
    ours, theirs = both(tmp_path, rows, tree)
    assert ours.keys() == {"c"}
    # Stock Whoosh lets the first match through where what is unwanted begins before it.
    assert theirs.keys() == {"b", "c"}


def test_exclusions_may_be_nested(tmp_path: Path) -> None:
    rows = [
        Document("a", "p", title="a", source="新华社"),
        Document("b", "p", title="a 协作"),
        Document("c", "p", title="a", text="协作"),
        Document("d", "p", title="残联"),
    ]
    tree = query.AndNot(
        query.AndNot(query.Term("title", "a"), query.Term("source", "新华社")),
        query.Or([query.Term("text", "协作"), query.Term("title", "残联")]),
    )
    assert both(tmp_path, rows, tree)[0].keys() == {"b"}
