"""Tables of a run, with ratios to tantivy-py: for the terminal and for docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

REFERENCE = "tantivy"


def machine() -> str:
    """Processor kind and cores, as far as the system tells."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        model = next(
            (ln.split(":")[1].strip() for ln in lines if ln.startswith("model name")), model
        )
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def table(result: Mapping[str, Any]) -> str:
    """One size of collection as Markdown."""
    contenders: Mapping[str, Any] = result["contenders"]
    parts = [f"### {result['documents']:,} documents", ""]
    parts += _rows(
        ("", "build, documents/s", "index, MB", "peak build, MB", "serving, MB (private)",
         "first answer, s", "whole process, s"),
        (
            (
                name,
                _ratio(contenders, name, lambda c: c["build"]["per_second"], "{:,.0f}"),
                _ratio(contenders, name, lambda c: c["build"]["mb"], "{:.0f}"),
                f"{c['build']['peak_mb']:.0f}",
                f"{c['serve']['resident']:.0f} ({c['serve']['private']:.0f})",
                f"{c['serve']['first_answer_seconds']:.2f}",
                f"{c['serve']['process_seconds']:.2f}",
            )
            for name, c in contenders.items()
        ),
    )  # fmt: skip
    kinds = next(iter(contenders.values())).get("times", {})
    for which, title in (
        ("warm", "Milliseconds per question: median / p95 / p99, and the median's ratio"),
        ("alone", "The same where each is asked all questions before it is the next one's turn"),
        ("first", "The first time that a question is asked"),
    ):
        parts += ["", f"{title}:", ""]
        parts += _rows(
            ("", *kinds),
            (
                (name, *(_times(contenders, name, kind, which) for kind in kinds))
                for name in contenders
            ),
        )
    counts = result.get("counts", {})
    different = counts.get("different", {})
    parts += ["", f"{counts.get('words', 0) - len(different)} of {counts.get('words', 0)} plain "
              "words are found in the same number of documents by all (but the tutorial's)."]  # fmt: skip
    parts += [f"- {word}: {found}" for word, found in different.items()]
    return "\n".join(parts)


def pages_table(results: Mapping[str, Any], size: int) -> str:
    """Requests of the whole page under load."""
    head = [""]
    rows: dict[str, list[str]] = {name: [name] for name in results}
    for clients in results[REFERENCE]:
        head.append(f"{clients} client{'s' * (clients > 1)}: pages/s, median / p99 ms")
        best = results[REFERENCE][clients]["per_second"]
        for name, by_clients in results.items():
            r = by_clients[clients]
            ratio = "" if name == REFERENCE else f" ({r['per_second'] / best:.2f}×)"
            times = f"{r['median_ms']:.1f} / {r['p99_ms']:.1f}"
            rows[name].append(f"{r['per_second']:.0f}{ratio}, {times}")
    title = f"### GET /search, the whole page, {size:,} documents"
    return "\n".join([title, "", *_rows(head, rows.values())])


def write(path: Path, parts: Iterable[str], name: str = "benchmarks") -> None:
    """Put the tables between the marks of that name in a file (made where there are none)."""
    start, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    body = "\n\n".join((f"Measured {date.today().isoformat()} on {machine()}.", *parts))
    block = f"{start}\n{body}\n{end}"
    text = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n\n"
    if start in text:
        before, rest = text.split(start, 1)
        text = before + block + rest.split(end, 1)[1]
    else:
        text += block + "\n"
    path.write_text(text, encoding="utf-8")


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    columns = list(head)
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _ratio(contenders: Mapping[str, Any], name: str, pick: Any, form: str) -> str:
    value = pick(contenders[name])
    if REFERENCE not in contenders or name == REFERENCE:
        return form.format(value)
    return f"{form.format(value)} ({value / pick(contenders[REFERENCE]):.2f}×)"


def _times(contenders: Mapping[str, Any], name: str, kind: str, which: str) -> str:
    times = contenders[name]["times"][kind][which]
    shown = " / ".join(f"{times[key]:.2f}" for key in ("median", "p95", "p99"))
    if REFERENCE not in contenders or name == REFERENCE:
        return shown
    ratio = times["median"] / contenders[REFERENCE]["times"][kind][which]["median"]
    return f"{shown} ({ratio:.2f}×)"
