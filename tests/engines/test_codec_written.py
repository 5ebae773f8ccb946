"""A stock Whoosh writer over the array codec answers as over Whoosh's own codec."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import analysis, fields, formats, query, scoring, sorting
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.query import spans

from indexer.engines.whoosh.codec import ArrayCodec

WORDS = ("alfa", "bravo", "alfalfa", "charlie", "delta", "echo", "alpine")

SCHEMA = fields.Schema(
    id=fields.ID(stored=True, unique=True),
    title=fields.TEXT(stored=True, analyzer=analysis.SimpleAnalyzer(), field_boost=2.0),
    text=fields.TEXT(analyzer=analysis.SimpleAnalyzer(), vector=formats.Frequency()),
    chars=fields.TEXT(analyzer=analysis.SimpleAnalyzer(), chars=True),
    tags=fields.KEYWORD(stored=True, sortable=True, commas=True),
    number=fields.NUMERIC(stored=True, sortable=True),
    price=fields.NUMERIC(float, stored=True, sortable=True),
    day=fields.DATETIME(stored=True, sortable=True),
    open=fields.BOOLEAN(stored=True),
    note=fields.STORED(),
)

# Whoosh's own codec rounds lengths above ten; below, both are exact.
sentences = st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {"text": sentences},
                optional={
                    "title": sentences,
                    "chars": sentences,
                    "tags": st.lists(st.sampled_from("abc"), min_size=1).map(",".join),
                    "number": st.integers(-5, 5),
                    "price": st.floats(-2, 2, width=16),
                    "day": st.dates(datetime.date(2019, 1, 1), datetime.date(2020, 1, 1)).map(
                        lambda d: datetime.datetime(d.year, d.month, d.day)
                    ),
                    "open": st.booleans(),
                    "note": st.text(max_size=5),
                },
            ),
            min_size=1,
            max_size=12,
        )
    )
    return [{"id": str(number), **row} for number, row in enumerate(rows)]


FULL = {"id": "full", "text": "alfa bravo", "title": "alfa", "number": 1, "tags": "a"}

words = st.sampled_from((*WORDS, "nowhere"))
text_fields = st.sampled_from(("title", "text", "chars"))
leaves = st.one_of(
    st.builds(query.Term, text_fields, words),
    st.builds(query.Term, st.just("tags"), st.sampled_from("abcd")),
    st.builds(query.Prefix, text_fields, st.sampled_from(("al", "b", "x"))),
    st.builds(query.Wildcard, text_fields, st.sampled_from(("*a", "?lfa*", "e*o"))),
    st.builds(query.FuzzyTerm, text_fields, words, maxdist=st.integers(1, 2)),
    st.builds(query.TermRange, text_fields, st.just("alfalfa"), st.just("charlie")),
    st.builds(query.NumericRange, st.just("number"), st.integers(-5, 0), st.integers(0, 5)),
    st.builds(query.NumericRange, st.just("price"), st.floats(-2, 0), st.floats(0, 2)),
    st.builds(query.Phrase, text_fields, st.lists(words, min_size=1, max_size=3)),
    st.builds(
        query.Phrase, text_fields, st.lists(words, min_size=2, max_size=2), slop=st.integers(1, 4)
    ),
    st.builds(query.Every, st.sampled_from((None, "tags", "text"))),
)
# Without AndNot, see tests/search/engines/test_whoosh_queries.py.
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(query.And, st.lists(inner, min_size=1, max_size=3)),
        st.builds(query.Or, st.lists(inner, min_size=1, max_size=3)),
        st.builds(query.DisjunctionMax, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda a, b: query.And([a, query.Not(b)]), inner, inner),
        st.builds(query.AndMaybe, inner, inner),
    ),
    max_leaves=6,
)


def build(storage: Any, codec: Any, parts: list[list[dict[str, Any]]], delete: list[str]) -> Any:
    index = storage.create_index(SCHEMA)
    for part in parts:
        writer = index.writer(codec=codec) if codec else index.writer()
        for row in part:
            writer.add_document(**row)
        writer.commit(merge=False)
    if delete:
        writer = index.writer(codec=codec) if codec else index.writer()
        for key in delete:
            writer.delete_by_term("id", key)
        writer.commit(merge=False)
    return index


def hits(searcher: Any, tree: Any, **options: Any) -> list[tuple[str, float]]:
    results = searcher.search(tree, limit=None, **options)
    return [(hit["id"], round(hit.score or 0, 4)) for hit in results]


def pair(rows: list[dict[str, Any]], cut: int = 0, delete: list[str] | None = None) -> Any:
    parts = [part for part in (rows[:cut], rows[cut:]) if part]
    ours = build(RamStorage(), ArrayCodec(), parts, delete or [])
    return ours, build(RamStorage(), None, parts, delete or [])


@settings(max_examples=100, deadline=None)
@given(documents(), trees, st.integers(0, 5), st.lists(st.sampled_from("0123"), unique=True))
def test_query_trees_match_and_score_alike(
    rows: list[dict[str, Any]], tree: Any, cut: int, delete: list[str]
) -> None:
    ours, oracle = pair(rows, cut, delete)
    for weighting in (scoring.BM25F(), scoring.TF_IDF()):
        with ours.searcher(weighting=weighting) as s, oracle.searcher(weighting=weighting) as o:
            assert sorted(hits(s, tree)) == sorted(hits(o, tree))
            assert len(s.search(tree, limit=2)) == len(o.search(tree, limit=2))
            few = [h.score for h in s.search(tree, limit=2)]
            assert few == pytest.approx([h.score for h in o.search(tree, limit=2)], rel=1e-4)


@settings(max_examples=15, deadline=None)
@given(documents(), st.integers(0, 5), st.lists(st.sampled_from("0123"), unique=True))
def test_everything_that_a_reader_tells_is_alike(
    rows: list[dict[str, Any]], cut: int, delete: list[str]
) -> None:
    ours, oracle = pair([FULL, *rows], cut, delete)
    with ours.reader() as r, oracle.reader() as o:
        for ask in READER_QUESTIONS:
            assert ask(r) == ask(o)


def _matcher(reader: Any, name: str, text: bytes) -> list[Any]:
    matcher = reader.postings(name, text)
    found = []
    while matcher.is_active():
        row: list[Any] = [matcher.id(), matcher.weight(), matcher.value() or b""]
        if matcher.supports("positions"):
            row += [matcher.value_as("positions"), [s.start for s in matcher.spans()]]
        if matcher.supports("characters"):
            row.append([list(place) for place in matcher.value_as("characters")])
        found.append(row)
        matcher.next()
    return found


def _vectors(reader: Any) -> list[Any]:
    return [
        sorted(reader.vector_as("weight", doc, "text")) if reader.has_vector(doc, "text") else []
        for doc in reader.all_doc_ids()
    ]


def _statistics(reader: Any) -> list[Any]:
    found = []
    for name, text in reader.all_terms():
        info = reader.term_info(name, text)
        found.append(
            (
                name,
                text,
                reader.doc_frequency(name, text),
                reader.frequency(name, text),
                info.max_weight(),
                info.min_id(),
                info.max_id(),
            )
        )
    return found


READER_QUESTIONS: tuple[Callable[[Any], Any], ...] = (
    lambda r: (r.doc_count(), r.doc_count_all(), r.has_deletions()),
    lambda r: list(r.all_doc_ids()),
    lambda r: [r.is_deleted(doc) for doc in range(r.doc_count_all())],
    lambda r: [r.stored_fields(doc) for doc in r.all_doc_ids()],
    lambda r: list(r.iter_docs()),
    lambda r: sorted(r.indexed_field_names()),
    lambda r: list(r.all_terms()),
    lambda r: list(r.lexicon("text")),
    lambda r: list(r.expand_prefix("text", "al")),
    # Whoosh's own codec goes on into the fields behind; its callers stop there.
    lambda r: [term for term in r.terms_from("text", "b") if term[0] == "text"],
    lambda r: [("text", b"alfa") in r, ("text", b"nowhere") in r],
    lambda r: [r.doc_frequency("text", "nowhere"), r.frequency("text", "nowhere")],
    _statistics,
    lambda r: [_matcher(r, name, text) for name, text in r.all_terms()],
    lambda r: [r.field_length(name) for name in ("text", "title", "tags")],
    lambda r: [r.doc_field_length(doc, "text") or 0 for doc in r.all_doc_ids()],
    _vectors,
    lambda r: sorted(r.most_frequent_terms("text", 3)),
    lambda r: sorted(r.terms_within("text", "alfb", 1)),
    lambda r: sorted(r.corrector("text").suggest("alfo", limit=3)),
    lambda r: [
        list(leaf.column_reader("number"))
        for leaf, _ in r.leaf_readers()
        if leaf.has_column("number")
    ],
)


@settings(max_examples=15, deadline=None)
@given(documents(), st.integers(0, 5))
def test_sorting_grouping_and_collapsing_are_alike(rows: list[dict[str, Any]], cut: int) -> None:
    ours, oracle = pair(rows, cut)
    everything = query.Every()
    options: list[dict[str, Any]] = [
        {"sortedby": "number"},
        {"sortedby": "number", "reverse": True},
        {"sortedby": [sorting.FieldFacet("tags"), sorting.FieldFacet("number", reverse=True)]},
        {"groupedby": sorting.FieldFacet("tags", allow_overlap=True)},
        {"groupedby": "open", "sortedby": "id"},
        {"collapse": "tags", "sortedby": "id"},
        {"filter": query.Term("text", "alfa"), "mask": query.Term("text", "bravo")},
    ]
    with ours.searcher() as s, oracle.searcher() as o:
        for option in options:
            mine, its = (x.search(everything, limit=None, **option) for x in (s, o))
            assert [hit["id"] for hit in mine] == [hit["id"] for hit in its], option
            if "groupedby" in option:
                assert mine.groups() == its.groups()


@settings(max_examples=10, deadline=None)
@given(documents(), st.sampled_from(("alfa -bravo", 'title:alfa OR "alfa bravo"~2', "al* echo^3")))
def test_parsed_queries_and_spans_are_alike(rows: list[dict[str, Any]], text: str) -> None:
    ours, oracle = pair(rows)
    tree = QueryParser("text", SCHEMA).parse(text)
    wide = MultifieldParser(["title", "text"], SCHEMA).parse(text)
    near = spans.SpanNear2([query.Term("text", "alfa"), query.Term("text", "bravo")], slop=3)
    first = spans.SpanFirst(query.Term("text", "alfa"))
    with ours.searcher() as s, oracle.searcher() as o:
        for asked in (tree, wide, near, first):
            assert sorted(hits(s, asked)) == sorted(hits(o, asked))
        mine, its = (x.search(query.Term("title", "alfa"), terms=True) for x in (s, o))
        assert [h.highlights("title") for h in mine] == [h.highlights("title") for h in its]
        assert [h.matched_terms() for h in mine] == [h.matched_terms() for h in its]
        if rows[0]["text"]:
            more = [x.document_number(id="0") for x in (s, o)]
            assert s.key_terms(more[:1], "text") == o.key_terms(more[1:], "text")


@pytest.fixture
def folder(tmp_path: Path) -> FileStorage:
    return FileStorage(str(tmp_path))


def test_merging_by_whoosh_reads_everything_back(folder: FileStorage) -> None:
    rows = [
        {"id": str(n), "text": f"alfa w{n % 7}", "title": "bravo", "number": n, "tags": "a,b"}
        for n in range(60)
    ]
    ours = build(folder, ArrayCodec(), [rows[:40], rows[40:]], ["3"])
    with ours.searcher() as searcher:
        before = hits(searcher, query.Term("text", "w3"))
    with ours.writer(codec=ArrayCodec()) as writer:
        writer.optimize = True
    with ours.searcher() as searcher:
        assert searcher.doc_count_all() == 59
        assert [key for key, _ in hits(searcher, query.Term("text", "w3"))] == [
            key for key, _ in before
        ]
        # And out into Whoosh's own codec, which asks for every posting.
    with ours.writer() as writer:
        writer.optimize = True
    with ours.searcher() as searcher:
        assert searcher.document(id="7")["number"] == 7
        assert len(searcher.search(query.Phrase("text", ["alfa", "w3"]))) == 8


def test_long_postings_are_skipped_by_quality_alike() -> None:
    rows = [
        {"id": str(n), "text": " ".join(["alfa"] * (1 + n % 9)), "title": "bravo" * (n % 2)}
        for n in range(700)
    ]
    ours, oracle = pair(rows, 300)
    tree = query.Or([query.Term("text", "alfa"), query.Term("title", "bravo")])
    with ours.searcher() as s, oracle.searcher() as o:
        mine, its = (x.search(tree, limit=5) for x in (s, o))
        assert [h.score for h in mine] == pytest.approx([h.score for h in its])
        assert len(mine) == len(its) == 700


def test_a_document_that_cannot_be_added_leaves_no_trace() -> None:
    index = RamStorage().create_index(SCHEMA)
    with index.writer(codec=ArrayCodec()) as writer:
        writer.add_document(id="a", text="alfa")
        with pytest.raises(ValueError, match=r"out of range|invalid"):
            writer.add_document(id="b", number=2**70)
        writer.add_document(id="c", text="alfa")
    with index.searcher() as searcher:
        assert [hit["id"] for hit in searcher.search(query.Every())] == ["a", "c"]


def test_documents_can_be_updated() -> None:
    index = RamStorage().create_index(SCHEMA)
    for text in ("alfa", "bravo"):
        with index.writer(codec=ArrayCodec()) as writer:
            writer.update_document(id="a", text=text, title=text)
    with index.searcher() as searcher:
        assert hits(searcher, query.Term("text", "alfa")) == []
        assert searcher.document(id="a") == {"id": "a", "title": "bravo"}
