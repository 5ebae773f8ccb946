"""Beyond 65,536 documents the numbers of documents take two parts: nothing may get lost there."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.engines.base import Run, load_engine
from indexer.storage import Storage
from search_app.search import tree
from search_app.search.engines.base import EngineQuery
from search_app.search.engines.whoosh.engine import WhooshEngine
from tests.engines.corpus import add_texts, subwords

COUNT = 66_500
ENGINE = load_engine("whoosh")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    folder = tmp_path_factory.mktemp("many")
    builder = ENGINE.run_builder(Storage(), subwords)
    runs: list[Run] = []
    for first in range(0, COUNT, 20_000):
        documents = [
            Document(
                f"d{number}",
                "p",
                text="残疾人 的" if number % 1000 else "残疾人 的 联合会",
                year=2000 + number % 10,
            )
            for number in range(first, min(first + 20_000, COUNT))
        ]
        add_texts(builder, documents, [document.text for document in documents])
        runs.append(builder.write_run(folder / f"run{first}"))
    index = folder / "index"
    index.mkdir()
    ENGINE.writer(Storage(), index).write(runs)
    return WhooshEngine(index)


@pytest.mark.parametrize(
    "node",
    [
        tree.Word("联合会"),
        tree.Word("联合"),  # inside a word alone
        tree.Prefix("联"),
        tree.Run("的联"),
        tree.Run("人的联合"),
        tree.All((tree.Word("残疾人"), tree.Word("联合会"))),
    ],
)
def test_documents_of_both_parts_are_found(engine: WhooshEngine, node: tree.Node) -> None:
    answer = engine.search(EngineQuery(node, limit=100, fold=False, facets=("year",)))
    found = sorted(int(engine.id(doc)[1:]) for doc in answer.docs.tolist())
    assert found == list(range(0, COUNT, 1000))
    assert answer.facets["year"] == {"2000": len(found)}
    assert engine.marks(int(answer.docs[0]), node)["text"]


def test_all_documents_are_counted(engine: WhooshEngine) -> None:
    answer = engine.search(EngineQuery(tree.Run("残疾人的"), facets=("year",)))
    assert answer.total == COUNT
    assert sum(answer.facets["year"].values()) == COUNT
    assert engine.id(COUNT - 1) == f"d{COUNT - 1}"
