"""The body is cut into pieces without losing or moving a character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Caption, Document, Repair, Span
from search_app.web.presenters.body import Counter, anchor_of, blocks, pieces

TEXT = "甲乙丙丁\n\n戊己庚 辛\n壬癸"
spans = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(
        lambda ends: (min(ends), max(ends))
    ),
    max_size=4,
)


def disjoint(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if start < end and (not kept or start >= kept[-1][1]):
            kept.append((start, end))
    return kept


@given(spans, spans)
def test_pieces_join_to_the_text(
    marks: list[tuple[int, int]], words: list[tuple[int, int]]
) -> None:
    marks = disjoint(marks)
    replaced = [(a, b, "原") for a, b in disjoint(words)]
    found = pieces(TEXT, 0, len(TEXT), marks, replaced, Counter())
    assert "".join(piece.text for piece in found) == TEXT
    marked = "".join(piece.text for piece in found if piece.mark >= 0)
    assert marked == "".join(TEXT[a:b] for a, b in marks)
    assert sum(1 for piece in found if piece.mark > 0) == len(marks)
    was = "".join(piece.text for piece in found if piece.was)
    assert was == "".join(TEXT[a:b] for a, b, _ in replaced)


@given(spans, st.integers(0, len(TEXT) + 3))
def test_blocks_hold_every_paragraph_and_caption(marks: list[tuple[int, int]], at: int) -> None:
    document = Document(id="1", path="1", text=TEXT, captions=(Caption("图注", at),))
    found = blocks(document, disjoint(marks), [(0, 2)], "?", Counter())
    body = ["".join(p.text for p in b.pieces) for b in found if b.kind != "cap"]
    assert body == ["甲乙丙丁", "戊己庚 辛", "壬癸"]
    captions = [b for b in found if b.kind == "cap"]
    assert ["".join(p.text for p in b.pieces) for b in captions] == ["图注"]
    assert captions[0].pieces[0].mark > 0


def test_marks_of_later_captions_stand_in_their_caption() -> None:
    document = Document(
        id="1", path="1", text=TEXT, captions=(Caption("前图", 5), Caption("后图残联", 12))
    )
    joined = "前图\n\n后图残联"
    at = joined.index("残联")
    found = [b for b in blocks(document, (), [(at, at + 2)], "?", Counter()) if b.kind == "cap"]
    assert [(p.text, p.mark) for p in found[1].pieces] == [("后图", -1), ("残联", 1)]


def test_kinds_of_blocks_follow_the_spans() -> None:
    document = Document(
        id="1", path="1", text=TEXT, spans=(Span("heading", 0, 4), Span("table", 6, 11))
    )
    kinds = [b.kind for b in blocks(document, (), (), "?", Counter())]
    assert kinds == ["h", "row", "p"]


def test_unknown_words_say_so() -> None:
    document = Document(
        id="1", path="1", text=TEXT, repairs=(Repair("丙", "", 1, 0.4, (("text", 2, 3),)),)
    )
    first = blocks(document, (), (), "未能确定", Counter())[0]
    assert [(p.text, p.was) for p in first.pieces] == [
        ("甲乙", ""), ("丙", "未能确定"), ("丁", ""),
    ]  # fmt: skip


def test_anchors_are_those_of_the_paragraph() -> None:
    document = Document(id="1", path="1", text=TEXT)
    anchors = [1, 7]
    assert anchor_of(document, 3, anchors) == "#at-1"
    assert anchor_of(document, 8, anchors) == "#at-7"
    assert anchor_of(document, 12, anchors) == ""
    assert [b.anchor for b in blocks(document, (), (), "?", Counter(), anchors)] == [
        "at-1", "at-7", "",
    ]  # fmt: skip
