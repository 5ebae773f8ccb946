"""A text as the context model sees it: folded, without spaces, signs reduced to classes.

Digits are one class and letters another, so that 3月 and 10月 are the same context;
sentence signs are one class, brackets and quotes another, 、 stays itself.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import (
    ALNUM,
    HAN,
    IGNORED,
    NEWLINE,
    SPACE,
    code_points,
    tables,
    to_text,
)

Codes = NDArray[np.uint32]

UNKNOWN = 0
"""Beyond the edge of a phrase: says nothing."""
DIGIT, LETTER, STOP, QUOTE, PAUSE = (ord(sign) for sign in "0a，“、")
_QUOTES = "\"'“”‘’《》〈〉<>「」『』()（）[]【】〔〕{}"


@functools.cache
def _classes() -> NDArray[np.uint32]:
    """The class of every folded code point."""
    fold, kinds = tables()
    classes = np.where(kinds == HAN, fold, STOP).astype(np.uint32)
    classes[kinds == ALNUM] = LETTER
    classes[0x30:0x3A] = DIGIT
    for sign in _QUOTES:
        classes[ord(sign)] = QUOTE
    classes[ord("、")] = PAUSE
    classes[0] = UNKNOWN
    folded = fold.astype(np.int64)
    return np.where(kinds == HAN, classes, classes[folded]).astype(np.uint32)


@dataclass(frozen=True)
class Stream:
    """`text`: the visible characters, folded [n]; `classes`: their classes [n];
    `offsets`: where each stood in the original [n]."""

    text: str
    classes: Codes
    offsets: NDArray[np.int64]


def stream(text: str) -> Stream:
    """The stream of a text; line feeds stay, as sentence signs."""
    fold, kinds = tables()
    codes = code_points(text)
    kind = kinds[codes]
    visible = np.flatnonzero((kind != SPACE) & (kind != IGNORED))
    codes = codes[visible]
    folded = fold[codes]
    folded[kind[visible] == NEWLINE] = 0x0A
    return Stream(to_text(folded), _classes()[codes], visible)
