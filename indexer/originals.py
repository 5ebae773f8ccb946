"""The saved page that a document was made from, read back from its source.

An index holds no copy of the pages: their folders are the archive. A page is
given out only while its bytes are those that were indexed (SHA-256), so a
changed, swapped or planted file is never shown as the original.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256 as digest
from pathlib import PurePosixPath

from indexer.document import RawPage
from indexer.errors import DataError
from indexer.sources import InputRef, read_pages, read_record
from indexer.sources.names import shown


class OriginalMissing(DataError):
    """The saved page is no longer where it was, or no longer what it was."""

    code = "original_missing"


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes as saved, `text/html` or `text/plain`; `encoding` is what they are to be
    read as, None where the page itself says it."""

    data: bytes
    media: str
    encoding: str | None


def read_original(sources: Iterable[str], path: str, sha256: str, encoding: str) -> Original:
    """The saved page of a document.

    `sources` are the manifest's, `path`, `sha256` and `encoding` the document's.
    Raises OriginalMissing.
    """
    changed = False
    for page in _pages(sources, path):
        if digest(page.data).hexdigest() == sha256:
            return _original(page, encoding)
        changed = True
    if changed:
        raise OriginalMissing(
            "保存的网页在编入索引之后被改动过，不再显示。"
            " The saved page was changed after it was indexed.",
            "重新运行 python -m indexer update 后再看。 Run `indexer update`, then look again.",
        )
    raise OriginalMissing(
        "保存的网页已不在原来的位置。 The saved page is no longer where it was.",
        "把资料目录放回原处，或在新位置重建索引。"
        " Put the folder back, or rebuild from where it is now.",
    )


def _pages(sources: Iterable[str], path: str) -> Iterator[RawPage]:
    """What stands at a document's path today, read as a build reads it."""
    name, mark, line = path.rpartition("#")
    if not mark or not name.lower().endswith((".jsonl", ".jsonl.gz")):
        name, line = path, ""
    for source in sources:
        ref = _input(source, name)
        if ref is None:
            continue
        found = [read_record(ref, int(line))] if line.isdecimal() else read_pages(ref)
        yield from (page for page in found if isinstance(page, RawPage))


def _input(source: str, name: str) -> InputRef | None:
    """The file of a source that is shown as `name`: names in old archives are no UTF-8."""
    if not os.path.isdir(source):  # noqa: PTH112 - Path would cost and lose bytes
        root, path = os.path.split(source)
        return InputRef(root, path) if shown(path) == name else None
    if ".." in (parts := PurePosixPath(name).parts) or name.startswith("/"):
        return None
    if os.path.lexists(f"{source}/{name}"):
        return InputRef(source, name)
    path = ""
    for part in parts:
        try:
            entries = os.listdir(f"{source}/{path}")  # noqa: PTH208
        except OSError:
            return None
        entry = next((entry for entry in entries if shown(entry) == part), None)
        if entry is None:
            return None
        path = f"{path}/{entry}".lstrip("/")
    return InputRef(source, path)


def _original(page: RawPage, encoding: str) -> Original:
    if page.record is None:
        return Original(page.data, "text/html" if page.kind == "html" else "text/plain", encoding)
    # A record's page where it holds one, else the record itself, laid out to read.
    markup = page.record.get("html")
    if isinstance(markup, str) and markup:
        return Original(markup.encode("utf-8", "replace"), "text/html", "utf-8")
    text = json.dumps(page.record, ensure_ascii=False, indent=2)
    return Original(text.encode("utf-8", "replace"), "text/plain", "utf-8")
