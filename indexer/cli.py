"""The command line of the indexer: thin verbs that parse, call one function and print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from indexer import __version__, config
from indexer.errors import OutOfMemory, XiezuoError
from indexer.generations import IndexFolder

Command = TypeVar("Command", bound=Callable[..., Any])

_console = Console(stderr=True)
_out = Console(highlight=False, soft_wrap=True)

index_option = click.option(
    "--index",
    "index_dir",
    type=click.Path(path_type=Path),
    default=None,
    help="索引目录，默认 $INDEX_DIR 或 index。 The index folder.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="只输出 JSON。 Print JSON and nothing else."
)
sources_argument = click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE…"
)
STEPS = ("facets", "repair", "duplicates")


def print_json(value: Any) -> None:
    """One JSON value on one line. Lone surrogates of odd file names are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value)
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def reports_errors(function: Command) -> Command:
    """Turn expected errors into a sentence, the next step and the right exit status."""

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except XiezuoError as error:
            _fail(error, as_json=bool(kwargs.get("as_json")))
        except MemoryError:
            _fail(OutOfMemory(), as_json=bool(kwargs.get("as_json")))
        except ImportError as error:
            # So a library that cannot be mapped into memory says it.
            if "failed to map" not in str(error) and "cannot allocate" not in str(error):
                raise
            _fail(OutOfMemory(), as_json=bool(kwargs.get("as_json")))
        except BrokenPipeError:
            # The reader of our output has gone (`| head`): nothing is left to say.
            sys.stderr.close()
            sys.exit(0)

    return wrapped  # type: ignore[return-value]


def _fail(error: XiezuoError, *, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"error": error.to_json()})
    _console.print(f"[bold red]错误 Error[/]: {escape(error.message)}", soft_wrap=True)
    if error.hint:
        _console.print(f"  → {escape(error.hint)}", soft_wrap=True)
    sys.exit(error.exit_status)


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A callback (stage, done, total) that draws on a terminal and is silent elsewhere."""
    if quiet or not _console.is_terminal:
        yield lambda _stage, _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_console, transient=True) as progress:
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
    index_dir: Path | None,
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
    sources: tuple[Path, ...], index_dir: Path | None, keep_non_articles: bool, as_json: bool
) -> None:
    """增加新的、替换改过的、去掉消失的文档。 Add new, replace changed, drop vanished documents.

    例 Example: python -m indexer update seeds
    """
    _write("update", sources, index_dir, frozenset(), keep_non_articles, as_json)


def _write(
    verb: str,
    sources: tuple[Path, ...],
    index_dir: Path | None,
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
        summary = work(sources, index_dir or config.index_dir(), options, progress=progress)
    if as_json:
        print_json(summary)
        return
    for skipped in summary["skipped"][:20]:
        _out.print(f"跳过 skipped {escape(skipped['path'])}：{escape(skipped['reason'])}")
    if len(summary["skipped"]) > 20:
        _out.print(f"……另有 {len(summary['skipped']) - 20} 页被跳过，用 --json 查看全部。")
    for warning in summary["warnings"][:20]:
        _out.print(f"注意 warning {escape(warning['path'])}：{escape(warning['reason'])}")
    counts = "，".join(
        f"{label} {summary[key]}" for key, label in _COUNTS.items() if key in summary
    )
    _out.print(f"{counts}。{summary['seconds']:.1f} 秒 (seconds)。", style="bold")
    _out.print(f"索引 generation {summary['generation']}")


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
            _out.print(inspection.as_text(found), markup=False)
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

    steps = explain(load_analyzer(config.user_dir()), text)
    if as_json:
        print_json(steps)
        return
    for name, value in steps.items():
        _out.print(f"[bold]{escape(name)}[/]")
        for line in value if isinstance(value, list) else [value]:
            _out.print(f"  {line}", markup=False)


@cli.command()
@index_option
@json_option
@reports_errors
def stats(index_dir: Path | None, as_json: bool) -> None:
    """显示索引的规模和各分面的数量。 Show the size of the index and its facet counts.

    例 Example: python -m indexer stats
    """
    from indexer import inspection

    found = inspection.stats(index_dir or config.index_dir())
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
                _out.print(table)
        else:
            _out.print(f"{key}: {value}", markup=False)


@cli.command()
@index_option
@json_option
@reports_errors
def check(index_dir: Path | None, as_json: bool) -> None:
    """核对索引每个文件的校验值。 Check every file of the index against its digest.

    例 Example: python -m indexer check
    """
    folder = IndexFolder(index_dir or config.index_dir())
    folder.check_safe()
    if not folder.names():
        folder.current_name()
    findings = folder.check()
    damaged = {name: found for name, found in findings.items() if found and name != "remains"}
    if as_json:
        print_json({"ok": not damaged, "generations": findings})
    else:
        for name, found in findings.items():
            for sentence in found or ["完好 sound"]:
                _out.print(f"{name}: {sentence}", markup=False)
    if damaged:
        _console.print(
            "索引有损坏：运行 python -m indexer rollback 退回上一代，或重建。"
            " The index is damaged: roll back or rebuild.",
            soft_wrap=True,
        )
        sys.exit(1)


@cli.command()
@index_option
@json_option
@reports_errors
def generations(index_dir: Path | None, as_json: bool) -> None:
    """列出保存的各代索引。 List the generations that are kept.

    例 Example: python -m indexer generations
    """
    from indexer import inspection

    found = inspection.generations(index_dir or config.index_dir())
    if as_json:
        print_json({"generations": found})
        return
    for entry in found:
        mark = "→" if entry["current"] else " "
        state = entry.get("error") or f"{entry['documents']} 篇文档 documents"
        _out.print(f"{mark} {entry['name']}  {state}", markup=False)


@cli.command()
@click.option("--to", default=None, metavar="NAME", help="要选用的一代。 The generation to use.")
@index_option
@json_option
@reports_errors
def rollback(index_dir: Path | None, to: str | None, as_json: bool) -> None:
    """退回上一代索引。 Go back to the generation before.

    例 Example: python -m indexer rollback
    """
    folder = IndexFolder(index_dir or config.index_dir())
    if not folder.names():
        folder.current_name()
    with folder.writing():
        generation = folder.rollback(to)
    if as_json:
        print_json({"generation": generation.name, "documents": generation.manifest.documents})
    else:
        _out.print(f"现在使用 now in use: {generation.name}")


def main() -> None:
    """Console entry point."""
    cli(prog_name="indexer")
