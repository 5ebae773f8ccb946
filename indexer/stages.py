"""What happens to one batch of pages inside a worker process.

    read_batch    files → pages → documents, spooled to disk; scans and signatures go back
    index_batch   spooled documents → repaired → facets → tokens → a run of the index

Between the two the whole archive is looked at (which words were replaced, which
documents are reprints), so everything passes through a spool file per batch.
Where no such look is wanted `read_batch` goes straight on and spools nothing.
"""

from __future__ import annotations

import _thread
import gc
import hashlib
import multiprocessing
import multiprocessing.connection
import os
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from indexer import analysis, config, duplicates, facets, repair
from indexer.analysis import Analyzer, field_batches, load_analyzer
from indexer.analysis.dictionary import USER_WORDS
from indexer.analysis.synonyms import SYNONYMS
from indexer.analysis.tokenizer import SEGMENTER
from indexer.document import Document, RawPage, Skipped
from indexer.duplicates import Signature
from indexer.engines.base import Engine, Run, RunBuilder, load_engine
from indexer.errors import PageRejected
from indexer.extract import ExtractOptions, extract
from indexer.repair import RepairModel, RepairScan
from indexer.sources import InputRef, read_pages
from indexer.sources.names import shown
from indexer.storage import Storage
from indexer.workers import watched

_REPAIR_FLAGS = ("tampered", "tampered_suspected", "spam")
# Documents that are tokenised with one call to the segmenter.
_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Steps:
    """Which steps a build takes, and where its workers put their files."""

    scratch: Path
    storage: Storage = field(default_factory=Storage)
    engine: str = "whoosh"
    facets: bool = True
    repair: bool = True
    duplicates: bool = True
    keep_non_articles: bool = False

    @property
    def whole_archive(self) -> bool:
        """Whether a step needs all documents before it can treat one."""
        return self.repair or self.duplicates


@dataclass(frozen=True, slots=True)
class ReadTask:
    number: int
    refs: tuple[InputRef, ...]
    steps: Steps


@dataclass(frozen=True, slots=True)
class OldTask:
    """The documents of one part of a generation that stay, as an update wants to know them."""

    number: int
    parts: int
    generation: Path
    gone: frozenset[str]
    steps: Steps


@dataclass(slots=True)
class Read:
    """What came of a ReadTask or an OldTask.

    `seen` are (id, path, sha256) of its documents in order; `spooled` the places in `seen`
    of those in the spool file (of an OldTask nothing is seen anew).
    """

    number: int
    pages: int = 0
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    spooled: list[int] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Skipped] = field(default_factory=list)
    scans: list[RepairScan] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    spool: Path | None = None
    run: Run | None = None
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexTask:
    number: int
    spool: Path
    steps: Steps
    drop: frozenset[int] = frozenset()
    model: Path | None = None
    only_changed: bool = False
    """Index only documents whose repairs are no longer what they were."""


@dataclass(slots=True)
class Indexed:
    number: int
    run: Run | None = None
    repaired: int = 0
    warnings: list[Skipped] = field(default_factory=list)
    """Documents that a step failed on; they are indexed without it."""
    seconds: dict[str, float] = field(default_factory=dict)


LARGE = 4 << 20
"""Bytes from which a page itself may be what takes too much memory."""
PAGE_SECONDS = 120.0
"""No page that the bounds let through takes a tenth of it, however busy the machine: only
one that would keep a worker for ever is ended (docs/decisions/0063)."""


class Clock:
    """Adds up seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now


known: dict[tuple[str, str], str] = {}
"""(path, sha256) → id of the documents that an update keeps as they are. Set by the parent
before its workers are forked."""


# Loaded once per process; the parent loads them before it forks, so workers share them.
@lru_cache(maxsize=1)
def analyzer() -> Analyzer:
    return load_analyzer()


def analyzer_description() -> dict[str, object]:
    """What the manifest says of the analyzer: its fingerprint and what went into it."""
    files = sorted(Path(analysis.__path__[0]).glob("data/*"))
    user = config.user_dir()
    if user is not None:
        files += [user / name for name in (USER_WORDS, SYNONYMS) if (user / name).is_file()]
    return {
        "fingerprint": analyzer().fingerprint,
        "segmenter": SEGMENTER,
        "versions": {name: version(name) for name in (SEGMENTER, "whoosh3", "numpy")},
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }


def overrides_file() -> Path | None:
    """The user's corrections of facet values, where there are any."""
    folder = config.user_dir()
    path = folder / "overrides.yaml" if folder else None
    return path if path is not None and path.is_file() else None


@lru_cache(maxsize=1)
def overrides() -> facets.Overrides | None:
    path = overrides_file()
    return facets.Overrides.load(path) if path else None


@lru_cache(maxsize=1)
def _engine(name: str) -> Engine:
    return load_engine(name)


@lru_cache(maxsize=1)
def _builder(engine: str, storage: Storage) -> RunBuilder:
    return _engine(engine).run_builder(storage, analyzer().subwords)


@lru_cache(maxsize=1)
def _model(path: Path) -> RepairModel:
    with path.open("rb") as file:
        model: RepairModel = pickle.load(file)  # noqa: S301 - written by the parent just now
    return model


def pages(refs: Iterable[InputRef]) -> Iterator[RawPage | Skipped]:
    """The pages of several inputs; whatever is wrong with one stops none of the others."""
    for ref in refs:
        try:
            yield from read_pages(ref)
        except MemoryError:
            raise
        except Exception as error:
            yield _failed(shown(ref.path), "读取网页时出错 (the page reader failed)", error)


def document_of(page: RawPage | Skipped, options: ExtractOptions) -> Document | Skipped:
    """The document of a page, or why there is none."""
    if isinstance(page, Skipped):
        return page
    try:
        return extract(page, options=options)
    except PageRejected as error:
        return Skipped(page.path, error.message, error.reason)
    except (MemoryError, RecursionError) as error:
        if isinstance(error, MemoryError) and len(page.data) < LARGE:
            raise  # this page is not what lacks the memory
        return Skipped(page.path, "网页过大或嵌套过深 (too large or too deep)", "too_complex")
    except Exception as error:
        return _failed(page.path, "读取网页时出错 (the page reader failed)", error)


def _failed(path: str, what: str, error: Exception) -> Skipped:
    return Skipped(path, f"{what}: {type(error).__name__}: {error}", "failed")


def read_batch(task: ReadTask) -> Read:
    """Read and extract the pages of a batch."""
    steps = task.steps
    options = ExtractOptions(keep_non_articles=steps.keep_non_articles)
    result = Read(task.number)
    documents: list[Document] = []
    clock = Clock()
    with watched(PAGE_SECONDS) as step:
        for page in pages(task.refs):
            step()
            clock.lap("read")
            result.pages += 1
            kept = _kept(page) if known else None
            if kept is not None:
                result.seen.append(kept)
                continue
            found = document_of(page, options)
            clock.lap("extract")
            if isinstance(found, Skipped):
                result.skipped.append(found)
                continue
            if steps.facets:
                # Reprints and repair look at the date: an update must not know more of it
                # than the build did.
                found = found.replace(date=facets.publication_date(found))
            result.spooled.append(len(result.seen))
            result.seen.append((found.id, found.path, found.sha256))
            documents.append(found)
            _look(found, result, clock, steps)
    if steps.whole_archive:
        result.spool = _spool(documents, steps, f"{task.number:06d}.documents")
        clock.lap("spool")
    elif documents:
        result.run = _write_run(documents, task.number, steps, clock, result)
    result.seconds = clock.seconds
    return result


def _kept(page: RawPage | Skipped) -> tuple[str, str, str] | None:
    if isinstance(page, Skipped):
        return None
    sha256 = hashlib.sha256(page.data).hexdigest()
    id_ = known.get((page.path, sha256))
    return None if id_ is None else (id_, page.path, sha256)


def _look(document: Document, result: Read, clock: Clock, steps: Steps) -> None:
    """Take down what the steps that need the whole archive want to know of a document."""
    if steps.repair:
        result.scans.append(repair.scan(document))
        clock.lap("repair")
    if steps.duplicates:
        result.signatures.append(duplicates.signature(document))
        clock.lap("duplicates")


def look_at_old(task: OldTask) -> Read:
    """The same for documents that stay; those that repair may see otherwise now are spooled."""
    result = Read(-1 - task.number)
    clock = Clock()
    again = []
    engine = _engine(task.steps.engine)
    for document in engine.documents(task.generation, task.number, task.parts):
        clock.lap("read")
        if document.id in task.gone:
            continue
        _look(document, result, clock, task.steps)
        if document.repairs or (result.scans and result.scans[-1].may_change):
            again.append(document)
    result.spool = _spool(again, task.steps, f"old{task.number:06d}.documents")
    result.seconds = clock.seconds
    return result


def _spool(documents: list[Document], steps: Steps, name: str) -> Path | None:
    if not documents:
        return None
    path = steps.scratch / name
    with steps.storage.create(path) as file:
        pickle.dump(documents, file, pickle.HIGHEST_PROTOCOL)
    return path


def index_batch(task: IndexTask) -> Indexed:
    """Take a spooled batch the rest of the way to a run of the index."""
    result = Indexed(task.number)
    clock = Clock()
    with task.spool.open("rb") as file:
        spooled: list[Document] = pickle.load(file)  # noqa: S301 - written by a worker just now
    documents = [d for number, d in enumerate(spooled) if number not in task.drop]
    clock.lap("spool")
    if task.model is not None:
        model = _model(task.model)
        repaired = [_tried(_repaired, document, model, result) for document in documents]
        result.repaired = sum(1 for document in repaired if document.repairs)
        if task.only_changed:
            pairs = zip(documents, repaired, strict=True)
            repaired = [new for old, new in pairs if new != old.replace(family=None)]
        documents = repaired
        clock.lap("repair")
    if documents:
        result.run = _write_run(documents, task.number, task.steps, clock, result)
    task.spool.unlink()
    result.seconds = clock.seconds
    return result


def _tried(
    step: Callable[[Document, Any], Document],
    document: Document,
    argument: Any,
    result: Indexed | Read,
) -> Document:
    """The document after a step or, where the step fails on it, as it was: no document is
    lost, and none stops a build, because of what can be derived from it."""
    try:
        return step(document, argument)
    except MemoryError:
        raise
    except Exception as error:
        what = "未能分析，按原样编入 (indexed as it is, a step failed)"
        result.warnings.append(_failed(document.path, what, error))
        return document


def _repaired(document: Document, model: RepairModel) -> Document:
    """Repaired from scratch, whatever an earlier build thought of it."""
    flags = tuple(flag for flag in document.flags if flag not in _REPAIR_FLAGS)
    return repair.repair(document.replace(repairs=(), flags=flags, family=None), model)


def _write_run(
    documents: list[Document], number: int, steps: Steps, clock: Clock, result: Indexed | Read
) -> Run:
    if steps.facets:
        documents = [_tried(facets.derive, d, overrides(), result) for d in documents]
        clock.lap("facets")
    builder = _builder(steps.engine, steps.storage)
    for first in range(0, len(documents), _TOGETHER):
        group = documents[first : first + _TOGETHER]
        tokens = field_batches(analyzer(), group)
        clock.lap("analysis")
        builder.add(group, tokens)
        clock.lap("index")
    run = builder.write_run(steps.scratch / f"{number:06d}.run")
    clock.lap("index")
    return run


# Objects made between two looks for garbage in cycles. Only what reads HTML leaves any; Python's
# own 700 would look through a batch's documents again and again.
_LOOK_AFTER = 100_000


def initialize() -> None:
    """Ready a worker: it never outlives its parent."""
    # What the parent has loaded stays; looking through it would copy its pages, too.
    gc.freeze()
    gc.set_threshold(_LOOK_AFTER)
    parent = multiprocessing.parent_process()
    if parent is not None:
        try:
            # Not threading.Thread: it waits for ever for a thread that ran out of memory.
            _thread.start_new_thread(_exit_with, (parent.sentinel,))
        except RuntimeError as error:
            raise MemoryError from error


def _exit_with(sentinel: int) -> None:
    # Without this a busy worker would learn only after its task that nobody waits for it.
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
