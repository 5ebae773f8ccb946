"""Write `data/idf.npz` from jieba's idf table (run at development time only).

    python -m indexer.analysis.compile_idf

Reading the table as text costs half a second and 60 MB in every process. `words` are the
CRC-32 of the words, ascending (among 278,000 words next to none collide), `idf` their
values; `other` is the median, for words that the table lacks.
"""

from __future__ import annotations

import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"


def main() -> None:
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("jieba is not installed")
    path = Path(spec.submodule_search_locations[0], "analyse", "idf.txt")
    fields = path.read_text(encoding="utf-8").split()
    words = np.array([zlib.crc32(word.encode()) for word in fields[::2]], np.uint32)
    idf = np.array(fields[1::2], np.float32)
    words, first = np.unique(words, return_index=True)
    other = np.float32(np.sort(idf)[len(idf) // 2])
    np.savez(DATA / "idf.npz", words=words, idf=idf[first].astype(np.float16), other=other)


if __name__ == "__main__":
    main()
