"""Coverage-guided fuzzing of everything that reads what strangers wrote (needs atheris).

    python -m pip install '.[soak]'
    python -m tests.reliability.fuzz page  -runs=1000000 -timeout=60
    python -m tests.reliability.fuzz query -runs=3000000 -max_len=80
    python -m tests.reliability.fuzz state -runs=3000000 -max_len=200

A target may only raise what it documents and must keep its bounds; anything else is a
finding, and atheris writes the input that shows it. Query and state are read without
analyzer and index, so millions take minutes; a page goes through the whole reader.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["indexer", "search_app"]):
    from indexer.document import RawPage
    from indexer.errors import PageRejected
    from indexer.extract import extract
    from search_app.search.query import MAX_TERMS, parse
    from search_app.search.state import MAX_PER_PAGE, MAX_RESULTS, MAX_VALUES, SearchState

# What the query language is made of. Bytes alone seldom spell a sign of three bytes, so
# every second input is written in these.
PIECES = (
    *" \t\u3000|-*~:\"'()“”「」｜－＊～：．\u200b\0\n", "OR", "AND", "NOT", " OR ", " -", "~1", "~2",
    "title", "标题", "year", "年份", "省份:", "program:", "2018", "..", "2018..2020", "残疾人",
    "就业", "残", "a", "COVID-19", "http://x/", "９", "Ａ", "𠀀", "\ud800", "é", "ß", "ǰ", "İ",
)  # fmt: skip


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


def text_of(data: bytes) -> str:
    """Bytes as a visitor's text: in UTF-8, broken or not, or in pieces of the language."""
    if data[:1] < b"\x80":
        return data[1:].decode("utf-8", "replace")
    return "".join(PIECES[byte % len(PIECES)] for byte in data[1:])


def query(data: bytes) -> None:
    found = parse(text_of(data))
    terms = [term for clause in found.clauses for term in clause.terms]
    assert len(terms) <= MAX_TERMS
    assert all(clause.terms for clause in found.clauses)
    assert all(any(sign.isalnum() for sign in term.text) for term in terms)


NAMES = (
    "q", "province", "year", "year_from", "year_to", "not_year", "not_program", "source", "family",
    "fold", "sort", "page", "per_page", "synonyms", "asis", "strict",
)  # fmt: skip
VALUES = (
    "", "none", "0", "1", "-1", "99999999999999999999", "1e9", "2018", "2018..2020", "9999..1000",
    "..2020", "2018至2020年", "２０１８", "newest", "true", "off", "广东", "残" * 300, "\0", "\ud800",
)  # fmt: skip


def state(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    params: dict[str, list[str]] = {}
    while provider.remaining_bytes():
        name = NAMES[provider.ConsumeIntInRange(0, len(NAMES) - 1)]
        known = provider.ConsumeIntInRange(0, 2 * len(VALUES))
        value = VALUES[known] if known < len(VALUES) else provider.ConsumeUnicode(20)
        params.setdefault(name, []).append(value)
    found = SearchState.from_params(params)
    assert found.page >= 1
    assert 1 <= found.per_page <= MAX_PER_PAGE
    assert found.offset <= MAX_RESULTS
    assert all(len(choice.values) <= MAX_VALUES for _, choice in found.choices)
    again: dict[str, list[str]] = {}
    for name, value in found.params():
        again.setdefault(name, []).append(value)
    assert SearchState.from_params(again) == found


TARGETS: dict[str, Callable[[bytes], None]] = {"page": page, "query": query, "state": state}


if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
