"""One open engine serves many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer.document import Document
from search_app.search import tree
from search_app.search.engines.base import Choice, EngineQuery
from search_app.search.engines.whoosh.engine import WhooshEngine
from tests.search.engines.archives import open_archive


def test_threads_get_the_answers_of_one(tmp_path: Path) -> None:
    words = ("残疾人", "就业", "协作", "联合会", "东西部")
    rows = [
        Document(
            str(n), "p", title=words[n % 5], text="的".join(words[: n % 5 + 1]), year=2000 + n % 7
        )
        for n in range(300)
    ]
    requests = [
        EngineQuery(
            tree.Most((tree.Word(one), tree.Word(other), tree.Run("疾人")), 1),
            {"year": Choice(ranges=((2000 + shift, None),))},
            ("year", "province"),
        )
        for one in words
        for other in words
        for shift in range(3)
        if one != other
    ]

    def ask(engine: WhooshEngine, request: EngineQuery) -> object:
        answer = engine.search(request)
        hits = engine.snippets(answer.docs.tolist(), request.tree)
        return answer.total, answer.docs.tolist(), answer.scores.tolist(), answer.facets, hits

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    alone = open_archive(tmp_path / "a", rows)
    expected = [ask(alone, request) for request in requests]
    assert len({repr(answer) for answer in expected}) > len(words)
    shared = open_archive(tmp_path / "b", rows)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda request: ask(shared, request), requests)) == expected
