"""Whoosh's view of a generation: its schema, and the table of contents that names segments.

The table of contents is a pickle. Open one only in a generation whose manifest has been
checked (`indexer.generations`): it vouches for every byte of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from indexer.engines.whoosh.codec import ArraySegment
from indexer.engines.whoosh.codec.archive import STORED, YEAR
from indexer.engines.whoosh.segment import SHADOW
from indexer.schema import FACET_FIELDS, TEXT_FIELDS
from indexer.storage import Storage

INDEX_NAME = "MAIN"


class ArchiveAnalyzer(Analyzer):  # type: ignore[misc]
    """The project's analyzer where Whoosh wants one; loaded when first used."""

    def __init__(self) -> None:
        self._analyzer: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {"_analyzer": None}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    __hash__ = None  # type: ignore[assignment]

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **options: Any,
    ) -> Iterator[Token]:
        if self._analyzer is None:
            from indexer.analysis import load_analyzer

            self._analyzer = load_analyzer()
        tokens = self._analyzer.tokens(value)
        token = Token(positions, chars, mode=mode, **options)
        rows = zip(
            tokens.words,
            tokens.starts.tolist(),
            tokens.ends.tolist(),
            tokens.positions.tolist(),
            strict=True,
        )
        for word, start, end, position in rows:
            token.text = word
            token.boost = 1.0
            token.stopped = False
            if keeporiginal:
                token.original = value[start:end]
            if positions:
                token.pos = start_pos + position
            if chars:
                token.startchar, token.endchar = start_char + start, start_char + end
            yield token


def archive_schema() -> fields.Schema:
    """The Whoosh schema of a generation: the fields that `indexer.schema` declares."""
    schema = fields.Schema(id=fields.ID(unique=True, stored=True))
    for text in TEXT_FIELDS:
        stored = text.name in ("title", "text")
        schema.add(text.name, fields.TEXT(ArchiveAnalyzer(), stored=stored))
        schema.add(text.name + SHADOW, fields.KEYWORD(scorable=True))
    for facet in FACET_FIELDS:
        if facet.kind == "number":
            kind = YEAR
        elif facet.multi:
            kind = fields.KEYWORD(commas=True, sortable=True)
        else:
            kind = fields.ID(sortable=True)
        schema.add(facet.name, kind)
    for name in STORED:
        if name not in schema:
            schema.add(name, fields.STORED())
    return schema


def write_toc(
    storage: Storage, folder: Path, segments: Mapping[str, tuple[int, Sequence[int]]]
) -> str:
    """Write the table of contents over segments (name → number of documents, those of them
    that are deleted); gives the name of the file."""
    entries = [
        ArraySegment(INDEX_NAME, name.removeprefix(f"{INDEX_NAME}_"), documents, deleted)
        for name, (documents, deleted) in sorted(segments.items())
    ]
    memory = RamStorage()
    toc = TOC(archive_schema(), entries, 1)
    toc.write(memory, INDEX_NAME)
    (name,) = memory.list()
    path = folder / name
    with storage.create(path) as file:
        file.write(memory.files[name])
    return str(name)
