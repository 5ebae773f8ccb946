"""The command line of the indexer: thin verbs that parse, call one function and print."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from indexer import __version__
from indexer.generations import IndexFolder
from indexer.terminal import errors, index_option, json_option, out, print_json, reports_errors

sources_argument = click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE…"
)
STEPS = ("facets", "repair", "duplicates")


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A callback (stage, done, total) that draws on a terminal and is silent elsewhere."""
    if quiet or not errors.is_terminal:
        yield lambda _stage, _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        bars: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(stage, total=total or None)
            progress.update(bars[stage], completed=done, total=total or None)

        yield show


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="indexer")
def cli() -> None:
    """协作档案检索：建立和管理索引。 Build and look after the search index."""


def _split_without(_context: click.Context, _option: click.Parameter, text: str) -> frozenset[str]:
    steps = frozenset(part.strip() for part in text.split(",") if part.strip())
    unknown = steps - set(STEPS)
    if unknown:
        raise click.BadParameter(
            f"没有这些步骤 (no such steps): {', '.join(sorted(unknown))}；"
            f"可选 (choose from): {', '.join(STEPS)}"
        )
    return steps


without_option = click.option(
    "--without",
    callback=_split_without,
    default="",
    metavar="STEPS",
    help="不做的步骤，逗号分隔：facets,repair,duplicates。 Steps to leave out.",
)
keep_option = click.option(
    "--keep-non-articles",
    is_flag=True,
    help="列表页、论坛页等也编入索引。 Index list pages and forums too.",
)


@cli.command()
@sources_argument
@index_option
@without_option
@keep_option
@json_option
@reports_errors
def build(
    sources: tuple[Path, ...],
    index_dir: Path,
    without: frozenset[str],
    keep_non_articles: bool,
    as_json: bool,
) -> None:
    """从头建立索引。 Build the whole index anew.

    例 Example: python -m indexer build seeds
    """
    _write("build", sources, index_dir, without, keep_non_articles, as_json)


@cli.command()
@sources_argument
@index_option
@keep_option
@json_option
@reports_errors
def update(
    sources: tuple[Path, ...], index_dir: Path, keep_non_articles: bool, as_json: bool
) -> None:
    """增加新的、替换改过的、去掉消失的文档。 Add new, replace changed, drop vanished documents.

    例 Example: python -m indexer update seeds
    """
    _write("update", sources, index_dir, frozenset(), keep_non_articles, as_json)


def _write(
    verb: str,
    sources: tuple[Path, ...],
    index_dir: Path,
    without: frozenset[str],
    keep_non_articles: bool,
    as_json: bool,
) -> None:
    from indexer import pipeline

    with progress_bar(as_json) as progress:
        work = pipeline.build if verb == "build" else pipeline.update
        options = pipeline.Options(
            without=without,
            keep_non_articles=keep_non_articles,
            command=" ".join(["indexer", verb, *map(str, sources)]),
        )
        summary = work(sources, index_dir, options, progress=progress)
    if as_json:
        print_json(summary)
        return
    _list_pages("跳过 skipped", summary["skipped"])
    _list_pages("注意 warning", summary["warnings"])
    counts = "，".join(
        f"{label} {summary[key]}" for key, label in _COUNTS.items() if key in summary
    )
    out.print(f"{counts}。{summary['seconds']:.1f} 秒 (seconds)。", style="bold")
    out.print(f"索引 generation {summary['generation']}")


def _list_pages(what: str, pages: list[dict[str, str]]) -> None:
    for page in pages[:_SHOWN]:
        out.print(f"{what} {escape(page['path'])}：{escape(page['reason'])}")
    if len(pages) > _SHOWN:
        more = len(pages) - _SHOWN
        out.print(
            f"{what}……另有 {more} 条，用 --json 查看全部。 And {more} more: see them with --json."
        )


_SHOWN = 20
_COUNTS = {
    "read": "读取 read",
    "indexed": "编入 indexed",
    "added": "新增 added",
    "updated": "更新 updated",
    "removed": "移除 removed",
    "unchanged": "未变 unchanged",
    "duplicates": "转载 reprints",
    "repaired": "疑似被篡改 tampered",
}


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--without-repair", is_flag=True, help="不做篡改检测。 Leave tampering alone.")
@keep_option
@json_option
@reports_errors
def inspect(
    paths: tuple[Path, ...], without_repair: bool, keep_non_articles: bool, as_json: bool
) -> None:
    """显示程序从网页中读出了什么，不需要索引。 Show what is made of a page; needs no index.

    例 Example: python -m indexer inspect seeds --json
    """
    from indexer import inspection

    failed = False
    for found in inspection.inspect(
        paths, repairs=not without_repair, keep_non_articles=keep_non_articles
    ):
        failed = failed or "error" in found
        if as_json:
            print_json(found)
        else:
            out.print(inspection.as_text(found), markup=False)
    if failed:
        sys.exit(1)


@cli.command()
@click.argument("text")
@json_option
@reports_errors
def analyze(text: str, as_json: bool) -> None:
    """逐步显示一段文字如何变成检索词。 Show step by step how text becomes tokens.

    例 Example: python -m indexer analyze 国办发〔2018〕12号
    """
    from indexer.analysis import load_analyzer
    from indexer.analysis.explain import explain

    steps = explain(load_analyzer(), text)
    if as_json:
        print_json(steps)
        return
    for name, value in steps.items():
        out.print(f"[bold]{escape(name)}[/]")
        for line in value if isinstance(value, list) else [value]:
            out.print(f"  {line}", markup=False)


@cli.command()
@index_option
@json_option
@reports_errors
def stats(index_dir: Path, as_json: bool) -> None:
    """显示索引的规模和各分面的数量。 Show the size of the index and its facet counts.

    例 Example: python -m indexer stats
    """
    from indexer import inspection

    found = inspection.stats(index_dir)
    if as_json:
        print_json(found)
        return
    for key, value in found.items():
        if key in {"facets", "sizes"}:
            for title, counts in value.items() if key == "facets" else [(key, value)]:
                table = Table(title=title, title_justify="left")
                table.add_column("")
                table.add_column("", justify="right")
                for name, count in list(counts.items())[:30]:
                    table.add_row(escape(str(name)), str(count))
                out.print(table)
        else:
            out.print(f"{key}: {value}", markup=False)


@cli.command()
@index_option
@json_option
@reports_errors
def check(index_dir: Path, as_json: bool) -> None:
    """核对索引每个文件的校验值。 Check every file of the index against its digest.

    例 Example: python -m indexer check
    """
    folder = IndexFolder(index_dir)
    folder.check_safe()
    folder.require()
    findings = folder.check()
    damaged = {name: found for name, found in findings.items() if found and name != "remains"}
    if as_json:
        print_json({"ok": not damaged, "generations": findings})
    else:
        for name, found in findings.items():
            for sentence in found or ["完好 sound"]:
                out.print(f"{name}: {sentence}", markup=False)
    if damaged:
        errors.print(
            "索引有损坏：运行 python -m indexer rollback 退回上一代，或重建。"
            " The index is damaged: roll back or rebuild.",
            soft_wrap=True,
        )
        sys.exit(1)


@cli.command()
@index_option
@json_option
@reports_errors
def generations(index_dir: Path, as_json: bool) -> None:
    """列出保存的各代索引。 List the generations that are kept.

    例 Example: python -m indexer generations
    """
    from indexer import inspection

    found = inspection.generations(index_dir)
    if as_json:
        print_json({"generations": found})
        return
    for entry in found:
        mark = "→" if entry["current"] else " "
        state = entry.get("error") or f"{entry['documents']} 篇文档 documents"
        out.print(f"{mark} {entry['name']}  {state}", markup=False)


@cli.command()
@click.option("--to", default=None, metavar="NAME", help="要选用的一代。 The generation to use.")
@index_option
@json_option
@reports_errors
def rollback(index_dir: Path, to: str | None, as_json: bool) -> None:
    """退回上一代索引。 Go back to the generation before.

    例 Example: python -m indexer rollback
    """
    folder = IndexFolder(index_dir)
    folder.require()
    with folder.writing():
        generation = folder.rollback(to)
    if as_json:
        print_json({"generation": generation.name, "documents": generation.manifest.documents})
    else:
        out.print(f"现在使用 now in use: {generation.name}")


def main() -> None:
    """Console entry point."""
    cli(prog_name="indexer")
