"""The long run: ten thousand damaged pages, in bounded memory and without a surprise."""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from indexer.document import RawPage
from indexer.errors import PageRejected
from indexer.extract import extract
from tests.extract.pages import ARTICLE, page

PAGES = 10_000
MEMORY = 512 << 20
"""Bytes of memory that a process reading damaged pages may come to."""

SNIPPETS = (
    b"<!--", b"<script>", b"</script", b"</html>", b"<table>", b'"', b"'", b"<div>" * 300, b"<font>" * 200,
    b"&#xD800;", b"<title>", b"</p>", b"<![CDATA[", b'<?xml encoding="utf-16"?>', b"\xff\xfe", b"\0" * 9,
    b"<iframe srcdoc='", b"<a " * 50, b"\xe3\x80", b"<!DOCTYPE x [<!ENTITY a '&a;&a;'>]>",
)  # fmt: skip
HUGE = (
    b"<div>" * 90_000 + ARTICLE.encode(),
    b"<table><tr><td>" * 30_000,
    b"<p " + b"a='1' " * 200_000 + b">" + ARTICLE.encode(),
    b"<p title='" + b"x" * 20_000_000 + b"'>" + ARTICLE.encode(),
    (f"<p>{'字' * 100}，</p>" * 12_000).encode(),
    b"<script>" * 200_000,
    b"<p>" + b"&amp;" * 600_000,
    b"a" * 200_000_000,
)


def damaged(originals: list[bytes], seed: int) -> Iterator[bytes]:
    """Pages cut, spliced, doubled, with bytes changed and markup strewn in."""
    chance = random.Random(seed)
    for _ in range(PAGES):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.choice((1, 3, 10, 50))):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(6):
                case 0:
                    del data[max(1, at) :]
                case 1:
                    del data[at : at + chance.randrange(2000)]
                case 2:
                    data[at:at] = chance.randbytes(chance.randrange(40))
                case 3:
                    data[at:at] = data[at // 2 : at // 2 + chance.randrange(3000)]
                case 4:
                    data[at:at] = chance.choice(SNIPPETS)
                case _:
                    data[at : at + 1] = bytes([chance.randrange(256)])
        yield bytes(data[:2_000_000])
    yield from HUGE


def read_all(originals: list[bytes], answer: Connection) -> None:
    """In a process of its own: read everything, answer with outcomes and peak memory."""
    outcomes: Counter[str] = Counter()
    for data in damaged(originals, seed=20):
        try:
            document = extract(RawPage("page", data, "html"))
            (document.title + document.text).encode()
            outcomes["read"] += 1
        except PageRejected as rejected:
            outcomes[rejected.reason] += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer.send((outcomes, peak * (1 if sys.platform == "darwin" else 1024)))


@pytest.mark.soak
def test_ten_thousand_damaged_pages(shared: Path) -> None:
    files = sorted((shared / "gold" / "extraction" / "pages").rglob("*.*html"))
    originals = [file.read_bytes() for file in files if file.stat().st_size < 250_000]
    originals += [page().encode(), page().encode("gb18030")]
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=read_all, args=(originals, sender))
    process.start()
    sender.close()
    outcomes, peak = receiver.recv()  # EOFError: the process died of a page
    process.join()
    print(f"\n{dict(outcomes)}, peak memory {peak >> 20} MB")
    assert sum(outcomes.values()) == PAGES + len(HUGE)
    assert outcomes["read"] > PAGES / 4
    assert peak < MEMORY
