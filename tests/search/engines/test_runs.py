"""Any run of characters is found exactly where it stands: no miss, no false hit."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.document import Document
from search_app.search import tree
from search_app.search.engines.base import EngineQuery
from tests.search.engines.archives import analyzer, ids, open_archive

PIECES = (
    "残疾人联合会", "残疾人", "残联", "就业", "东西部协作", "协作", "厦门市", "门市", "粤桂", "的",
    "COVID-19", "2020年", "哈哈哈", "𠀀𠀁", "殘疾人", "。", "，", " ", "\n", "\n\n", "残 疾 人", "（", "）",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def stretches(text: str) -> list[str]:
    """The text as unbroken runs, as a reader sees them: an independent reading of the rule
    that punctuation and blank lines break a run, and spaces or one line break do not."""
    folded = analyzer().normalise(text)
    tokens = analyzer().tokens(text)
    runs, last, before = [""], 0, -1
    for word, start, end, position in tokens:
        between = text[last:start]
        broken = position > before + 1
        # Positions leave one out exactly where a reader sees a break.
        assert not (broken and before >= 0 and not between), between
        if broken:
            runs.append("")
        runs[-1] += "".join(sign for sign in folded[start:end] if sign.isalnum())
        assert runs[-1].endswith(word)
        last, before = end, position
    return runs


def holds(text: str, run: str) -> int:
    """How often `run` stands in the text, counting overlaps."""
    return sum(len(re.findall(f"(?={re.escape(run)})", part)) for part in stretches(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5), st.data())
@example(["残疾人联合会的哈哈哈", "门市"], None)
def test_a_run_is_found_wherever_it_stands(rows: list[str], data: st.DataObject | None) -> None:
    parts = [run for text in rows for run in stretches(text) if run]
    wanted = ["哈哈", "市的", "人联合会的", "门市"]
    if data is not None:
        for _ in range(6 if parts else 0):
            run = data.draw(st.sampled_from(parts))
            start = data.draw(st.integers(0, len(run) - 1))
            wanted.append(run[start : start + data.draw(st.integers(1, 8))])
    with tempfile.TemporaryDirectory() as name:
        documents = [Document(str(n), "p", text=text) for n, text in enumerate(rows)]
        # Over two segments, so that numbers of documents are shifted too.
        engine = open_archive(Path(name), documents[:2], documents[2:])
        for run in wanted:
            node = tree.Run(run, ("text",))
            answer = engine.search(EngineQuery(node, limit=100, fold=False))
            expected = {row.id: holds(row.text, run) for row in documents}
            assert set(ids(engine, answer.docs)) == {k for k, n in expected.items() if n}, run
            for doc in answer.docs.tolist():
                keys = engine.index.spots(node, "text").keys
                assert sum(keys >> 32 == doc) == expected[engine.id(doc)]


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5), st.data())
def test_a_run_over_punctuation_stands_so_in_the_text(rows: list[str], data: st.DataObject) -> None:
    written = [" ".join(part for part in stretches(text) if part) for text in rows]
    wanted = ["残 残", "的 的 的", "残疾人 就业"]
    for line in filter(None, written):
        start = data.draw(st.integers(0, len(line) - 1))
        wanted.append(line[start : start + data.draw(st.integers(1, 12))].strip())
    with tempfile.TemporaryDirectory() as name:
        documents = [Document(str(n), "p", text=text) for n, text in enumerate(rows)]
        engine = open_archive(Path(name), documents[:2], documents[2:])
        for run in filter(None, wanted):
            node = tree.Run(run, ("text",))
            answer = engine.search(EngineQuery(node, limit=100, fold=False))
            assert set(ids(engine, answer.docs)) == {
                str(n) for n, line in enumerate(written) if run in line
            }, run


def test_a_run_over_punctuation_is_marked_in_one_piece(tmp_path: Path) -> None:
    text = "残疾人、就业。残疾人和就业，就业。"
    engine = open_archive(tmp_path, [Document("a", "p", text=text)])
    assert engine.marks(0, tree.Run("疾人 就业"))["text"] == [(1, 6)]
    assert engine.marks(0, tree.Run("人 就业 残"))["text"] == [(2, 8)]


@settings(max_examples=60, deadline=None)
@given(texts, st.data())
def test_marks_of_a_run_lie_on_its_very_characters(text: str, data: st.DataObject) -> None:
    parts = [run for run in stretches(text) if run]
    if not parts:
        return
    run = data.draw(st.sampled_from(parts))
    start = data.draw(st.integers(0, len(run) - 1))
    run = run[start : start + data.draw(st.integers(1, 6))]
    with tempfile.TemporaryDirectory() as name:
        engine = open_archive(Path(name), [Document("a", "p", text=text)])
        marks = engine.marks(0, tree.Run(run))["text"]
        assert marks
        for first, last in marks:
            shown = analyzer().normalise(text[first:last])
            assert text[first].isalnum()
            assert text[last - 1].isalnum()
            kept = "".join(sign for sign in shown if sign.isalnum())
            # Overlapping occurrences share one mark.
            assert kept == run or (run in kept and len(kept) < 2 * len(run) * holds(text, run))


@pytest.mark.parametrize("text", ["残 疾 人", "残\n疾人", "殘疾人", "残疾人"])
def test_a_word_is_marked_as_it_was_written(tmp_path: Path, text: str) -> None:
    engine = open_archive(tmp_path, [Document("a", "p", title=text, text=f"在{text}家")])
    marks = engine.marks(0, tree.Run("残疾人"))
    assert marks["title"] == [(0, len(text))]
    assert marks["text"] == [(1, 1 + len(text))]


def test_an_empty_archive_answers(tmp_path: Path) -> None:
    engine = open_archive(tmp_path, [])
    answer = engine.search(EngineQuery(tree.Run("残疾"), facets=("province", "year")))
    assert (answer.total, answer.total_results, len(answer.docs)) == (0, 0, 0)
