"""tantivy-py: words between spaces, facets as fast fields counted by term aggregations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from benchmarks.contenders.base import Answer, Question, segmented
from benchmarks.corpus import FACETS, facet_values
from indexer.document import Document

_KEYWORDS = tuple(name for name in FACETS if name != "year")


class Tantivy:
    name = "tantivy-py"

    def build(self, documents: Sequence[Document], folder: Path, workers: int) -> None:
        schema = tantivy.SchemaBuilder()
        for name in ("title", "text"):
            schema.add_text_field(name, stored=True, tokenizer_name="words")
        schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in _KEYWORDS:
            schema.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        schema.add_unsigned_field("year", fast=True, indexed=True)
        index = tantivy.Index(schema.build(), str(folder))
        _register(index)
        writer = index.writer(128_000_000, 1)
        for document, title, text in segmented(documents, workers):
            entry = tantivy.Document()
            entry.add_text("id", document.id)
            entry.add_text("title", title)
            entry.add_text("text", text)
            for name, values in facet_values(document).items():
                for value in values:
                    if name == "year":
                        entry.add_unsigned("year", int(value))
                    else:
                        entry.add_text(name, value)
            writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self.index = tantivy.Index.open(str(folder))
        _register(self.index)
        self.index.reload()
        self.searcher = self.index.searcher()
        self.schema = self.index.schema

    def ask(self, question: Question, facets: Sequence[str] = (), snippets: bool = False) -> Answer:
        occur = Occur.Must if question.every else Occur.Should
        query = Query.boolean_query([(occur, self._word(word)) for word in question.words])
        found = self.searcher.search(query, 10)
        hits = [self.searcher.doc(address) for _, address in found.hits]
        answer = Answer(
            found.count,
            [hit.get_first("id") for hit in hits],
            [hit.get_first("title").replace(" ", "") for hit in hits],
        )
        if facets:
            counted = self.searcher.aggregate(
                query, {name: {"terms": {"field": name, "size": 65000}} for name in facets}
            )
            answer.facets = {
                name: {str(bucket["key"]): bucket["doc_count"] for bucket in part["buckets"]}
                for name, part in counted.items()
            }
        if snippets:
            maker = tantivy.SnippetGenerator.create(self.searcher, query, self.schema, "text")
            answer.snippets = [maker.snippet_from_doc(hit).to_html() for hit in hits]
        return answer

    def count(self, word: str) -> int:
        """Documents with the word in title or text."""
        return int(self.searcher.search(self._word(word), 1).count)

    def _word(self, word: str) -> Query:
        title = Query.boost_query(Query.term_query(self.schema, "title", word), 4.0)
        return Query.boolean_query(
            [(Occur.Should, title), (Occur.Should, Query.term_query(self.schema, "text", word))]
        )


def _register(index: tantivy.Index) -> None:
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("words", words)
