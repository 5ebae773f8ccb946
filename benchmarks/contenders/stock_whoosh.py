"""Stock Whoosh, in two ways: with jieba's shipped analyzer, and with the words of all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, highlight, index, query, sorting
from whoosh.analysis import RegexTokenizer

from benchmarks.contenders.base import Answer, Question, segmented
from benchmarks.corpus import FACETS, facet_values
from indexer.document import Document


class StockWhoosh:
    name = "stock Whoosh, same words"

    def analyzer(self) -> Any:
        return RegexTokenizer(r"[^ ]+")

    def texts(
        self, documents: Sequence[Document], workers: int
    ) -> Iterator[tuple[Document, str, str]]:
        yield from segmented(documents, workers)

    def build(self, documents: Sequence[Document], folder: Path, workers: int) -> None:
        schema = fields.Schema(
            id=fields.ID(stored=True),
            title=fields.TEXT(self.analyzer(), stored=True, field_boost=4.0),
            text=fields.TEXT(self.analyzer(), stored=True),
            **{name: fields.KEYWORD(commas=True, scorable=False) for name in FACETS},
        )
        writer = index.create_in(folder, schema).writer(limitmb=256)
        for document, title, text in self.texts(documents, workers):
            facets = {n: ",".join(vs) for n, vs in facet_values(document).items() if vs}
            writer.add_document(id=document.id, title=title, text=text, **facets)
        writer.commit()

    def open(self, folder: Path) -> None:
        self.searcher = index.open_dir(folder).searcher()

    def ask(self, question: Question, facets: Sequence[str] = (), snippets: bool = False) -> Answer:
        words = [
            query.Or([query.Term("title", word), query.Term("text", word)])
            for word in question.words
        ]
        tree = query.And(words) if question.every else query.Or(words)
        grouped = {n: sorting.FieldFacet(n, allow_overlap=True) for n in facets} or None
        found = self.searcher.search(tree, limit=10, groupedby=grouped)
        answer = Answer(len(found), [hit["id"] for hit in found], [hit["title"] for hit in found])
        if facets:
            answer.facets = {
                name: {str(k): len(v) for k, v in found.groups(name).items()} for name in facets
            }
        if snippets:
            found.fragmenter = highlight.ContextFragmenter(maxchars=120)
            answer.snippets = [hit.highlights("text", top=1) for hit in found]
        return answer

    def count(self, word: str) -> int:
        """Documents with the word in title or text."""
        tree = query.Or([query.Term("title", word), query.Term("text", word)])
        return len(self.searcher.search(tree, limit=1))


class TutorialWhoosh(StockWhoosh):
    name = "stock Whoosh, jieba's analyzer"

    def analyzer(self) -> Any:
        from jieba.analyse import ChineseAnalyzer

        return ChineseAnalyzer()

    def texts(
        self, documents: Sequence[Document], workers: int
    ) -> Iterator[tuple[Document, str, str]]:
        for document in documents:
            yield document, document.title, document.text
