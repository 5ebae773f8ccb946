"""Coverage-guided fuzzing of everything that reads what strangers wrote (needs atheris).

    python -m pip install '.[soak]'
    python -m tests.reliability.fuzz page  -runs=1000000
    python -m tests.reliability.fuzz query -runs=5000000
    python -m tests.reliability.fuzz state -runs=5000000

A target may only raise what it documents; anything else is a finding, and atheris
writes the input that shows it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["indexer", "search_app"]):
    from indexer.document import RawPage
    from indexer.errors import PageRejected
    from indexer.extract import extract
    from search_app.search.query import parse
    from search_app.search.state import SearchState


def page(data: bytes) -> None:
    kinds = ("html", "text", "markdown")
    kind = kinds[data[0] % 3] if data else "html"
    try:
        document = extract(RawPage("page", data[1:], kind))  # type: ignore[arg-type]
    except PageRejected:
        return
    size = len(document.text)
    assert all(0 <= span.start <= span.end <= size for span in document.spans)
    assert all(0 <= caption.offset <= size for caption in document.captions)


def query(data: bytes) -> None:
    parse(data.decode("utf-8", "surrogatepass" if len(data) % 2 else "replace"))


def state(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    names = ("q", "province", "year", "page", "per_page", "sort", "fold", "not_program", "family")
    params: dict[str, list[str]] = {}
    while provider.remaining_bytes():
        name = names[provider.ConsumeIntInRange(0, len(names) - 1)]
        params.setdefault(name, []).append(provider.ConsumeUnicode(20))
    found = SearchState.from_params(params)
    again: dict[str, list[str]] = {}
    for name, value in found.params():
        again.setdefault(name, []).append(value)
    assert SearchState.from_params(again) == found


def _tolerant(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        try:
            target(data)
        except UnicodeDecodeError:
            return

    return run


TARGETS = {"page": page, "query": _tolerant(query), "state": state}


if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
