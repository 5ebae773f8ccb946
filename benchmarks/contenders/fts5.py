"""SQLite FTS5: words between spaces, facets in a table counted by GROUP BY."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contenders.base import Answer, Question, segmented
from benchmarks.corpus import facet_values
from indexer.document import Document


class Fts5:
    name = "SQLite FTS5"

    def build(self, documents: Sequence[Document], folder: Path, workers: int) -> None:
        base = sqlite3.connect(folder / "fts.db")
        base.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            CREATE VIRTUAL TABLE fts USING fts5(title, text, tokenize = "unicode61 categories 'L* N* Co P* S* M*'");
            CREATE TABLE document(number INTEGER PRIMARY KEY, id TEXT);
            CREATE TABLE facet(number INTEGER, name TEXT, value TEXT);
            """
        )
        for number, (document, title, text) in enumerate(segmented(documents, workers), 1):
            base.execute(
                "INSERT INTO fts(rowid, title, text) VALUES (?, ?, ?)", (number, title, text)
            )
            base.execute("INSERT INTO document VALUES (?, ?)", (number, document.id))
            base.executemany(
                "INSERT INTO facet VALUES (?, ?, ?)",
                [(number, name, v) for name, vs in facet_values(document).items() for v in vs],
            )
        base.execute("CREATE INDEX facet_number ON facet(number, name, value)")
        base.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        base.commit()
        base.close()

    def open(self, folder: Path) -> None:
        self.base = sqlite3.connect(folder / "fts.db", check_same_thread=False)

    def ask(self, question: Question, facets: Sequence[str] = (), snippets: bool = False) -> Answer:
        joint = " AND " if question.every else " OR "
        match = joint.join('"' + word.replace('"', '""') + '"' for word in question.words)
        snippet = "snippet(fts, 1, '<b>', '</b>', '…', 32)" if snippets else "''"
        rows = self.base.execute(
            f"SELECT id, title, {snippet} FROM fts JOIN document ON number = fts.rowid"
            " WHERE fts MATCH ? ORDER BY bm25(fts, 4.0, 1.0) LIMIT 10",
            (match,),
        ).fetchall()
        (total,) = self.base.execute(
            "SELECT count(*) FROM fts WHERE fts MATCH ?", (match,)
        ).fetchone()
        answer = Answer(total, [row[0] for row in rows], [row[1].replace(" ", "") for row in rows])
        if snippets:
            answer.snippets = [row[2] for row in rows]
        if facets:
            counts: dict[str, dict[str, int]] = {name: {} for name in facets}
            for name, value, count in self.base.execute(
                "WITH found AS MATERIALIZED (SELECT rowid AS number FROM fts WHERE fts MATCH ?)"
                " SELECT name, value, count(*) FROM found JOIN facet USING (number)"
                " GROUP BY name, value",
                (match,),
            ):
                if name in counts:
                    counts[name][value] = count
            answer.facets = counts
        return answer

    def count(self, word: str) -> int:
        """Documents with the word in title or text."""
        match = '"' + word.replace('"', '""') + '"'
        (found,) = self.base.execute(
            "SELECT count(*) FROM fts WHERE fts MATCH ?", (match,)
        ).fetchone()
        return int(found)
