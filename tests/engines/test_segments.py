"""What is written is what is read: segments, merged segments and updated generations."""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document, Family
from indexer.engines.base import load_engine
from indexer.engines.whoosh import builder, merge, spelling, writer
from indexer.engines.whoosh.columns import FACET_VALUES, day_number
from indexer.engines.whoosh.segment import FieldReader, Generation, SegmentReader
from indexer.errors import ConfigError, IndexDamaged, IndexMissing
from indexer.schema import FACET_FIELDS
from indexer.storage import Storage
from tests.engines.corpus import add_texts, documents, make_runs, subwords, tokens_of

ENGINE = load_engine("whoosh")
batches = st.lists(st.lists(documents(), max_size=5), max_size=4)


def build(folder: Path, parts: list[list[Document]], **options: object) -> Generation:
    target = folder / "generation"
    target.mkdir()
    runs = make_runs(ENGINE, folder, parts)
    ENGINE.writer(Storage(), target).write(runs, **options)  # type: ignore[arg-type]
    return Generation(target)


def newest(parts: list[list[Document]]) -> list[Document]:
    """What should be in the index: of each id the last document, in order."""
    rows = [document for part in parts for document in part]
    last = {document.id: number for number, document in enumerate(rows)}
    return [d for number, d in enumerate(rows) if last[d.id] == number]


def check(reader: SegmentReader, expected: list[Document]) -> None:
    """Compare everything of a segment without deletions with the documents themselves."""
    assert reader.documents == len(expected)
    assert [reader.document(doc) for doc in range(reader.documents)] == expected
    assert [reader.text(doc) for doc in range(reader.documents)] == [d.text for d in expected]
    for number, document in enumerate(expected):
        assert reader.find(document.id) == number
        assert reader.id(number) == document.id
    assert reader.find("nowhere") == -1
    for name in ("title", "text", "restored"):
        check_field(reader, name, expected)
    check_columns(reader, expected)


def check_field(reader: SegmentReader, name: str, expected: list[Document]) -> None:
    field, shadow = reader.fields[name], reader.subwords[name]
    streams = [tokens_of(document).get(name) for document in expected]
    assert field.lengths.tolist() == [len(s.words) if s else 0 for s in streams]
    places: dict[str, dict[int, list[int]]] = {}
    parts: dict[str, Counter[int]] = {}
    parents: dict[str, set[str]] = {}
    for number, stream in enumerate(streams):
        if stream is None:
            continue
        tokens = field.tokens(number)
        assert tokens.starts.tolist() == stream.starts.tolist()
        assert tokens.ends.tolist() == stream.ends.tolist()
        assert tokens.positions.tolist() == stream.positions.tolist()
        for word, position in zip(stream.words, stream.positions.tolist(), strict=True):
            places.setdefault(word, {}).setdefault(number, []).append(position)
            for part in set(subwords(word)):
                parts.setdefault(part, Counter())[number] += 1
                parents.setdefault(part, set()).add(word)
    assert [field.terms.text(term) for term in range(len(field.terms))] == sorted(places)
    for word, rows in places.items():
        term = field.terms.find(word)
        docs, freqs = field.postings(term)
        assert docs.tolist() == list(rows)
        assert freqs.tolist() == [len(positions) for positions in rows.values()]
        edges, positions = field.positions(term)
        split = np.split(positions, edges[1:-1])
        assert [part.tolist() for part in split] == list(rows.values())
    assert [shadow.terms.text(term) for term in range(len(shadow.terms))] == sorted(parts)
    for part, counts in parts.items():
        term = shadow.terms.find(part)
        docs, freqs = shadow.postings(term)
        assert dict(zip(docs.tolist(), freqs.tolist(), strict=True)) == dict(counts)
        assert {field.terms.text(int(p)) for p in shadow.parents(term)} == parents[part]
    assert field.terms.find("nowhere") == shadow.terms.find("nowhere") == -1


def check_columns(reader: SegmentReader, expected: list[Document]) -> None:
    for facet in FACET_FIELDS:
        column = reader.facets[facet.name]
        rows = [list(dict.fromkeys(FACET_VALUES[facet.name](d))) for d in expected]
        assert [column.of(doc) for doc in range(reader.documents)] == rows
        assert column.labels == sorted({value for row in rows for value in row})
        for value in ("", *column.labels):
            wanted = [n for n, row in enumerate(rows) if (value in row if value else not row)]
            assert column.docs_with(value).tolist() == wanted
    assert reader.numbers["date"].tolist() == [day_number(d.date) for d in expected]


@settings(max_examples=60, deadline=None)
@given(batches, st.booleans())
def test_a_build_holds_its_documents(parts: list[list[Document]], small: bool) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        if small:
            # Pieces, fan-in and vocabulary so small that every border is crossed.
            patch.setattr(merge, "_PIECE", 3)
            patch.setattr(writer, "FAN_IN", 2)
            patch.setattr(builder, "LIMIT", 2)
            patch.setattr(spelling, "FIRST_BITS", 1)
        generation = build(Path(name), parts)
        check(generation.segments[0], newest(parts))


@settings(max_examples=60, deadline=None)
@given(
    batches,
    st.lists(st.tuples(batches, st.sets(st.sampled_from("abcdef"))), min_size=1, max_size=3),
    st.booleans(),
)
def test_updates_hold_what_they_should(
    parts: list[list[Document]],
    updates: list[tuple[list[list[Document]], set[str]]],
    small: bool,
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr(merge, "_PIECE", 3)
            patch.setattr(writer, "_MOST_DEAD", 1.0)
        folder = Path(name)
        generation = build(folder, parts)
        expected = {document.id: document for document in newest(parts)}
        for number, (new, remove) in enumerate(updates):
            target = folder / str(number)
            target.mkdir()
            runs = make_runs(ENGINE, folder, new, f"update{number}-")
            family = {"a": Family("a", 2), "b": Family("a", 2)}
            files = ENGINE.writer(Storage(), target).update(
                generation.folder, runs, remove=remove, families=family
            )
            assert sorted(files) == sorted(path.name for path in target.iterdir())
            for key in remove:
                expected.pop(key, None)
            expected |= {document.id: document for document in newest(new)}
            generation = Generation(target)

            assert generation.live_count == len(expected)
            found = {}
            for doc, reader, local in generation.live_documents():
                document = generation.document(doc)
                assert generation.find(document.id) == doc
                assert reader.text(local) == document.text
                found[document.id] = document
            members = len({"a", "b"} & expected.keys())
            assert found == {
                key: document.replace(family=Family("a", members)) if key in family else document
                for key, document in expected.items()
            }
            for key in "abcdef":
                assert (generation.find(key) >= 0) == (key in expected)
            words = Counter(
                word for d in expected.values() for word in set(tokens_of(d)["text"].words)
            )
            for word, count in words.items():
                assert _live_frequency(generation, word) == count


def _live_frequency(generation: Generation, word: str) -> int:
    total = 0
    for reader in generation.segments:
        term = reader.fields["text"].terms.find(word)
        if term >= 0:
            docs = reader.fields["text"].docs(term)
            total += len(docs if reader.live is None else docs[reader.live[docs]])
    return total


def test_many_small_updates_keep_few_segments(tmp_path: Path) -> None:
    documents = [Document(f"d{n}", "p", text="残疾人 协作 a") for n in range(60)]
    generation = build(tmp_path, [documents[:1]])
    for number, document in enumerate(documents[1:]):
        target = tmp_path / f"g{number}"
        target.mkdir()
        runs = make_runs(ENGINE, tmp_path, [[document]], f"u{number}-")
        ENGINE.writer(Storage(), target).update(generation.folder, runs)
        generation = Generation(target)
    assert generation.live_count == 60
    assert len(generation.segments) <= 6


def test_an_unchanged_segment_is_linked_not_copied(tmp_path: Path) -> None:
    documents = [Document(f"d{n}", "p", text="残疾人 协作") for n in range(20)]
    first = build(tmp_path, [documents])
    target = tmp_path / "next"
    target.mkdir()
    ENGINE.writer(Storage(), target).update(first.folder, [], remove=["d3"])
    old, new = first.segments[0].path, Generation(target).segments[0].path
    assert old.stat().st_ino == new.stat().st_ino
    assert Generation(first.folder).live_count == 20
    assert Generation(target).live_count == 19


def test_families_found_late_reach_the_documents(tmp_path: Path) -> None:
    documents = [Document(key, "p") for key in "abc"]
    families = {key: Family("a", 2) for key in "ac"}
    generation = build(tmp_path, [documents], families=families)
    found = [generation.document(doc).family for doc in range(3)]
    assert found == [Family("a", 2), None, Family("a", 2)]


def test_numbers_that_do_not_fit_are_kept_exactly(tmp_path: Path) -> None:
    """Frequencies above a byte, positions above two, tokens wider than four bits."""
    long = " ".join(["a"] * 70_000 + ["x" * 300, "." * 200, "协作"])
    documents = [Document("a", "p", text="协作"), Document("b", "p", text=long)]
    check(build(tmp_path, [documents[:1], documents[1:]]).segments[0], documents)


def test_documents_beyond_a_block_are_numbered_right(tmp_path: Path) -> None:
    """A document number's low 16 bits are stored, so collections beyond 65,536 have borders."""
    count, removed = 140_000, 50_000
    maker = ENGINE.run_builder(Storage(), subwords)
    runs = []

    def text(number: int) -> str:
        # "b" stands in the last block alone, "c" in the first and the last.
        extra = " b c" if number > 139_000 else " c" if number < 100 else ""
        return f"协作{extra}" if number % 2 else f"a{number % 7}{extra}"

    for first, last in pairwise((0, 65_001, 90_001, count)):
        numbers = range(first, last)
        add_texts(maker, [Document(str(n), "p") for n in numbers], [text(n) for n in numbers])
        runs.append(maker.write_run(tmp_path / f"run{first}"))
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    ENGINE.writer(Storage(), folders[0]).write(runs)
    gone = [str(number) for number in range(removed)]
    ENGINE.writer(Storage(), folders[1]).update(folders[0], [], remove=gone)
    for folder, first in zip(folders, (0, removed), strict=True):
        (reader,) = Generation(folder).segments
        assert reader.live is None
        field = reader.fields["text"]

        def docs(word: str, field: FieldReader = field) -> list[int]:
            found: list[int] = field.docs(field.terms.find(word)).tolist()
            return found

        assert docs("协作") == [n - first for n in range(first + 1, count, 2)]
        assert docs("a3") == [n - first for n in range(first, count, 2) if n % 7 == 3]
        assert docs("b") == [n - first for n in range(139_001, count)]
        early = [n for n in range(100) if n >= first]
        assert docs("c") == [*early, *docs("b")]


def test_large_batches_share_a_dictionary_and_stay_readable(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    signs = np.array(list("东西部协作对口支援残疾人联合会乡村振兴产业消费帮扶"))
    documents = [
        Document(str(n), "p", title=f"标题{n}", text="".join(rng.choice(signs, 900)))
        for n in range(3000)
    ]
    generation = build(tmp_path, [documents[:2900], documents[2900:]])
    (reader,) = generation.segments
    assert any(reader.dictionaries)
    for number in (0, 1500, 2899, 2900, 2999):
        assert reader.document(number) == documents[number]


def test_an_empty_archive_is_an_index_too(tmp_path: Path) -> None:
    generation = build(tmp_path, [])
    assert generation.live_count == 0
    check(generation.segments[0], [])


def test_a_folder_without_segments_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Generation(tmp_path)


@pytest.mark.parametrize("data", [b"", b"x", b"x" * 500])
def test_a_file_that_is_no_segment_is_damaged(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "MAIN_000001.segment"
    path.write_bytes(data)
    with pytest.raises(IndexDamaged):
        SegmentReader(path)


def test_a_segment_cut_short_is_damaged(tmp_path: Path) -> None:
    generation = build(tmp_path, [[Document("a", "p", text="协作")]])
    path = generation.segments[0].path
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(IndexDamaged):
        SegmentReader(path)


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(ConfigError, match="nothing"):
        load_engine("nothing")
