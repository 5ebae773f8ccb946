"""Passages and marks: safe HTML, whole sentences, all words where they fit."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document
from search_app.search import tree
from search_app.search.snippets import Body, highlight, merged, passages, snippets
from tests.search.engines.archives import open_archive

signs = st.text(alphabet="残疾人就业协作。！？；\n”<>&\"'a ", max_size=300)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, int]]]:
    text = draw(signs)
    places = []
    for _ in range(draw(st.integers(0, 12)) if text else 0):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, min(len(text), start + 9)))
        # Words begin and end with a letter, whatever signs and spaces stand inside.
        if text[start].isalnum() and text[end - 1].isalnum():
            places.append((start, end, draw(st.integers(0, 3))))
    return text, places


def plain(html: str) -> str:
    """What a browser shows, after a look that only whole `<mark>` pairs are tags."""
    assert re.sub(r"<mark>[^<>]*</mark>", "", html).count("<") == 0
    return unescape(re.sub(r"</?mark>", "", html))


@given(marked_texts())
def test_a_highlighted_text_shows_the_text_and_marks_the_places(
    given_text: tuple[str, list[tuple[int, int, int]]],
) -> None:
    text, places = given_text
    html = highlight(text, [place[:2] for place in places])
    assert plain(html) == text
    marked = {at for start, end, _ in places for at in range(start, end)}
    shown = [unescape(part) for part in re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL)]
    assert sum(map(len, shown)) == len(marked)
    for (start, end), part in zip(merged([p[:2] for p in places]), shown, strict=True):
        assert text[start:end] == part


@given(marked_texts(), st.integers(1, 3), st.sampled_from((20, 60, 120)))
def test_passages_come_from_the_text_and_show_a_word(
    given_text: tuple[str, list[tuple[int, int, int]]], count: int, length: int
) -> None:
    text, places = given_text
    shown = snippets(text, places, count, length)
    assert len(shown) <= count
    flat = text.replace("\n", " ")
    for html in shown:
        body = plain(html).removeprefix("…").removesuffix("…")
        assert body in flat
        assert len(body) <= length + length // 3 + 12
        assert bool(places) == ("<mark>" in html)
    windows = [place[:2] for place in places[:count]]
    chosen = passages(Body.of(text), windows, length)
    assert all(end <= start for (_, end), (start, _) in pairwise(chosen))


def test_a_passage_is_a_whole_sentence() -> None:
    text = "第一句话说别的。残疾人就业工作会议在北京召开！第三句话也说别的。" + "再说一些。" * 30
    (shown,) = snippets(text, [(8, 11, 0), (11, 13, 1)], count=1, length=16)
    assert shown == "<mark>残疾人</mark><mark>就业</mark>工作会议在北京召开！"


def test_a_cut_sentence_says_so() -> None:
    text = "的" * 200 + "就业" + "的" * 200
    (shown,) = snippets(text, [(200, 202, 0)], count=1, length=60)
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "<mark>就业</mark>" in shown


def test_the_passage_with_all_words_wins_and_others_fill_up() -> None:
    text = "就业。" + "无关的话。" * 30 + "残疾人和就业。" + "无关的话。" * 30 + "培训。"
    at = text.index("残疾人")
    places = [(0, 2, 1), (at, at + 3, 0), (at + 4, at + 6, 1), (len(text) - 3, len(text) - 1, 2)]
    one = snippets(text, places, count=1, length=30)
    assert "<mark>残疾人</mark>和<mark>就业</mark>。" in one[0]
    two = snippets(text, places, count=2, length=30)
    assert "<mark>残疾人</mark>" in two[0]
    assert "<mark>培训</mark>" in two[1]


def test_overlapping_marks_are_one() -> None:
    assert highlight("残疾人联合会", [(0, 3), (2, 6), (0, 6)]) == "<mark>残疾人联合会</mark>"


def test_markup_in_a_text_stays_text() -> None:
    text = '<script>alert("残疾人")</script>'
    (shown,) = snippets(text, [(15, 18, 0)])
    assert shown == "&lt;script&gt;alert(&quot;<mark>残疾人</mark>&quot;)&lt;/script&gt;"


def test_without_words_the_beginning_is_shown() -> None:
    assert snippets("第一句。" + "第二句很长" * 60, [], count=2, length=30)[0].startswith(
        "第一句。"
    )
    assert snippets("", [], 2) == []


def test_synonyms_parts_and_titles_are_marked(tmp_path: Path) -> None:
    row = Document("a", "p", title="省残联“助残”", text="省殘疾人聯合會的残 疾\n人<就业>。残联。")
    engine = open_archive(tmp_path, [row])
    node = tree.Most(
        (tree.Any((tree.Word("残疾人"), tree.Word("残联")), "max"), tree.Word("就业")), 1
    )
    (hit,) = engine.snippets([0], node, count=1)
    assert hit.title_html == "省<mark>残联</mark>“助残”"
    assert hit.snippets == (
        "省<mark>殘疾人</mark>聯合會的<mark>残 疾 人</mark>&lt;<mark>就业</mark>&gt;。<mark>残联</mark>。",
    )
    marks = engine.marks(0, node)["text"]
    assert [row.text[start:end] for start, end in marks] == ["殘疾人", "残 疾\n人", "就业", "残联"]


def test_prefixes_and_runs_are_marked(tmp_path: Path) -> None:
    row = Document("a", "p", text="东西部协作和东西问题，山海协作。")
    engine = open_archive(tmp_path, [row])

    def marked(node: tree.Node) -> list[str]:
        return [row.text[start:end] for start, end in engine.marks(0, node)["text"]]

    assert marked(tree.Run("部协")) == ["部协"]
    assert "东西部协作" in marked(tree.Prefix("东西"))
    assert marked(tree.Run("海协作")) == ["海协作"]
    assert marked(tree.All((tree.Run("海协"), tree.Not(tree.Word("东西"))))) == ["海协"]


def test_marks_and_passages_lie_right_in_long_texts(tmp_path: Path) -> None:
    middle = "别的话也说一些。" * 9000
    row = Document("a", "p", text=f"就业。{middle}就业很多，就业工作做得好。{middle}")
    engine = open_archive(tmp_path, [row])
    node = tree.Word("就业")
    marks = engine.marks(0, node)["text"]
    assert marks == [(m.start(), m.end()) for m in re.finditer("就业", row.text)]
    (hit,) = engine.snippets([0], node, count=1, length=16)
    assert hit.snippets == ("<mark>就业</mark>很多，<mark>就业</mark>工作做得好。",)
