"""How the time to find reprint families grows: `python -m benchmarks.duplicates [MOST]`.

Takes the archive of the labelled data (XIEZUO_SHARED or ../shared) and makes larger ones of
it by changing every fifth sentence's characters, so that copies are new documents with the
same lengths and the same set phrases; families stay those of the original.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import time
from pathlib import Path

from indexer.document import Document
from indexer.duplicates import Signature, families, signature


def documents(shared: Path) -> list[str]:
    """The bodies of the archive."""
    path = shared / "gold/retrieval/archive.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def changed(text: str, rng: random.Random) -> str:
    """The text with most of its words elsewhere: no reprint, but as long and as common."""
    sentences = text.split("。")
    for number, sentence in enumerate(sentences):
        if number % 5:
            pieces = [sentence[i : i + 3] for i in range(0, len(sentence), 3)]
            rng.shuffle(pieces)
            sentences[number] = "".join(pieces)
    return "。".join(sentences)


def main() -> None:
    """Print a row for each size."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 96_000
    root = Path(__file__).resolve().parents[1]
    bodies = documents(Path(os.environ.get("XIEZUO_SHARED", root.parent / "shared")))
    rng = random.Random(1)
    signatures: list[Signature] = []
    sizes = [size for size in (6_000, 12_000, 24_000, 48_000, 96_000, 192_000) if size <= most]
    sketching = 0.0
    print("documents  sketch ms/document  families s  µs/document  in families")
    for size in sizes:
        while len(signatures) < size:
            number = len(signatures)
            text = bodies[number % len(bodies)]
            if number >= len(bodies):
                text = changed(text, rng)
            begin = time.process_time()
            signatures.append(signature(Document(id=str(number), path="", text=text)))
            sketching += time.process_time() - begin
        begin = time.process_time()
        found = families(signatures)
        seconds = time.process_time() - begin
        print(
            f"{size:9,}  {sketching / size * 1000:18.3f}  {seconds:10.2f}"
            f"  {seconds / size * 1e6:11.1f}  {len(found):11,}",
            flush=True,
        )


if __name__ == "__main__":
    main()
