"""Which texts of a document are analysed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Analyzer, Tokens, field_batches
from indexer.document import Caption, Document, Field, Repair
from indexer.schema import TEXT_FIELDS

PLAIN = Document(
    id="1",
    path="1.html",
    title="残联換屆",
    text="市残联召开会议。\n会后慰问。",
    captions=(Caption("会场", 0), Caption("合影", 3)),
)


def document_tokens(analyzer: Analyzer, document: Document) -> dict[str, Tokens]:
    return {name: batch[0] for name, batch in field_batches(analyzer, [document]).items()}


def test_every_field_of_the_schema_is_there(analyzer: Analyzer) -> None:
    tokens = document_tokens(analyzer, PLAIN)
    assert set(tokens) == {field.name for field in TEXT_FIELDS}
    assert tokens["title"].words == ["残联", "换届"]
    assert tokens["caption"].words == ["会场", "合影"]
    assert tokens["caption"].positions.tolist() == [0, 2]
    assert len(tokens["restored"]) == 0


def test_several_at_once_give_the_same(analyzer: Analyzer) -> None:
    documents = [PLAIN, PLAIN.replace(text="", title=""), PLAIN.replace(captions=())]
    batches = field_batches(analyzer, documents)
    for number, document in enumerate(documents):
        for name, tokens in document_tokens(analyzer, document).items():
            assert list(batches[name][number]) == list(tokens)


def test_nothing_gives_nothing(analyzer: Analyzer) -> None:
    assert [len(batch) for batch in field_batches(analyzer, []).values()] == [0] * len(TEXT_FIELDS)


def test_restored_words_point_at_what_stands_in_their_place(analyzer: Analyzer) -> None:
    text = "第一句。市尊龙凯时召开会议。\n会后尊龙凯时慰问。无关。"
    repair = Repair("尊龙凯时", "残联", 2, 0.9, (("text", 5, 9), ("text", 17, 21)))
    assert all(text[start:end] == "尊龙凯时" for _, start, end in repair.spans)
    tokens = document_tokens(analyzer, PLAIN.replace(text=text, repairs=(repair,)))
    restored = tokens["restored"]
    assert "尊龙" not in "".join(restored.words)
    spans = {text[start:end] for word, start, end, _ in restored if word in {"残联", "市残联"}}
    assert spans
    assert spans <= {"尊龙凯时", "市尊龙凯时"}
    assert "第一" not in "".join(restored.words)
    assert "无关" not in restored.words
    starts = restored.starts.tolist()
    assert starts == sorted(starts)


def test_what_was_not_restored_adds_nothing(analyzer: Analyzer) -> None:
    repair = Repair("尊龙凯时", "", 1, 0.2, (("text", 1, 5),))
    document = PLAIN.replace(text="市尊龙凯时召开会议。", repairs=(repair,))
    assert len(document_tokens(analyzer, document)["restored"]) == 0


@given(data=st.data())
def test_offsets_of_restored_words_stay_in_order(analyzer: Analyzer, data: st.DataObject) -> None:
    """However long the restored word is beside the found one."""
    text = ""
    spans: list[tuple[Field, int, int]] = []
    for found in data.draw(st.lists(st.sampled_from(["会议。", "凯", "尊龙", "尊龙凯时", "市"]))):
        if found in {"凯", "尊龙", "尊龙凯时"}:
            spans.append(("text", len(text), len(text) + len(found)))
        text += found
    restored = data.draw(st.sampled_from(["残联", "习近平总书记", "县", "残疾人联合会主席团"]))
    repair = Repair("尊龙", restored, len(spans), 0.9, tuple(spans))
    tokens = document_tokens(analyzer, PLAIN.replace(text=text, repairs=(repair,)))["restored"]
    assert "".join(tokens.words).count(restored) == len(spans)
    assert (tokens.starts <= tokens.ends).all()
    assert (tokens.starts[1:] >= tokens.ends[:-1]).all()
    assert not len(tokens) or 0 <= tokens.starts[0] <= tokens.ends[-1] <= len(text)
