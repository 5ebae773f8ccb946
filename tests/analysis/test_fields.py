"""Which texts of a document are analysed."""

from __future__ import annotations

from indexer.analysis import Analyzer, document_tokens, documents_tokens
from indexer.document import Caption, Document
from indexer.schema import TEXT_FIELDS

PLAIN = Document(
    id="1",
    path="1.html",
    title="残联換屆",
    text="市残联召开会议。\n会后慰问。",
    captions=(Caption("会场", 0), Caption("合影", 3)),
)


def test_every_field_of_the_schema_is_there(analyzer: Analyzer) -> None:
    tokens = document_tokens(analyzer, PLAIN)
    assert set(tokens) == {field.name for field in TEXT_FIELDS}
    assert tokens["title"].words == ["残联", "换届"]
    assert tokens["caption"].words == ["会场", "合影"]
    assert tokens["caption"].positions.tolist() == [0, 2]
    assert len(tokens["restored"]) == 0


def test_several_at_once_give_the_same(analyzer: Analyzer) -> None:
    documents = [PLAIN, PLAIN.replace(text="", title=""), PLAIN.replace(captions=())]
    for document, tokens in zip(documents, documents_tokens(analyzer, documents), strict=True):
        alone = document_tokens(analyzer, document)
        assert {name: list(each) for name, each in tokens.items()} == {
            name: list(each) for name, each in alone.items()
        }


def test_nothing_gives_nothing(analyzer: Analyzer) -> None:
    assert documents_tokens(analyzer, []) == []
