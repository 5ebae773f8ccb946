"""Fold text for matching, one character to one, and say what kind each character is.

Full width, case, accents, Traditional Chinese, radicals, variants of punctuation, of spaces
and of zero-width signs are folded by one table look-up over the code points, so that an
offset into the folded text is an offset into the text as it was written. The tables are
data (`data/fold.tsv`, `data/letters.tsv`), made by `compile_fold`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
CODE_POINTS = 0x110000
HAN_RANGES = (
    (0x3005, 0x3005),
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)

# Kinds of characters, after folding.
GAP = 0  # punctuation, symbols, controls: ends a word and a phrase
HAN = 1
ALNUM = 2  # letters and digits of every other script
SPACE = 3  # transparent between Han
NEWLINE = 4  # one is transparent between Han, a blank line is a gap
IGNORED = 5  # zero width: as if it were not there

Codes = NDArray[np.uint32]


class Tables(NamedTuple):
    """`fold[code]` is the folded code point, `kind[code]` the kind of the folded one."""

    fold: NDArray[np.uint32]
    kind: NDArray[np.uint8]


@cache
def tables() -> Tables:
    """The two tables, read once per process (about 10 ms, 5.5 MB)."""
    fold = np.arange(CODE_POINTS, dtype=np.uint32)
    pairs = _pairs(DATA / "fold.tsv")
    fold[pairs[:, 0]] = pairs[:, 1]
    kind = np.zeros(CODE_POINTS, dtype=np.uint8)
    for first, last in _pairs(DATA / "letters.tsv").tolist():
        kind[first : last + 1] = ALNUM
    for first, last in HAN_RANGES:
        kind[first : last + 1] = HAN
    kind[0x20] = SPACE
    kind[0x0A] = NEWLINE
    kind[0x200B] = IGNORED
    kind = kind[fold]
    kind[0x09] = GAP  # parts the cells of a table
    return Tables(fold, kind)


def _pairs(path: Path) -> NDArray[np.int64]:
    lines = path.read_text(encoding="utf-8").splitlines()
    numbers = [int(part, 16) for line in lines if line[0] != "#" for part in line.split("\t")]
    return np.array(numbers, dtype=np.int64).reshape(-1, 2)


def code_points(text: str) -> Codes:
    """The code points of a text; lone surrogates are let through."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def to_text(codes: Codes) -> str:
    """The text of code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def normalise(text: str) -> str:
    """Fold a text; the result has the same length, and folding it again changes nothing."""
    return to_text(tables().fold[code_points(text)])
