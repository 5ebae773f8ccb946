"""The command line of search: thin verbs that parse, call one function and print."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from indexer import __version__
from indexer.errors import DataError, UsageError
from indexer.terminal import index_option, json_option, out, print_json, reports_errors
from search_app import config
from search_app.search.labels import PROGRAM_LABELS
from search_app.search.results import Explanation, SearchHit, SearchResults, to_json
from search_app.search.service import SearchService
from search_app.search.state import MAX_PER_PAGE, SORTS, SearchState

RUN_TAG = "xiezuo"
MOST_RANKED = 1_000
_FACET_OPTIONS = ("province", "donor", "recipient", "program", "source", "year")
_MISTAKES = {"bad_year", "bad_number", "bad_choice"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="search-app")
def main() -> None:
    """在索引中检索，或启动网页服务。

    Search an index, or serve the search page.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。 Address.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="端口。 Port."
)
@index_option
@reports_errors
def serve(host: str, port: int, index_dir: Path) -> None:
    """启动网页与接口服务。

    Serve the pages and the API. Stops calmly on Ctrl+C or SIGTERM.

    \b
    Example: search-app serve --port 8080
    """
    # Flask is loaded for this verb alone, so that queries start fast.
    from search_app import create_app
    from search_app.web.server import serve as serve_app

    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    settings = config.app_config()
    settings["INDEX_DIR"] = str(index_dir)
    try:
        serve_app(
            create_app(settings),
            host,
            port,
            threads=config.SETTINGS.number("XIEZUO_THREADS") or 1,
            announce=lambda url: click.echo(f"{url}  (Ctrl+C 停止 to stop)"),
        )
    except OSError as error:
        raise UsageError(
            f"无法在 {host}:{port} 监听：{error.strerror or error}。 The address cannot be bound.",
            "换一个端口：search-app serve --port 8001 Take another port.",
        ) from error


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("text", nargs=-1, metavar="TEXT")
@click.option("--province", multiple=True, help="省份，可重复。 Province (repeat for either).")
@click.option("--donor", multiple=True, help="帮扶方省份。 Province that gives.")
@click.option("--recipient", multiple=True, help="受援方省份。 Province that receives.")
@click.option("--year", multiple=True, help="年份：2018 或 2018..2020。 Year or span of years.")
@click.option("--program", multiple=True, help="项目类型代码。 Program id.")
@click.option("--source", multiple=True, help="来源。 Source.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True)
@click.option(
    "--limit", type=click.IntRange(1, MAX_PER_PAGE), default=10, show_default=True,
    help="每页条数。 Hits per page.",
)  # fmt: skip
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="页码。 Page.")
@click.option("--no-fold", is_flag=True, help="不合并转载。 Show every reprint.")
@click.option("--explain", is_flag=True, help="逐词说明得分。 Show why each hit has its score.")
@index_option
@json_option
@reports_errors
def query(
    text: tuple[str, ...],
    sort: str,
    limit: int,
    page: int,
    no_fold: bool,
    explain: bool,
    index_dir: Path,
    as_json: bool,
    **facets: tuple[str, ...],
) -> None:
    """检索，回答与接口 /api/v1/search 相同。

    Search; the answer is that of the API.

    \b
    Example: search-app query 粤桂协作 残疾人 --year 2018..2020 --json
    """
    params: dict[str, Sequence[str]] = {name: facets[name] for name in _FACET_OPTIONS}
    params |= {
        "q": [" ".join(text)], "sort": [sort], "per_page": [str(limit)], "page": [str(page)],
        "fold": ["0" if no_fold else "1"],
    }  # fmt: skip
    state = SearchState.from_params(params)
    for note in state.notes:
        if note.code in _MISTAKES:
            given = dict(note.values)["value"]
            raise UsageError(
                f"选项的值“{given}”无法识别。 The value “{given}” of an option is not understood.",
                "查看用法：search-app query --help See the help.",
            )
    service = SearchService(index_dir)
    results = service.search(state)
    reasons = [service.explain(hit.id, results.state) for hit in results.hits if explain]
    if as_json:
        answer = to_json(results, PROGRAM_LABELS)
        for hit, reason in zip(answer["hits"], reasons, strict=False):
            hit["explanation"] = reason.to_json()["parts"]
        print_json(answer)
    else:
        _show(results, reasons)


def _show(results: SearchResults, reasons: Sequence[Explanation]) -> None:
    """Print results for a person."""
    folded = f"，合并转载后 {results.total_results} 条" if results.state.folded else ""
    out.print(
        f"[bold]{results.total}[/] 篇{folded} · 第 {results.state.page}/{max(results.pages, 1)} 页"
        f" · {results.took_ms:.1f} ms"
    )
    for part in results.understood:
        if part.kind == "synonym":
            out.print(f"[dim]  {escape(part.text)} → {escape('、'.join(part.reading))}[/]")
        elif part.note is not None:
            out.print(f"[yellow]  {escape(part.note.message())}[/]")
    for note in results.notes:
        out.print(f"[yellow]  {escape(note.message())}[/]")
    for place, hit in enumerate(results.hits):
        _show_hit(hit)
        for reason in reasons[place : place + 1]:
            for score in reason.parts:
                detail = " ".join(f"{name}={value}" for name, value in score.detail.items())
                out.print(f"     [dim]{score.score:8.3f}  {escape(score.label)}  {detail}[/]")
    for suggestion in results.suggestions:
        out.print(f"您要找的是不是：[bold]{escape(suggestion)}[/]")


def _show_hit(hit: SearchHit) -> None:
    about = [part for part in (hit.date, hit.source) if part]
    about += ["、".join(province.name for province in hit.provinces)] if hit.provinces else []
    out.print(f"\n{hit.number:>3}. {_marked(hit.title_html) or escape(hit.id)}")
    out.print(f"     [dim]{escape(' · '.join([*about, hit.id]))}  {hit.score:.3f}[/]")
    for snippet in hit.snippets:
        out.print(f"     {_marked(snippet)}")


def _marked(html: str) -> str:
    """A marked passage as console markup."""
    pieces = re.split("</?mark>", html)
    texts = [unescape(piece) for piece in pieces]
    return "".join(
        f"[bold red]{escape(text)}[/]" if place % 2 and text else escape(text)
        for place, text in enumerate(texts)
    )


@main.command()
@click.argument("queries", type=click.File("rb"))
@click.option(
    "--limit", type=click.IntRange(1, MOST_RANKED), default=10, show_default=True,
    help="每个查询的条数。 Documents per query.",
)  # fmt: skip
@index_option
@json_option
@reports_errors
def batch(queries: Any, limit: int, index_dir: Path, as_json: bool) -> None:
    """逐行检索 QUERIES（编号<TAB>查询），输出 TREC 格式的结果，不合并转载。

    Rank documents for each line of QUERIES (qid<TAB>text; - is standard input) and print a
    TREC run: qid Q0 docid rank score tag. Reprint families are not folded. Where few
    documents fit, looser readings fill up the list.

    \b
    Example: search-app batch queries.tsv --limit 100 > run.txt
    """
    wanted = list(_read_queries(queries))
    service = SearchService(index_dir)
    for qid, text in wanted:
        for rank, (document_id, score) in enumerate(service.rank(text, limit), 1):
            if as_json:
                print_json({"qid": qid, "docid": document_id, "rank": rank, "score": score})
            else:
                name = re.sub(r"\s", "_", document_id)
                click.echo(f"{qid} Q0 {name} {rank} {score:.6f} {RUN_TAG}")


def _read_queries(file: Any) -> Iterator[tuple[str, str]]:
    """(qid, text) of each line; more columns are ignored. Raises DataError."""
    for number, line in enumerate(file.read().decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            continue
        qid, tab, text = line.partition("\t")
        if not tab or not qid.strip() or re.search(r"\s", qid.strip()):
            raise DataError(
                f"第 {number} 行不是“编号<TAB>查询”。 Line {number} is not qid<TAB>text.",
                "每行写一个编号、一个制表符和查询文字。 Write an id, a tab and the query on each line.",
            )
        yield qid.strip(), text.partition("\t")[0]
