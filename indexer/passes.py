"""The two passes over an archive, and what is learned between them.

read_all     pages → documents in spool files, with a scan and a sketch of each
index_all    spooled documents → runs, once it is known which words were replaced
             and which documents are reprints
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer import config, duplicates, repair, stages, workers
from indexer.batches import batches, halve
from indexer.document import Family, Skipped
from indexer.duplicates import Signature
from indexer.engines.base import Run
from indexer.errors import OutOfMemory
from indexer.sources import InputRef
from indexer.sources.inputs import kind_of
from indexer.sources.names import shown
from indexer.stages import Indexed, IndexTask, OldTask, Read, ReadTask, Steps

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Work:
    """What is known of a build under way.

    `seen` are (id, path, sha256) of all documents in the order of the sources; `reads`
    and `old` what the first pass told of new and of kept documents.
    """

    steps: Steps
    inputs: list[InputRef | Skipped]
    progress: Progress
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Skipped] = field(default_factory=list)
    pages: int = 0
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    old: list[Read] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    lesson: repair.Lesson = field(default_factory=lambda: repair.Lesson(config.repair_confidence()))
    repaired: int = 0
    families: dict[str, Family] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def spent(self, seconds: dict[str, float]) -> None:
        for stage, value in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + value

    def learn_from(self, read: Read) -> None:
        """Take in the scans of a batch, which would fill memory if they were all kept."""
        self.lesson.add(read.scans)
        read.scans.clear()

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the wall clock time of a block to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent({stage: time.perf_counter() - start})

    @property
    def winners(self) -> dict[str, int]:
        """Document id → its place in `seen`: of several with one id the last is indexed."""
        return {id_: place for place, (id_, _, _) in enumerate(self.seen)}


def read_all(work: Work) -> None:
    """Pass one over all inputs: fills `seen`, `skipped`, `reads`."""
    refs = []
    for found in work.inputs:
        if isinstance(found, Skipped):
            work.skipped.append(found)
            work.pages += 1
        else:
            refs.append(found)
    parts = list(batches(refs, config.SETTINGS.number("XIEZUO_BATCH_BYTES")))
    results = workers.run(
        stages.read_batch,
        (ReadTask(number, part, work.steps) for number, part in enumerate(parts)),
        processes=_processes(parts),
        split=_split,
        lost=_lost,
        initialize=stages.initialize,
    )
    for done, read in enumerate(results, 1):
        work.progress("读取 read", done, len(parts))
        work.reads.append(read)
        work.learn_from(read)
        work.pages += read.pages
        work.seen += read.seen
        work.skipped += read.skipped
        work.warnings += read.warnings
        work.spent(read.seconds)
        if read.run is not None:
            work.runs.append(read.run)
    _report_repeated(work)


def look_at_old(work: Work, generation: Path, gone: frozenset[str]) -> None:
    """Of the documents that stay: scans, sketches, and the suspicious ones spooled again."""
    if not work.steps.whole_archive:
        return
    parts = config.processes()
    tasks = [OldTask(part, parts, generation, gone, work.steps) for part in range(parts)]
    results = workers.run(
        stages.look_at_old,
        tasks,
        processes=parts,
        split=lambda _task: [],
        lost=_lost_worker,
        initialize=stages.initialize,
    )
    for read in results:
        work.old.append(read)
        work.learn_from(read)
        work.spent(read.seconds)


def index_all(work: Work) -> None:
    """Pass two: fills `runs`, `families`, `repaired`."""
    if not work.steps.whole_archive:
        return
    everything = [*work.old, *work.reads]
    model: Path | None = None
    if work.steps.repair:
        with work.timed("repair"):
            learned = work.lesson.model()
            model = work.steps.scratch / "repair.model"
            with work.steps.storage.create(model) as file:
                pickle.dump(learned, file, pickle.HIGHEST_PROTOCOL)
    if work.steps.duplicates:
        with work.timed("duplicates"):
            work.families = duplicates.families(_last_signatures(everything))
    tasks = _index_tasks(work, model)
    results = workers.run(
        stages.index_batch,
        tasks,
        processes=_processes(tasks),
        split=lambda _task: [],
        lost=_lost_documents,
        initialize=stages.initialize,
    )
    for done, indexed in enumerate(results, 1):
        work.progress("编入 index", done, len(tasks))
        work.repaired += indexed.repaired
        work.warnings += indexed.warnings
        work.spent(indexed.seconds)
        if indexed.run is not None:
            work.runs.append(indexed.run)


def _processes(tasks: list[object] | list[IndexTask] | list[tuple[InputRef, ...]]) -> int:
    return max(1, min(config.processes(), len(tasks)))


def _index_tasks(work: Work, model: Path | None) -> list[IndexTask]:
    winners = work.winners
    tasks = [
        IndexTask(read.number, read.spool, work.steps, model=model, only_changed=True)
        for read in work.old
        if read.spool is not None
    ]
    base = 0
    for read in work.reads:
        if read.spool is not None:
            drop = frozenset(
                number
                for number, place in enumerate(read.spooled)
                if winners[read.seen[place][0]] != base + place
            )
            tasks.append(IndexTask(read.number, read.spool, work.steps, drop, model))
        base += len(read.seen)
    return tasks


def _split(task: ReadTask) -> list[ReadTask]:
    """Halves of a batch that brought its worker down, down to one file or one line."""
    # Numbers name files in the scratch folder: halves get new ones that cannot be taken.
    return [
        replace(task, number=(task.number + 1) * 1_000_000 + half, refs=refs)
        for half, refs in enumerate(halve(task.refs))
    ]


def _lost(task: ReadTask) -> Read:
    reason = "网页使读取程序崩溃或停滞 (the page crashed or stalled the reader)"
    skipped = [Skipped(_where(ref), reason, "crashed") for ref in task.refs]
    return Read(task.number, pages=len(skipped), skipped=skipped)


def _where(ref: InputRef) -> str:
    """The page of an input that could not be cut any further: of a `.jsonl` one line."""
    name = shown(ref.path)
    return f"{name}#{ref.first_line}" if kind_of(ref.path) == "record" else name


def _lost_worker(_task: object) -> Read:
    raise OutOfMemory(
        "建立索引的进程被系统终止，多半是内存不足。"
        " A worker was killed by the system, most likely for want of memory."
    )


def _lost_documents(task: IndexTask) -> Indexed:
    _lost_worker(task)
    return Indexed(task.number)


def _report_repeated(work: Work) -> None:
    """Say which documents give way to a later one of the same id."""
    winners = work.winners
    if len(winners) == len(work.seen):
        return
    for place, (id_, path, sha256) in enumerate(work.seen):
        if winners[id_] == place:
            continue
        _, other, content = work.seen[winners[id_]]
        reason = (
            f"与 {other} 完全相同 (the same page again)"
            if content == sha256
            else f"编号相同，采用了 {other} (same id, the other one is used)"
        )
        work.skipped.append(Skipped(path, reason, "repeated"))


def _last_signatures(reads: Iterable[Read]) -> list[Signature]:
    signatures: dict[str, Signature] = {}
    for read in reads:
        for signature in read.signatures:
            # The last document of an id is the one that is indexed, in its own place.
            signatures.pop(signature.id, None)
            signatures[signature.id] = signature
    return list(signatures.values())
