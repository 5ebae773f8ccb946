"""The command: `python -m benchmarks run`, and the steps that it runs in processes of their own."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from benchmarks import report
from benchmarks.contenders import CONTENDERS, contender
from benchmarks.contenders.base import Answer, Contender, Question
from benchmarks.corpus import FACETS, Collection, load
from benchmarks.measure import Times, folder_size, in_rounds, interleaved, memory, peak_memory
from benchmarks.questions import plain_words, questions

KINDS = ("query", "query + 6 facets", "query + 6 facets + 10 snippets")


@click.group()
def main() -> None:
    """Measure this project beside stock Whoosh, tantivy-py and SQLite FTS5."""


@main.command()
@click.option("--archive", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--sizes", default="24000", help="Numbers of documents, separated by commas.")
@click.option("--contenders", "names", default=",".join(CONTENDERS), show_default=True)
@click.option("--whoosh-limit", default=24000, help="Largest size that stock Whoosh builds.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where the indexes go (kept).")
@click.option("--workers", default=2, show_default=True)
@click.option("--rounds", default=10, show_default=True)
@click.option("--keep/--rebuild", default=False, help="Use indexes that are in the folder already.")
@click.option("--json", "json_file", type=click.Path(path_type=Path))
@click.option("--markdown", type=click.Path(path_type=Path), help="Write the tables to this file.")
def run(
    archive: Path,
    sizes: str,
    names: str,
    whoosh_limit: int,
    folder: Path | None,
    workers: int,
    rounds: int,
    keep: bool,
    json_file: Path | None,
    markdown: Path | None,
) -> None:
    """Build and ask all contenders over the archive and multiples of it, in one run."""
    with tempfile.TemporaryDirectory() as temporary:
        base = folder or Path(temporary)
        base.mkdir(parents=True, exist_ok=True)
        documents = load(archive, base)
        asked = questions(documents)
        results = []
        for size in map(int, sizes.split(",")):
            chosen = [
                n for n in names.split(",") if not (n.startswith("whoosh") and size > whoosh_limit)
            ]
            results.append(_measure(base, archive, size, chosen, asked, workers, rounds, keep))
            click.echo(report.table(results[-1]))
    if json_file:
        json_file.write_text(json.dumps(results, ensure_ascii=False, indent=1))
    if markdown:
        report.write(markdown, map(report.table, results))


def _measure(
    base: Path,
    archive: Path,
    size: int,
    names: list[str],
    asked: list[Question],
    workers: int,
    rounds: int,
    keep: bool,
) -> dict[str, Any]:
    result: dict[str, Any] = {"documents": size, "contenders": {}}
    made: set[Path] = set()
    for name in names:
        folder = _folder(base, name, size)
        built = _built(base, archive, name, size, workers, keep or folder in made)
        made.add(folder)
        result["contenders"][name] = {"build": built}
        begin = time.perf_counter()
        first = _step("serve", name, str(folder), asked[0].words[0])
        first["process_seconds"] = time.perf_counter() - begin
        result["contenders"][name]["serve"] = first
    opened = {}
    for name in names:
        opened[name] = contender(name)
        opened[name].open(_folder(base, name, size))
    result["counts"] = _counts(opened, plain_words(asked))
    for every in (True, False):
        wanted = [replace(question, every=every) for question in asked]
        for kind, label in enumerate(KINDS):
            facets = FACETS if kind else ()
            slow = {n for n in names if n.startswith("whoosh")}
            askers = {
                name: partial(_ask, engine, facets, kind == 2) for name, engine in opened.items()
            }
            fast = {n: a for n, a in askers.items() if n not in slow}
            later, first_round = interleaved(fast, wanted, rounds)
            alone = in_rounds(fast, wanted, rounds)
            if slow:
                more, more_first = interleaved(
                    {n: a for n, a in askers.items() if n in slow}, wanted[:12], 1
                )
                later.update(more)
                first_round.update(more_first)
                alone.update(more)
            for name in names:
                times = result["contenders"][name].setdefault("times", {})
                times[f"{'all' if every else 'any'}: {label}"] = {
                    "warm": asdict(Times.of(later[name])),
                    "first": asdict(Times.of(first_round[name])),
                    "alone": asdict(Times.of(alone[name])),
                }
    return result


def _ask(engine: Contender, facets: Sequence[str], snippets: bool, question: Question) -> Answer:
    return engine.ask(question, facets, snippets)


def _folder(base: Path, name: str, size: int) -> Path:
    """Where a contender's index lies; the two ways to rank of this project share theirs."""
    return base / f"{name.removesuffix('-words')}-{size}"


def _built(
    base: Path, archive: Path, name: str, size: int, workers: int, keep: bool
) -> dict[str, Any]:
    """Builds a contender's index, unless it is there and may be kept; what building took."""
    folder = _folder(base, name, size)
    done = folder / "built.json"
    if not (keep and done.exists()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        took = _step("build", name, str(folder), str(archive), str(base), str(size), str(workers))
        took["mb"] = folder_size(folder)
        done.write_text(json.dumps(took))
    result: dict[str, Any] = json.loads(done.read_text())
    return result


def _counts(opened: dict[str, Any], words: list[str]) -> dict[str, Any]:
    """How many words all contenders but the tutorial's find in the same number of documents."""
    exact = {name: c for name, c in opened.items() if name != "whoosh-jieba"}
    different = {}
    for word in words:
        found = {name: c.count(word) for name, c in exact.items()}
        if len(set(found.values())) > 1:
            different[word] = found
    return {"words": len(words), "different": different}


def _step(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], stdout=subprocess.PIPE, check=True
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@main.command(hidden=True)
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("archive", type=click.Path(path_type=Path))
@click.argument("cache", type=click.Path(path_type=Path))
@click.argument("size", type=int)
@click.argument("workers", type=int)
def build(name: str, folder: Path, archive: Path, cache: Path, size: int, workers: int) -> None:
    documents = load(archive, cache)
    before = memory()["resident"]
    # What the collection weighs is no contender's: collecting garbage passes over it.
    gc.collect()
    gc.freeze()
    begin = time.perf_counter()
    contender(name).build(Collection(documents, size), folder, workers)
    seconds = time.perf_counter() - begin
    click.echo(
        json.dumps(
            {
                "seconds": seconds,
                "per_second": size / seconds,
                "peak_mb": peak_memory(workers),
                "documents_mb": before,
            }
        )
    )


@main.command()
@click.option("--archive", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where the indexes go (kept).")
@click.option("--size", default=6000, show_default=True, help="Documents of the archive.")
@click.option("--seconds", default=3.0, show_default=True, help="Of load, for each figure twice.")
@click.option("--workers", default=2, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path))
@click.option("--markdown", type=click.Path(path_type=Path), help="Write the table to this file.")
def pages(
    archive: Path,
    folder: Path | None,
    size: int,
    seconds: float,
    workers: int,
    json_file: Path | None,
    markdown: Path | None,
) -> None:
    """Load `GET /search` of the same page over this project, tantivy-py and SQLite FTS5.

    Indexes that are in the folder already are used again.
    """
    from benchmarks.pages import measure, whole_index

    with tempfile.TemporaryDirectory() as temporary:
        base = folder or Path(temporary)
        base.mkdir(parents=True, exist_ok=True)
        documents = load(archive, base)
        size = min(size, len(documents))
        folders = {"xiezuo": whole_index(archive, base, size)}
        for name in ("tantivy", "fts5"):
            _built(base, archive, name, size, workers, keep=True)
            folders[name] = _folder(base, name, size)
        texts = [" ".join(question.words) for question in questions(documents[:size])]
        measured = measure(folders, archive, base, texts, seconds)
    shown = report.pages_table(measured, size)
    click.echo(shown)
    if json_file:
        json_file.write_text(json.dumps(measured, indent=1))
    if markdown:
        report.write(markdown, [shown], "pages")


@main.command(hidden=True)
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("port", type=int)
@click.argument("archive", type=click.Path(path_type=Path))
@click.argument("cache", type=click.Path(path_type=Path))
def page(name: str, folder: Path, port: int, archive: Path, cache: Path) -> None:
    from benchmarks.pages import serve as serve_pages

    serve_pages(name, folder, port, archive, cache)


@main.command(hidden=True)
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("word")
def serve(name: str, folder: Path, word: str) -> None:
    begin = time.perf_counter()
    engine = contender(name)
    engine.open(folder)
    question = Question((word,), every=True)
    engine.ask(question, FACETS, True)
    first = time.perf_counter() - begin
    click.echo(json.dumps({"first_answer_seconds": first, **memory()}))


if __name__ == "__main__":
    main()
