"""Requests of every strange kind against the whole application over a real index.

python -m tests.reliability.storm --requests 100000
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from indexer import pipeline
from search_app import create_app

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 5.0
"""A single answer may take so long on a busy machine before it counts as a finding."""

PATHS = (
    "/", "/search", "/search", "/search", "/api/v1/search", "/api/v1/search", "/api/v1/suggest",
    "/overview", "/export.csv", "/export.jsonl", "/feed.atom", "/opensearch.xml", "/healthz",
    "/help", "/api", "/documents/{id}", "/documents/{id}/original", "/api/v1/documents/{id}",
    "/api/v1/documents/{id}/similar", "/families/{id}", "/static/{id}", "/{id}",
)  # fmt: skip
NAMES = (
    "q", "province", "donor", "recipient", "place", "year", "year_from", "year_to", "program",
    "source", "flags", "family", "fold", "sort", "page", "per_page", "lang", "synonyms", "asis",
    "not_province", "not_year", "pair", "strict", "back", "n", "theme",
)  # fmt: skip
VALUES = (
    "", "残疾人", "粤桂协作 就业", "“残 疾 人”", "\"没有结束", "-", "--", "OR OR", "a OR", "title:",
    "year:9999..1", "year:2018..2020", "province:广东 -残联", "*", "残*", "*:*", "((((((", "))))",
    "~1", "残疾仁~", "none", "-1", "0", "1e9", "99999999999999999999", "２０２０", "\x00", "\x1b[31m",
    "\ud800", "𠀀𪚥", "👩🏽‍🦽", "%00", "%ff", "../../etc/passwd", "<script>alert(1)</script>",
    "'; DROP TABLE--", "=cmd|' /C calc'!A0", "{{7*7}}", "${jndi:x}", "\r\nSet-Cookie: a=b",
    "http://example.org/", "//example.org", "javascript:alert(1)", "en", "zh", "newest", "残" * 10_000,
)  # fmt: skip


def strange(how: random.Random) -> str:
    """A value that is odd in one way or another."""
    kind = how.random()
    if kind < 0.7:
        return how.choice(VALUES)
    if kind < 0.85:
        return "".join(chr(how.randrange(1, 0x3000)) for _ in range(how.randrange(30)))
    return how.choice(VALUES) + how.choice(VALUES)


def address(how: random.Random, ids: list[str]) -> str:
    """A path with parameters."""
    id_ = how.choice(ids) if how.random() < 0.6 else strange(how)
    path = how.choice(PATHS).replace("{id}", id_[:2000])
    params = [(how.choice(NAMES), strange(how)) for _ in range(how.randrange(5))]
    query = urlencode(params, errors="surrogatepass")
    quoted = path.encode("utf-8", "surrogatepass").decode("latin-1")
    return f"{quoted}?{query}"


def application(index: Path) -> tuple[Flask, list[str]]:
    """The application over an index, and ids of its documents."""
    app = create_app({"INDEX_DIR": str(index)})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/api/v1/search?per_page=100").get_json()
    return app, [hit["id"] for hit in answer["hits"]]


def blow(app: Flask, ids: list[str], requests: int, seed: int = 1) -> dict[str, Any]:
    """Send so many requests; statuses, findings and the slowest answer."""
    how = random.Random(seed)
    client = app.test_client()
    statuses: Counter[int] = Counter()
    findings: list[str] = []
    slowest = (0.0, "")
    for _ in range(requests):
        url = address(how, ids)
        began = time.perf_counter()
        response = client.get(url, headers={"Host": "localhost"})
        response.get_data()
        seconds = time.perf_counter() - began
        statuses[response.status_code] += 1
        slowest = max(slowest, (seconds, url[:200]))
        if response.status_code >= 500 or seconds > SECONDS:
            findings.append(f"{response.status_code} {seconds:.2f} s {url[:300]!r}")
        if "html" in str(response.content_type) and b"<script>alert" in response.data:
            findings.append(f"unescaped in the answer to {url[:300]!r}")
        if "Set-Cookie" in response.headers:
            findings.append(f"a cookie in the answer to {url[:300]!r}")
    return {"statuses": dict(statuses), "findings": findings, "slowest": slowest}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pipeline.build([ROOT / "seeds"], Path(folder))
        report = blow(*application(Path(folder)), given.requests)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    sys.exit(1 if report["findings"] else 0)


if __name__ == "__main__":
    main()
