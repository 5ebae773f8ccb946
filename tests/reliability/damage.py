"""Damaged pages of every kind, made from whole ones with a fixed seed.

python -m tests.reliability.damage --pages 10000     # writes them, builds, reports
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY = 2 << 30
"""Bytes of address space that each process of the build may use."""

Damage = Callable[[bytes, random.Random], bytes]


def truncated(page: bytes, how: random.Random) -> bytes:
    return page[: how.randrange(len(page))]


def nested(page: bytes, how: random.Random) -> bytes:
    tag = how.choice([b"div", b"span", b"table", b"b", b"ul"])
    depth = how.choice([200, 5_000, 100_000])
    at = how.randrange(len(page))
    return page[:at] + b"<%s>" % tag * depth + page[at:]


def entity_bomb(page: bytes, how: random.Random) -> bytes:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    return f'<!DOCTYPE x [<!ENTITY e0 "残联">{entities}]>&e12;'.encode() + page


def nulls(page: bytes, how: random.Random) -> bytes:
    data = bytearray(page)
    for _ in range(how.randrange(1, 400)):
        data.insert(how.randrange(len(data)), 0)
    return bytes(data)


def huge_attribute(page: bytes, how: random.Random) -> bytes:
    return page.replace(b"<p", b'<p data-x="' + b"x" * how.choice([10_000, 3_000_000]) + b'"', 1)


def wrong_encoding(page: bytes, how: random.Random) -> bytes:
    wrong = how.choice([b"utf-16", b"iso-8859-1", b"big5", b"x-none", b"utf-7", b"shift_jis"])
    return page.replace(b"utf-8", wrong).replace(b"gb2312", wrong)


def flipped(page: bytes, how: random.Random) -> bytes:
    data = bytearray(page)
    for _ in range(how.randrange(1, 200)):
        data[how.randrange(len(data))] ^= 1 << how.randrange(8)
    return bytes(data)


def doubled(page: bytes, how: random.Random) -> bytes:
    return page * how.choice([2, 30])


def shuffled(page: bytes, how: random.Random) -> bytes:
    pieces = page.split(b"<")
    how.shuffle(pieces)
    return b"<".join(pieces)


def twice_encoded(page: bytes, how: random.Random) -> bytes:
    return page.decode("utf-8", "replace").encode("latin-1", "replace")


def noise(page: bytes, how: random.Random) -> bytes:
    return how.randbytes(how.randrange(1, 50_000))


def unclosed(page: bytes, how: random.Random) -> bytes:
    opening = how.choice(
        [b"<!--", b"<script>", b"<style>", b"<title>", b"<textarea>", b"<![CDATA["]
    )
    at = how.randrange(len(page))
    return page[:at] + opening + page[at:]


def comment_flood(page: bytes, how: random.Random) -> bytes:
    return page + b"<!-- x -->" * how.choice([1_000, 200_000])


DAMAGES: tuple[Damage, ...] = (
    truncated, nested, entity_bomb, nulls, huge_attribute, wrong_encoding, flipped,
    doubled, shuffled, twice_encoded, noise, unclosed, comment_flood,
)  # fmt: skip


def write_pages(folder: Path, pages: int) -> None:
    """So many damaged pages, every kind in turn, made from the sample documents."""
    how = random.Random(11)
    whole = [path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.*htm*"))]
    for number in range(pages):
        damage = DAMAGES[number % len(DAMAGES)]
        data = damage(how.choice(whole), how)
        (folder / f"{number:06d}-{damage.__name__}.html").write_bytes(data)


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def build(archive: Path, index: Path, seconds: float) -> tuple[dict[str, object], float]:
    """Build within the memory limit; the summary and the largest resident size in MB."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "indexer", "build", str(archive), "--index", str(index), "--json"],
        capture_output=True, timeout=seconds, preexec_fn=limit, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stdout.decode() + done.stderr.decode())
    summary: dict[str, object] = json.loads(done.stdout)
    summary["wall"] = time.perf_counter() - began
    return summary, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pages").mkdir()
        write_pages(folder / "pages", given.pages)
        summary, memory = build(folder / "pages", folder / "index", 3600)
    skipped = summary.pop("skipped")
    assert isinstance(skipped, list)
    codes = Counter(entry["code"] for entry in skipped)
    print(json.dumps({**summary, "skipped": codes, "largest_mb": round(memory)}, indent=1))


if __name__ == "__main__":
    main()
