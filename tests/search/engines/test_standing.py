"""Where words stand is the same whichever documents are asked for, and however often."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.document import Document
from search_app.search import tree
from search_app.search.engines.base import EngineQuery
from search_app.search.engines.whoosh.engine import WhooshEngine
from tests.search.engines.archives import open_archive

TEXTS = (
    "残疾人联合会与残疾人就业服务中心",
    "残联的残疾人就业援助，残疾人就业",
    "就业。东西部协作的就业帮扶",
    "东西部协作与残疾",
    "残疾人联合会的残联，协作",
    "这里没有",
)
OFTEN = 20
"""More than enough for an engine to think that a word is asked for again and again."""


@pytest.mark.parametrize(
    "node",
    [
        tree.Word("残疾人"),
        tree.Word("残疾"),
        tree.Prefix("残"),
        tree.Wildcard("*就*"),
        tree.Run("人就业"),
        tree.All((tree.Word("残疾人"), tree.Word("就业"))),
        tree.Any((tree.Word("协作"), tree.Word("残联")), combine="max"),
    ],
    ids=["word", "inside-words", "prefix", "wildcard", "run", "all", "best-of"],
)
def test_marks_and_passages_do_not_depend_on_what_was_asked_before(
    tmp_path: Path, node: tree.Node
) -> None:
    documents = [Document(str(n), "p", title=text[:6], text=text) for n, text in enumerate(TEXTS)]
    asked = open_archive(tmp_path, documents[:3], documents[3:])
    numbers = range(len(asked))
    expected = {}
    for doc in numbers:
        # An engine of its own for each, which has not been asked for anything.
        fresh = WhooshEngine(asked.index.generation.folder)
        expected[doc] = fresh.marks(doc, node), fresh.snippets([doc], node)
    for turn in range(OFTEN):
        doc = turn % len(numbers)
        pair = [doc, (doc + 2) % len(numbers)]
        assert asked.marks(doc, node) == expected[doc][0]
        assert asked.snippets(pair, node) == [expected[one][1][0] for one in pair]
    found = asked.search(EngineQuery(node, fold=False))
    first = WhooshEngine(asked.index.generation.folder).search(EngineQuery(node, fold=False))
    assert len(found.docs)
    assert found.docs.tolist() == first.docs.tolist()
    assert found.scores.tolist() == first.scores.tolist()


def test_a_part_of_a_word_is_marked_alone(tmp_path: Path) -> None:
    engine = open_archive(tmp_path, [Document("0", "p", text=TEXTS[0])])
    for _ in range(2):
        assert engine.marks(0, tree.Word("残疾"))["text"] == [(0, 2)]
        assert engine.marks(0, tree.Word("联合会"))["text"] == [(3, 6)]
