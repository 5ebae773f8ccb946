"""From sources to a new generation: `build` anew, or `update` the one in use.

find_inputs ─ batches ─▶ read_batch (workers) ─▶ ids, scans, sketches
                              │ spool                    │
                              ▼                          ▼ learn, families
                         index_batch (workers) ◀─────────┘
                              │ runs
                              ▼
                         engine writer ─▶ files ─▶ manifest ─▶ verified ─▶ CURRENT
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from indexer import __version__, duplicates, extract, facets, repair, stages
from indexer.document import Skipped
from indexer.engines.base import DEFAULT_ENGINE, load_engine
from indexer.errors import IndexOutdated, NothingToRead
from indexer.generations import Generation, IndexFolder
from indexer.manifest import Manifest, describe_files
from indexer.passes import Progress, Work, index_all, look_at_old, read_all
from indexer.sources import SUFFIXES, InputRef, find_inputs
from indexer.stages import Steps
from indexer.storage import Storage, disk_errors
from indexer.suggesting import beside


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller chose. `without` names steps of facets, repair, duplicates."""

    without: frozenset[str] = frozenset()
    keep_non_articles: bool = False
    command: str = ""


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
    job = _Job(sources, IndexFolder(index_dir, storage), options or Options(), progress)
    with job.folder.writing():
        work, generation = job.run(_write_anew)
    return {
        "read": work.pages,
        "indexed": generation.manifest.documents,
        **job.summary(work, generation),
    }


def update(
    sources: Sequence[Path],
    index_dir: Path,
    options: Options | None = None,
    *,
    progress: Progress = _quiet,
    storage: Storage | None = None,
) -> dict[str, Any]:
    """Make a new generation that holds what the sources hold now, reusing what has not changed.

    The result answers every search as a full build would. Steps that the current generation
    was built without are left out again. Raises what `build` does, and IndexMissing,
    IndexDamaged, IndexOutdated (made with other dictionaries, or by another version).
    """
    job = _Job(sources, IndexFolder(index_dir, storage), options or Options(), progress)
    with job.folder.writing():
        previous = job.folder.open_current(fallback=False)
        _same_analyzer(previous)
        without = frozenset(previous.manifest.details.get("without", ()))
        job.options = replace(job.options, without=without)
        before = {
            stored.id: (stored.path, stored.sha256)
            for stored in load_engine(previous.manifest.engine).stored(previous.path)
        }
        # Where rules have changed every document is derived anew.
        reuse = previous.manifest.details.get("recipe") == recipe(job.options)
        stages.known = {place: id_ for id_, place in before.items()} if reuse else {}
        try:
            work, generation = job.run(_Changes(previous, before) if reuse else _write_anew)
        except _NothingChanged as nothing:
            # The generation before stays within reach of `rollback`.
            work, generation = nothing.work, previous
        finally:
            stages.known = {}
    now = {id_: sha256 for id_, _, sha256 in work.seen}
    common = now.keys() & before.keys()
    # A record that only moved to another line has not changed.
    unchanged = sum(1 for id_ in common if now[id_] == before[id_][1])
    return {
        "read": work.pages,
        "indexed": generation.manifest.documents,
        "added": len(now.keys() - before.keys()),
        "updated": len(common) - unchanged,
        "removed": len(before.keys() - now.keys()),
        "unchanged": unchanged,
        **job.summary(work, generation),
    }


def _same_analyzer(generation: Generation) -> None:
    if generation.manifest.fingerprint != stages.analyzer().fingerprint:
        raise IndexOutdated(
            "索引是用另一套词典或分词程序建立的。"
            " The index was made with other dictionaries or another segmenter.",
            "请重建索引：python -m indexer build SOURCE… Rebuild the index with that command.",
        )


Write = Callable[[Work, Storage, Path], list[str]]
"""Reads, indexes and writes the files of a generation into a folder; their names."""


def _write_anew(work: Work, storage: Storage, building: Path) -> list[str]:
    read_all(work)
    index_all(work)
    with work.timed("merge"):
        writer = load_engine().writer(storage, building)
        with beside(DEFAULT_ENGINE, [run.path for run in work.runs]) as suggestions:
            files = writer.write(work.runs, work.families or None)
        return files + suggestions.write(storage, building)


class _NothingChanged(Exception):
    """An update found the sources as they were."""

    def __init__(self, work: Work) -> None:
        super().__init__("nothing changed")
        self.work = work


class _Changes:
    """Writes what differs from the previous generation."""

    def __init__(self, previous: Generation, before: dict[str, tuple[str, str]]) -> None:
        self.previous, self.before = previous, before

    def __call__(self, work: Work, storage: Storage, building: Path) -> list[str]:
        read_all(work)
        now = {id_: (path, sha256) for id_, path, sha256 in work.seen}
        gone = frozenset(id_ for id_, place in self.before.items() if now.get(id_) != place)
        if not gone and len(now) == len(self.before):
            raise _NothingChanged(work)
        look_at_old(work, self.previous.path, gone)
        index_all(work)
        with work.timed("merge"):
            writer = load_engine().writer(storage, building)
            families = work.families if work.steps.duplicates else None
            places = [self.previous.path, *(run.path for run in work.runs)]
            with beside(DEFAULT_ENGINE, places) as suggestions:
                files = writer.update(self.previous.path, work.runs, remove=gone, families=families)
            return files + suggestions.write(storage, building)


@dataclass(slots=True)
class _Job:
    """One build or update, from its sources to its generation."""

    sources: Sequence[Path]
    folder: IndexFolder
    options: Options
    progress: Progress
    started: float = 0.0
    inputs: list[InputRef | Skipped] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.started = time.perf_counter()
        # What is wrong with sources and dictionaries is said before anything is touched.
        self.inputs = list(find_inputs(self.sources))
        if not self.inputs:
            raise NothingToRead(
                "来源中没有网页，索引未改动。"
                " There is no page in the sources; the index was not touched.",
                f"检查目录是否正确、是否已挂载；可读的文件：{' '.join(SUFFIXES)}。"
                " Check that the folder is the right one and is mounted.",
            )
        # Loaded here, what workers need is loaded once: they are forked from this process.
        stages.analyzer()
        stages.overrides()
        load_engine()

    def run(self, write: Write) -> tuple[Work, Generation]:
        folder = self.folder
        building = folder.begin()
        scratch = building.with_name(f"{building.name}.scratch")
        try:
            with disk_errors(folder.path):
                folder.storage.make_folder(scratch)
                work = Work(self._steps(scratch), self.inputs, self.progress)
                files = write(work, folder.storage, building)
                folder.storage.remove_tree(scratch)
            with work.timed("publish"):
                return work, self._publish(building, files, work)
        except BaseException:
            # The error is what matters; what cannot be cleared now the next build clears.
            with suppress(OSError):
                folder.storage.remove_tree(scratch)
            folder.abandon(building)
            raise

    def _steps(self, scratch: Path) -> Steps:
        without = self.options.without
        return Steps(
            scratch=scratch,
            storage=self.folder.storage,
            engine=DEFAULT_ENGINE,
            facets="facets" not in without,
            repair="repair" not in without,
            duplicates="duplicates" not in without,
            keep_non_articles=self.options.keep_non_articles,
        )

    def _publish(self, building: Path, files: Sequence[str], work: Work) -> Generation:
        documents = {id_: sha256 for id_, _, sha256 in work.seen}
        with disk_errors(self.folder.path):
            entries = describe_files(building, files)
        manifest = Manifest(
            generation=self.folder.name_of(building),
            created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            command=self.options.command,
            documents=len(documents),
            corpus_digest=corpus_digest(documents.items()),
            analyzer=stages.analyzer_description(),
            files=entries,
            sources=tuple(str(source.resolve()) for source in self.sources),
            engine=DEFAULT_ENGINE,
            program=__version__,
            details={"recipe": recipe(self.options), "without": sorted(self.options.without)},
        )
        return self.folder.publish(building, manifest)

    def _unused_corrections(self, work: Work) -> list[Skipped]:
        corrections, file = stages.overrides(), stages.overrides_file()
        if corrections is None or file is None or not work.steps.facets:
            return []
        unused = corrections.unused({id_ for id_, _, _ in work.seen})
        reason = "更正的编号 {} 不属于任何文档 (no document has the id of this correction)"
        return [Skipped(file.name, reason.format(id_), "unused") for id_ in unused]

    def summary(self, work: Work, generation: Generation) -> dict[str, Any]:
        """The keys that the summaries of both verbs end with."""
        warnings = [*work.warnings, *self._unused_corrections(work)]
        return {
            "skipped": [{"path": s.path, "reason": s.reason, "code": s.code} for s in work.skipped],
            "warnings": [{"path": w.path, "reason": w.reason} for w in warnings],
            "duplicates": sum(1 for id_, family in work.families.items() if family.id != id_),
            "repaired": work.repaired,
            "generation": generation.name,
            "seconds": round(time.perf_counter() - self.started, 3),
            "stages": {name: round(value, 3) for name, value in work.seconds.items()},
        }


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
