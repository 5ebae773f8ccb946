"""The documents of a run: an archive in JSON lines, with facets, repeated up to any size."""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import overload

from indexer.document import Document
from indexer.facets import derive

FACETS = ("province", "donor", "recipient", "year", "program", "source")


def load(archive: Path, cache: Path) -> list[Document]:
    """The archive's documents with their derived facets (kept in `cache`, made once).

    Deriving is left out of every measurement: all contenders get the same values.
    """
    kept = cache / "documents.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            return list(pickle.load(file))
    opener = gzip.open if archive.suffix == ".gz" else open
    with opener(archive, "rt", encoding="utf-8") as lines, get_context("fork").Pool(2) as pool:
        documents = pool.map(_document, enumerate(lines), chunksize=200)
    with kept.open("wb") as file:
        pickle.dump(documents, file)
    return documents


class Collection(Sequence[Document]):
    """`size` documents: the given ones, again and again under new ids, made when asked for.

    Forked processes inherit it: every contender's workers take their documents from the same
    memory, and nobody pays for sending them.
    """

    def __init__(self, documents: list[Document], size: int) -> None:
        self._documents, self._size = documents, size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> list[Document]: ...
    def __getitem__(self, place: int | slice) -> Document | list[Document]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(self._size))]
        if place >= self._size:
            raise IndexError(place)
        turn, number = divmod(place, len(self._documents))
        document = self._documents[number]
        if not turn:
            return document
        return document.replace(id=f"{document.id}-{turn}", path=f"{document.path}-{turn}")


def facet_values(document: Document) -> dict[str, list[str]]:
    """The facet columns of a document, as every contender stores them."""
    return {
        "province": [province.name for province in document.provinces],
        "donor": [p.name for p in document.provinces if "donor" in p.roles],
        "recipient": [p.name for p in document.provinces if "recipient" in p.roles],
        "year": [str(document.year)] if document.year else [],
        "program": [program.id for program in document.programs],
        "source": [document.source] if document.source else [],
    }


def _document(numbered: tuple[int, str]) -> Document:
    number, line = numbered
    record = json.loads(line)
    date = record.get("date")
    document = Document(
        id=record["id"],
        path=f"archive.jsonl#{number + 1}",
        title=record.get("title") or "",
        text=record.get("text") or "",
        date=date,
        year=int(date[:4]) if date else None,
        source=record.get("source"),
    )
    # Evidence is of no interest here and would only make the documents large.
    derived = derive(document)
    return document.replace(
        provinces=tuple(type(p)(p.name, p.roles) for p in derived.provinces),
        programs=tuple(type(p)(p.id) for p in derived.programs),
        year=derived.year,
    )
