"""All results of a search to take away, streamed: CSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from flask import Blueprint, Response, current_app

from indexer.document import Document
from search_app.web import labels
from search_app.web.gateway import service, state
from search_app.web.i18n import gettext

blueprint = Blueprint("exports", __name__)

CHUNK = 64
"""Documents written at a time."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection); Chinese
spreadsheets read the full-width signs as well."""

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote goes before a dangerous sign."""
    text = text.replace("\0", "")
    return "'" + text if text.lstrip(" ").startswith(_DANGEROUS) else text


Column = tuple[str, Callable[[Document], str]]


def _columns() -> list[Column]:
    """Names and contents of the columns, with every word looked up beforehand: rows are
    written after the request is over."""
    joint = "; "
    provinces = {name: str(words) for name, words in labels.PROVINCES.items()}
    programs = {name: str(words) for name, words in labels.PROGRAMS.items()}
    flags = {name: str(words) for name, words in labels.FLAGS.items()}

    def sides(role: str) -> Callable[[Document], str]:
        return lambda d: joint.join(
            provinces.get(p.name, p.name) for p in d.provinces if not role or role in p.roles
        )

    return [
        (gettext("编号"), lambda d: d.id),
        (gettext("标题"), lambda d: d.title),
        (gettext("日期"), lambda d: d.date or ""),
        (gettext("年份"), lambda d: str(d.year or "")),
        (gettext("来源"), lambda d: d.source or ""),
        (gettext("作者"), lambda d: d.author or ""),
        (gettext("省份"), sides("")),
        (gettext("帮扶方"), sides("donor")),
        (gettext("受援方"), sides("recipient")),
        (gettext("项目类型"), lambda d: joint.join(programs.get(p.id, p.id) for p in d.programs)),
        (gettext("页面状况"), lambda d: joint.join(flags.get(f, f) for f in d.flags)),
        (gettext("转载族"), lambda d: d.family.id if d.family else ""),
        (gettext("网址"), lambda d: d.url or ""),
        (gettext("保存时间"), lambda d: d.saved or ""),
        ("SHA-256", lambda d: d.sha256),
        (gettext("正文"), lambda d: d.text),
    ]


MOST_CELL = 32_700
"""Characters that a cell of a spreadsheet holds (32,767), with room for the quote."""


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _csv(documents: Iterator[Document], columns: Sequence[Column]) -> Iterator[str]:
    yield BOM
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name for name, _ in columns])
    for batch in chain([[]], _batches(documents)):
        for document in batch:
            writer.writerow([neutral(of(document)[:MOST_CELL]) for _, of in columns])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _jsonl(documents: Iterator[Document]) -> Iterator[str]:
    for batch in _batches(documents):
        yield "".join(
            json.dumps(dataclasses.asdict(document), ensure_ascii=False, separators=(",", ":"))
            + "\n"
            for document in batch
        )


def _documents() -> Iterator[Document]:
    """The results of the search of the address. The first one is fetched here, so that a
    missing index is an error and not a file that breaks off."""
    documents = service().every(state().with_page(1), current_app.config["EXPORT_LIMIT"])
    first = next(documents, None)
    return chain([first], documents) if first is not None else iter(())


def _streamed(lines: Iterator[str], kind: str, name: str) -> Response:
    response = Response((text.encode("utf-8", "replace") for text in lines), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/export.csv")
def export_csv() -> Response:
    """The results as CSV: UTF-8 with the mark that a Chinese Excel needs to see it."""
    return _streamed(_csv(_documents(), _columns()), "text/csv; charset=utf-8", "xiezuo-export.csv")


@blueprint.get("/export.jsonl")
def export_jsonl() -> Response:
    """The results as JSON Lines, one document a line."""
    return _streamed(
        _jsonl(_documents()), "application/x-ndjson; charset=utf-8", "xiezuo-export.jsonl"
    )
