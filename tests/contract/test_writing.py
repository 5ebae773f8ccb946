"""One suite for every engine's write side: however an index came to be, it answers alike.

The documents and searches are data, in `writing/`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from indexer.analysis import Analyzer, field_batches, load_analyzer
from indexer.document import Document, Family, Program, Province
from indexer.engines.base import ENGINES, Engine, Run, Stored, load_engine
from indexer.storage import Storage
from search_app.search import tree
from search_app.search.engines import open_engine
from search_app.search.engines.base import Choice, EngineQuery

DATA = Path(__file__).parent / "writing"


def load(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return rows


def load_documents() -> list[Document]:
    return [_document(row) for row in load("documents.yaml")]


def _document(row: dict[str, Any]) -> Document:
    provinces = row.pop("provinces", {})
    family = row.pop("family", None)
    date = row.pop("date", None)
    return Document(
        path=row["id"],
        sha256=row["id"] * 2,
        date=date.isoformat() if isinstance(date, datetime.date) else date,
        provinces=tuple(Province(name, tuple(roles)) for name, roles in provinces.items()),
        programs=tuple(Program(name) for name in row.pop("programs", ())),
        flags=tuple(row.pop("flags", ())),
        family=Family(family, 2) if family else None,
        **row,
    )


LEAVES: dict[str, Callable[[str], tree.Node]] = {
    "word": tree.Word,
    "run": tree.Run,
    "prefix": tree.Prefix,
}
GROUPS: dict[str, Callable[[tuple[tree.Node, ...]], tree.Node]] = {
    "all": tree.All,
    "any": tree.Any,
}


def to_tree(query: Any) -> tree.Node | None:
    """The tree that a search of the data describes."""
    if query is None:
        return None
    query = dict(query)
    minimum = query.pop("minimum", 1)
    ((kind, value),) = query.items()
    if kind in LEAVES:
        return LEAVES[kind](value)
    if kind == "not":
        child = to_tree(value)
        assert child is not None
        return tree.Not(child)
    children = tuple(child for item in value if (child := to_tree(item)) is not None)
    if kind == "most":
        return tree.Most(children, minimum)
    return GROUPS[kind](children)


def to_query(search: dict[str, Any]) -> EngineQuery:
    filters = {
        name: Choice(
            tuple(choice.get("values", ())),
            tuple(choice.get("excluded", ())),
            tuple((low, high) for low, high in choice.get("ranges", ())),
        )
        for name, choice in search.get("filters", {}).items()
    }
    return EngineQuery(
        tree=to_tree(search["query"]),
        filters=filters,
        facets=tuple(search.get("facets", ())),
        sort=search.get("sort", "relevance"),
        limit=100,
        fold=search.get("fold", False),
    )


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    return load_engine(request.param)


class Index:
    """Writes generations and opens them."""

    def __init__(self, folder: Path, engine: Engine, analyzer: Analyzer) -> None:
        self.folder, self.engine, self.analyzer = folder, engine, analyzer
        self.builder = engine.run_builder(Storage(), analyzer.subwords)
        self.count = 0

    def runs(self, batches: Sequence[Sequence[Document]]) -> list[Run]:
        found = []
        for batch in batches:
            self.count += 1
            self.builder.add(batch, field_batches(self.analyzer, batch))
            found.append(self.builder.write_run(self.folder / f"run{self.count}"))
        return found

    def new_folder(self) -> Path:
        self.count += 1
        path = self.folder / f"generation{self.count}"
        path.mkdir()
        return path

    def build(self, batches: Sequence[Sequence[Document]]) -> Path:
        path = self.new_folder()
        files = self.engine.writer(Storage(), path).write(self.runs(batches), _families(batches))
        assert sorted(files) == sorted(entry.name for entry in path.iterdir())
        return path

    def update(
        self, previous: Path, batches: Sequence[Sequence[Document]], remove: Sequence[str] = ()
    ) -> Path:
        path = self.new_folder()
        writer = self.engine.writer(Storage(), path)
        files = writer.update(
            previous, self.runs(batches), remove=remove, families=_families(batches)
        )
        assert sorted(files) == sorted(entry.name for entry in path.iterdir())
        return path


def _families(batches: Sequence[Sequence[Document]]) -> dict[str, Family]:
    """The member shown first carries no family in the data; here it gets the same one."""
    found = {d.id: d.family for batch in batches for d in batch if d.family}
    return found | {family.id: family for family in found.values()}


@pytest.fixture
def index(tmp_path: Path, engine: Engine, analyzer: Analyzer) -> Index:
    return Index(tmp_path, engine, analyzer)


def assert_searches(index: Index, generation: Path, searches: list[dict[str, Any]]) -> None:
    reader = open_engine(generation, index.engine.name)
    for search in searches:
        result = reader.search(to_query(search))
        ids = [document.id for document in reader.documents(result.docs.tolist())]
        wanted = [str(key) for key in search["ids"]]
        if not search.get("ranked"):
            ids, wanted = sorted(ids), sorted(wanted)
        assert ids == wanted, search["name"]
        assert result.total == search.get("total", len(wanted)), search["name"]
        assert result.total_results == len(wanted), search["name"]
        for facet, counts in search.get("facets", {}).items():
            assert dict(result.facets[facet]) == counts, search["name"]
    reader.close()


@pytest.mark.parametrize("size", [1, 5, 100])
def test_a_build_answers_the_searches(index: Index, size: int) -> None:
    documents = load_documents()
    batches = [documents[start : start + size] for start in range(0, len(documents), size)]
    assert_searches(index, index.build(batches), load("searches.yaml"))


def test_updates_end_where_a_build_ends(index: Index) -> None:
    documents = load_documents()
    stale = [document.replace(text="海啸。" + document.text) for document in documents[:4]]
    passing = [Document(f"x{number}", "x", text="海啸") for number in range(3)]
    generation = index.build([[*stale, *passing, *documents[4:6]]])
    generation = index.update(generation, [documents[6:9]], [passing[0].id])
    rest = [*documents[9:], *documents[:4]]
    generation = index.update(generation, [rest], [document.id for document in passing[1:]])
    assert_searches(index, generation, load("searches.yaml"))


def test_documents_come_back_whole(index: Index) -> None:
    documents = load_documents()
    generation = index.build([documents])
    reader = open_engine(generation, index.engine.name)
    families = _families([documents])
    for document in documents:
        assert reader.document(document.id) == document.replace(family=families.get(document.id))
    with pytest.raises(KeyError):
        reader.document("nowhere")
    reader.close()
    kept = {stored.id: stored for stored in index.engine.stored(generation)}
    assert kept["a"] == Stored("a", "a", "aa")
    assert len(kept) == len(documents)
    assert index.engine.statistics(generation)["documents"] == len(documents)


def test_of_documents_with_one_id_the_last_is_kept(index: Index) -> None:
    first, second = (Document("a", "p", text=text) for text in ("天气", "培训"))
    reader = open_engine(index.build([[first], [second]]), index.engine.name)
    assert len(reader) == 1
    assert reader.document("a").text == "培训"


def test_the_previous_generation_keeps_its_answers(index: Index) -> None:
    old = index.build([[Document("a", "p", text="天气"), Document("b", "p", text="天气")]])
    before = open_engine(old, index.engine.name)
    index.update(old, [[Document("c", "p", text="天气")]], ["a"])
    for reader in (before, open_engine(old, index.engine.name)):
        assert sorted(reader.ids()) == ["a", "b"]
        assert reader.search(EngineQuery(tree.Word("天气"))).total == 2
