"""This project's engine, below its parser and its pages."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from benchmarks.contenders.base import (
    Answer,
    Question,
    analyzer,
    ranges,
    sync,
    take,
    workers_over,
)
from indexer.analysis import field_batches
from indexer.document import Document
from indexer.engines.base import Run, RunBuilder, load_engine
from indexer.storage import Storage

_BATCH = 2000
_GROUP = 100
_WORDS = ("title", "text")


@cache
def _builder() -> RunBuilder:
    """One per process: its compression is trained once."""
    return load_engine().run_builder(Storage(), analyzer().subwords)


def _run(task: tuple[slice, Path]) -> Run:
    place, path = task
    documents = take(place)
    builder = _builder()
    for start in range(0, len(documents), _GROUP):
        group = documents[start : start + _GROUP]
        builder.add(group, field_batches(analyzer(), group))
    return builder.write_run(path)


class Xiezuo:
    """With all ranking rules: nearness, title, lead, likeness to the best hits."""

    name = "this project"
    all_rules = True

    def build(self, documents: Sequence[Document], folder: Path, workers: int) -> None:
        engine = load_engine()  # before the workers are forked, so that it is imported once
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            tasks = (
                (place, Path(scratch) / f"{number:06d}.run")
                for number, place in enumerate(ranges(documents, _BATCH))
            )
            with workers_over(documents, workers) as pool:
                runs = list(pool.imap(_run, tasks))
            index = folder / "index"
            index.mkdir()
            engine.writer(Storage(), index).write(runs)
        sync(index)

    # The reading side is imported here: building does without it.
    def open(self, folder: Path) -> None:
        from search_app.search import tree
        from search_app.search.engines.base import EngineQuery
        from search_app.search.engines.whoosh.engine import WhooshEngine
        from search_app.search.ranking import RANKING, Ranking

        self.engine = WhooshEngine(folder / "index")
        self._tree, self._query = tree, EngineQuery
        self.ranking = RANKING if self.all_rules else Ranking(rescored=0)

    def ask(self, question: Question, facets: Sequence[str] = (), snippets: bool = False) -> Answer:
        words = tuple([self._tree.Word(word, _WORDS) for word in question.words])
        node = self._tree.All(words) if question.every else self._tree.Any(words)
        found = self.engine.search(
            self._query(node, facets=facets, fold=False, ranking=self.ranking)
        )
        docs = found.docs.tolist()
        heads = self.engine.heads(docs)
        answer = Answer(found.total, [head.id for head in heads], [head.title for head in heads])
        if facets:
            answer.facets = found.facets
        if snippets:
            shown = self.engine.passages(docs, node, count=1)
            answer.snippets = [passages[0] if passages else "" for passages in shown]
        return answer

    def count(self, word: str) -> int:
        """Documents with the very word, not as a part of a longer one."""
        docs: set[int] = set()
        for segment, base in self.engine.index.segments():
            for field in _WORDS:
                reader = segment.fields[field]
                term = reader.terms.find(word)
                if term >= 0:
                    docs.update((reader.docs(term).astype(int) + base).tolist())
        return len(docs)


class XiezuoWords(Xiezuo):
    """Ranked by BM25F over the words alone, as the other contenders rank."""

    name = "this project, words alone"
    all_rules = False
