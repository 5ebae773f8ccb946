"""From sources to a new generation: `build` anew, or `update` the one in use.

find_inputs ─ batches ─▶ read_batch (workers) ─▶ ids, scans, signatures
                              │ spool                    │
                              ▼                          ▼ learn, families
                         index_batch (workers) ◀─────────┘
                              │ runs
                              ▼
                         engine writer ─▶ files ─▶ manifest ─▶ verified ─▶ CURRENT
"""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from indexer import __version__, config, duplicates, extract, facets, repair, stages, workers
from indexer.batches import batches, halve
from indexer.document import Family, Skipped
from indexer.duplicates import Signature
from indexer.engines.base import DEFAULT_ENGINE, Run, load_engine
from indexer.errors import IndexOutdated
from indexer.generations import Generation, IndexFolder
from indexer.manifest import Manifest, describe_files
from indexer.sources import InputRef, find_inputs
from indexer.stages import Indexed, IndexTask, Read, ReadTask, Steps
from indexer.storage import Storage, disk_errors

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller chose. `without` names steps of facets, repair, duplicates."""

    without: frozenset[str] = frozenset()
    keep_non_articles: bool = False
    command: str = ""


@dataclass(slots=True)
class _Work:
    """What is known of a build under way."""

    steps: Steps
    inputs: list[InputRef | Skipped]
    progress: Progress
    skipped: list[Skipped] = field(default_factory=list)
    pages: int = 0
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    repaired: int = 0
    families: dict[str, Family] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def spent(self, seconds: dict[str, float]) -> None:
        for stage, value in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + value


def _quiet(_stage: str, _done: int, _total: int) -> None:
    """No progress is shown."""


def build(
    sources: Sequence[Path],
    index_dir: Path,
    options: Options | None = None,
    *,
    progress: Progress = _quiet,
    storage: Storage | None = None,
) -> dict[str, Any]:
    """Build a new generation from the sources and make it current; the summary of the contract.

    Raises SourceNotFound, ConfigError, IndexLocked, IndexUnwritable, IndexUnsafe. After any
    error the generation that was current before still is.
    """
    options = options or Options()
    started = time.perf_counter()
    inputs = list(find_inputs(sources))
    stages.analyzer()
    folder = IndexFolder(index_dir, storage)
    with folder.writing():
        building = folder.begin()
        scratch = building.with_name(f"{building.name}.scratch")
        try:
            with disk_errors(folder.path):
                folder.storage.make_folder(scratch)
                work = _Work(_steps(options, scratch, folder.storage), inputs, progress)
                _read_all(work)
                _index_all(work)
                with _timed(work, "merge"):
                    writer = load_engine(DEFAULT_ENGINE).writer(folder.storage, building)
                    files = writer.write(work.runs, work.families or None)
                folder.storage.remove_tree(scratch)
            with _timed(work, "publish"):
                generation = _publish(folder, building, files, work, sources, options)
        except BaseException:
            folder.abandon(scratch)
            folder.abandon(building)
            raise
    return {
        "read": work.pages,
        "indexed": generation.manifest.documents,
        **_rest_of_summary(work, generation, started),
    }


def _rest_of_summary(work: _Work, generation: Generation, started: float) -> dict[str, Any]:
    return {
        "skipped": [{"path": s.path, "reason": s.reason, "code": s.code} for s in work.skipped],
        "duplicates": sum(1 for id_, family in work.families.items() if family.id != id_),
        "repaired": work.repaired,
        "generation": generation.name,
        "seconds": round(time.perf_counter() - started, 3),
        "stages": {name: round(value, 3) for name, value in work.seconds.items()},
    }


def _steps(options: Options, scratch: Path, storage: Storage) -> Steps:
    return Steps(
        scratch=scratch,
        storage=storage,
        engine=DEFAULT_ENGINE,
        facets="facets" not in options.without,
        repair="repair" not in options.without,
        duplicates="duplicates" not in options.without,
        keep_non_articles=options.keep_non_articles,
    )


class _timed:  # noqa: N801 - reads as a statement
    """Adds the wall clock time of a block to a stage."""

    def __init__(self, work: _Work, stage: str) -> None:
        self.work, self.stage = work, stage

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.work.spent({self.stage: time.perf_counter() - self.start})


# -- reading ---------------------------------------------------------------------------------


def _read_all(work: _Work, known: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Pass one over all inputs: fills everything of `work` but runs and families."""
    refs = []
    for found in work.inputs:
        if isinstance(found, Skipped):
            work.skipped.append(found)
            work.pages += 1
        else:
            refs.append(found)
    parts = list(batches(refs, config.positive_number("XIEZUO_BATCH_BYTES")))
    tasks = (ReadTask(number, part, work.steps, known) for number, part in enumerate(parts))
    done = 0
    for read in workers.run(
        stages.read_batch,
        tasks,
        processes=min(config.processes(), max(len(parts), 1)),
        split=_split,
        lost=_lost,
        initialize=stages.initialize,
    ):
        done += 1
        work.progress("读取 read", done, len(parts))
        work.reads.append(read)
        work.pages += read.pages
        work.seen += read.seen
        work.skipped += read.skipped
        work.spent(read.seconds)
        if read.run is not None:
            work.runs.append(read.run)
    _report_repeated(work)


def _split(task: ReadTask) -> list[ReadTask]:
    """Halves of a batch that brought its worker down, down to one file or part of a file."""
    # Numbers name files in the scratch folder: halves get new ones that cannot be taken.
    return [
        replace(task, number=(task.number + 1) * 1_000_000 + k, refs=half)
        for k, half in enumerate(halve(task.refs))
    ]


def _lost(task: ReadTask) -> Read:
    reason = "网页使读取程序崩溃 (the page crashed the reader)"
    skipped = [Skipped(ref.path, reason, "crashed") for ref in task.refs]
    return Read(task.number, pages=len(skipped), skipped=skipped)


def _report_repeated(work: _Work) -> None:
    """Say which documents give way to a later one of the same id."""
    last = {id_: place for place, (id_, _, _) in enumerate(work.seen)}
    for place, (id_, path, sha256) in enumerate(work.seen):
        winner = last[id_]
        if winner == place:
            continue
        _, other, content = work.seen[winner]
        reason = (
            f"与 {other} 完全相同 (the same page again)"
            if content == sha256
            else f"编号相同，采用了 {other} (same id, the other one is used)"
        )
        work.skipped.append(Skipped(path, reason, "repeated"))


# -- indexing --------------------------------------------------------------------------------


def _index_all(work: _Work) -> None:
    """Pass two: spooled documents to runs, with what the whole archive taught."""
    if not work.steps.whole_archive:
        return
    model: Path | None = None
    if work.steps.repair:
        with _timed(work, "repair"):
            learned = repair.learn(scan for read in work.reads for scan in read.scans)
            model = work.steps.scratch / "repair.model"
            with work.steps.storage.create(model) as file:
                pickle.dump(learned, file, pickle.HIGHEST_PROTOCOL)
    if work.steps.duplicates:
        with _timed(work, "duplicates"):
            work.families = duplicates.families(_last_signatures(work.reads))
    tasks = [
        IndexTask(read.number, read.spool, work.steps, model=model)
        for read in work.reads
        if read.spool is not None
    ]
    done = 0
    for indexed in workers.run(
        stages.index_batch,
        tasks,
        processes=min(config.processes(), max(len(tasks), 1)),
        split=lambda _task: [],
        lost=_lost_documents,
        initialize=stages.initialize,
    ):
        done += 1
        work.progress("编入 index", done, len(tasks))
        work.repaired += indexed.repaired
        work.spent(indexed.seconds)
        if indexed.run is not None:
            work.runs.append(indexed.run)


def _lost_documents(task: IndexTask) -> Indexed:
    raise MemoryError(f"batch {task.number}")


def _last_signatures(reads: Iterable[Read]) -> list[Signature]:
    signatures: dict[str, Signature] = {}
    for read in reads:
        for signature in read.signatures:
            # The last document of an id is the one that is indexed, in its own place.
            signatures.pop(signature.id, None)
            signatures[signature.id] = signature
    return list(signatures.values())


# -- publishing ------------------------------------------------------------------------------


def _publish(
    folder: IndexFolder,
    building: Path,
    files: Sequence[str],
    work: _Work,
    sources: Sequence[Path],
    options: Options,
) -> Generation:
    documents = {id_: sha256 for id_, _, sha256 in work.seen}
    with disk_errors(folder.path):
        entries = describe_files(building, files)
    manifest = Manifest(
        generation=folder.name_of(building),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        command=options.command,
        documents=len(documents),
        corpus_digest=corpus_digest(documents.items()),
        analyzer=stages.analyzer_description(),
        files=entries,
        sources=tuple(str(source.resolve()) for source in sources),
        engine=DEFAULT_ENGINE,
        program=__version__,
        details={"recipe": recipe(options), "without": sorted(options.without)},
    )
    return folder.publish(building, manifest)


def corpus_digest(documents: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the ids and page digests of a collection, in whatever order they come."""
    digest = hashlib.sha256()
    for id_, sha256 in sorted(documents):
        digest.update(f"{id_}\t{sha256}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def recipe(options: Options) -> str:
    """A digest of everything beside pages and analyzer that a document's values depend on.

    Where it differs an update derives every document anew.
    """
    parts = [
        __version__,
        _data_digest(),
        str(options.keep_non_articles),
        ",".join(sorted(options.without)),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _data_digest() -> str:
    """Over the rules of the packages that derive values, and the user's corrections."""
    digest = hashlib.sha256()
    for package in (extract, repair, facets, duplicates):
        for path in sorted(Path(package.__path__[0]).glob("data/*")):
            digest.update(path.name.encode() + path.read_bytes())
    corrections = stages.overrides_file()
    if corrections is not None:
        digest.update(corrections.read_bytes())
    return digest.hexdigest()


__all__ = ["Options", "Progress", "build", "corpus_digest", "recipe"]
_ = IndexOutdated
