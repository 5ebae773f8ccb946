"""What a writing engine does: batches of tokenised documents in, the files of a generation out.

The pipeline drives any engine in the same three steps::

    engine = load_engine("whoosh")

    # in a worker process, one batch of consecutive documents at a time
    builder = engine.run_builder(storage, analyzer.subwords)
    builder.add(documents, field_batches(analyzer, documents))
    run = builder.write_run(path)              # small and picklable, goes to the parent

    # in the parent, one process alone
    writer = engine.writer(storage, folder)
    files = writer.write(runs)                             # a full build
    files = writer.update(previous, runs, remove=ids)      # an update of another generation

Runs are given in document order: document numbers follow it. A builder bounds its memory
by the batch alone, a writer by a constant: neither grows with the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document, Family
from indexer.errors import ConfigError
from indexer.storage import Storage


class TokenColumns(Protocol):
    """The coarse tokens of one field of several documents (`indexer.analysis.TokenBatch`).

    Document i has the tokens `bounds[i]:bounds[i + 1]`. The words are given by their characters
    side by side (`codes`) and how many each has (`sizes`). `starts` and `ends` are character
    offsets, ascending and never overlapping within a document; `positions` ascend strictly.
    """

    @property
    def codes(self) -> NDArray[np.uint32]: ...
    @property
    def sizes(self) -> NDArray[np.int64]: ...
    @property
    def starts(self) -> NDArray[np.int32]: ...
    @property
    def ends(self) -> NDArray[np.int32]: ...
    @property
    def positions(self) -> NDArray[np.int32]: ...
    @property
    def bounds(self) -> NDArray[np.int64]: ...


Subwords = Callable[[str], Sequence[str]]
"""The search-mode parts of a word, a function of the word alone (`Analyzer.subwords`): distinct
ones; words of one or two characters have none and are not asked for."""


@dataclass(frozen=True, slots=True)
class Run:
    """A batch that lies inverted on disk. `documents` and `tokens` are its sizes."""

    path: Path
    documents: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What an update needs to know of a document that is in the index already."""

    id: str
    path: str
    sha256: str


class RunBuilder(Protocol):
    """Inverts batches inside a worker process. After `write_run` it is empty and can be used
    again; keeping one per process saves the training of its compression."""

    def __len__(self) -> int:
        """Documents added since the last run."""
        ...

    @property
    def tokens(self) -> int:
        """Tokens added since the last run. A batch of 1 to 2 million is a good size."""
        ...

    def add(self, documents: Sequence[Document], tokens: Mapping[str, TokenColumns]) -> None:
        """Take several documents in at once: each call has its price. `tokens` by name of
        `schema.TEXT_FIELDS`, each with as many texts as there are documents."""
        ...

    def write_run(self, path: Path) -> Run:
        """Write what was added as one file. Raises OSError."""
        ...


class EngineWriter(Protocol):
    """One generation being written into an empty folder.

    All files are made through the storage object and closed, but not synced; the names
    returned are relative to the folder. Raises OSError.
    """

    def write(self, runs: Sequence[Run], families: Mapping[str, Family] | None = None) -> list[str]:
        """Merge runs into the generation. `families` (document id → family), where given,
        replaces what the documents carry, so that families may be found while runs are written.
        Of several documents with one id the last is kept."""
        ...

    def update(
        self,
        previous: Path,
        runs: Sequence[Run],
        *,
        remove: Collection[str] = (),
        families: Mapping[str, Family] | None = None,
    ) -> list[str]:
        """Make the generation from the one in the folder `previous` (verified by the caller):
        documents with an id in `remove` or in a run go, those of the runs come. Unchanged
        files are linked; small segments are merged when they become many.
        `families` given are those of all documents, old and new (others have none)."""
        ...


class Engine(Protocol):
    """A way to hold an index."""

    name: str

    def run_builder(self, storage: Storage, subwords: Subwords) -> RunBuilder: ...

    def writer(self, storage: Storage, folder: Path) -> EngineWriter: ...

    def stored(self, folder: Path) -> Iterable[Stored]:
        """All live documents of a generation, in document order, without their texts."""
        ...

    def documents(self, folder: Path, part: int, parts: int) -> Iterable[Document]:
        """The live documents of one of `parts` parts of a generation, whole, in order."""
        ...

    def vocabulary(
        self, places: Sequence[Path], most_titles: int
    ) -> tuple[Mapping[str, int], Sequence[str]]:
        """The words of the texts with their numbers of documents, and at most so many titles,
        taken evenly. A place is a run's file or the folder of a generation. Deleted documents
        may be counted: it is for suggestions."""
        ...

    def statistics(self, folder: Path) -> Mapping[str, object]:
        """Documents, segments, per field terms, postings and tokens, and bytes by purpose:
        what `indexer stats` prints."""
        ...


ENGINES: Mapping[str, str] = {"whoosh": "indexer.engines.whoosh.engine"}
"""Name → module that offers `ENGINE`, loaded when it is asked for."""

DEFAULT_ENGINE = "whoosh"


def load_engine(name: str = DEFAULT_ENGINE) -> Engine:
    """The engine of that name. Raises ConfigError where there is none."""
    try:
        module = import_module(ENGINES[name])
    except KeyError:
        known = ", ".join(sorted(ENGINES))
        raise ConfigError(
            f"没有名为 {name} 的索引引擎。 There is no engine of this name.",
            f"可用：{known}。 Known engines: {known}.",
        ) from None
    engine: Engine = module.ENGINE
    return engine
