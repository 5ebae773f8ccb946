"""Cut texts into words: jieba's algorithm on Han, whole runs of letters and digits beside it.

rjieba and jieba agree token for token on Han alone, so a text is first turned into a stream
that holds its Han and one control sign for everything else. That stream goes through the
segmenter in one call, however many runs or texts it holds, and array operations lead the
words back to the offsets where they stood.

How signs are read:

* spaces and one line break inside Han vanish (残 疾 人), a blank line is a gap;
* `1,200` is the number 1200, `3.5` keeps its point;
* `COVID-19`, `GB/T`: two words side by side without a gap;
* 国办发〔2018〕12号: brackets around the year of a document number leave no gap, so that
  any style of bracket, or none, finds it; neither does the dot in 阿卜杜拉·买买提;
* HTML entities that extraction left are what they stand for, as far as that is a space or
  nothing (残&nbsp;疾&nbsp;人), and else a gap;
* everything else that is neither letter nor digit is a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, pairwise
from typing import NamedTuple

import numpy as np
import rjieba
from numpy.typing import NDArray

from indexer.analysis.normalise import (
    ALNUM,
    GAP,
    HAN,
    IGNORED,
    NEWLINE,
    SPACE,
    Codes,
    code_points,
    tables,
    to_text,
)
from indexer.analysis.tokens import Spelling, TokenBatch, Tokens

SEGMENTER = "rjieba"
# Control signs of the stream; the segmenter returns each as a word of its own.
_GAP, _WORD, _JOIN = 1, 2, 3
_TEXT_END = "\x01"  # put between two texts; a control character is a gap
# Characters segmented at a time: few calls, and arrays that fit the processor's cache.
_GROUP = 32_768
# Kinds that only this module knows.
_BREAK = 6  # ends a word, but leaves no gap

_COMMA, _DOT, _MIDDLE_DOT = ord(","), ord("."), ord("·")
# What a sign may do between letters and digits; all other signs are plain gaps.
_JOINER, _OPENING, _CLOSING, _OTHER = 1, 2, 3, 4
_ROLES = np.zeros(0x3020, dtype=np.uint8)
for _role, _signs in (
    (_JOINER, "-/&'.·_@+"),
    (_OPENING, "[(<{〈《"),
    (_CLOSING, "])>}〉》"),
    (_OTHER, ","),
):
    _ROLES[[ord(_sign) for _sign in _signs]] = _role

_AMPERSAND = ord("&")
_ENTITY = re.compile(
    r"&(?:(?P<space>nbsp|ensp|emsp|thinsp|#160|#xa0|#12288|#x3000)|(?P<nothing>zwn?j|shy|#8203)"
    r"|[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});",
    re.IGNORECASE,
)

Index = NDArray[np.int64]


class Tokenizer:
    """A private segmenter with a dictionary of its own; never jieba's global one."""

    def __init__(self, words: Iterable[tuple[str, int]] = ()) -> None:
        """Load the segmenter (0.1 s) and add words with their counts.

        A count of 0 stands for the smallest that keeps the word whole.
        """
        self._segmenter = rjieba.Jieba()
        self.added: dict[str, int] = {}
        for word, count in words:
            # The dictionary's own words stay as they are: changing their counts shifts the
            # total, which jieba and rjieba keep differently (a few given counts do not matter).
            if not count and self._segmenter.has_word(word):
                continue
            self.added[word] = count or self.chance(word)
            self._segmenter.add_word(word, self.added[word], None)

    def chance(self, word: str) -> int:
        """How often the dictionary expects these characters side by side by chance, plus one:
        a word with this count is cut out whole."""
        return self._segmenter.suggest_freq(word)

    @property
    def has_word(self) -> Callable[[str], bool]:
        """Says whether the dictionary has a (folded) word; asked very often, so no detour."""
        return self._segmenter.has_word

    def cut(self, han: str) -> list[str]:
        """The words of a run of folded Han without anything else in it."""
        words: list[str] = self._segmenter.cut(han)
        return words

    def tokens(self, text: str) -> Tokens:
        """The coarse stream of one text."""
        return self.batch([text])[0]

    def batch(self, texts: Sequence[str]) -> TokenBatch:
        """The coarse streams of several texts, with few calls to the segmenter."""
        streams: list[_Stream] = []
        counts: list[NDArray[np.int64]] = []
        for group in _groups(texts):
            lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
            text_starts = np.cumsum(lengths + 1) - (lengths + 1)
            stream = self._cut(code_points(_TEXT_END.join(group)))
            bounds = np.append(np.searchsorted(stream.starts, text_starts), len(stream.starts))
            count = np.diff(bounds)
            shift = np.repeat(text_starts, count)
            stream.starts -= shift
            stream.ends -= shift
            if len(stream.starts):
                # Clipped, as the last texts may be without a token; then nothing is repeated.
                first = stream.positions[np.minimum(bounds[:-1], len(stream.starts) - 1)]
                stream.positions -= np.repeat(first, count)
            streams.append(stream)
            counts.append(count)
        starts, ends, positions = (
            np.concatenate([_NO_INDEX, *column], dtype=np.int32, casting="unsafe")
            for column in (
                [stream.starts for stream in streams],
                [stream.ends for stream in streams],
                [stream.positions for stream in streams],
            )
        )
        return TokenBatch(
            Spelling(
                np.concatenate([_NO_CODES, *(stream.codes for stream in streams)]),
                np.concatenate([_NO_INDEX, *(stream.sizes for stream in streams)]),
                lambda: list(chain.from_iterable(stream.words() for stream in streams)),
            ),
            starts,
            ends,
            positions,
            np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *counts])),
        )

    def _cut(self, codes: Codes) -> _Stream:
        fold, kinds = tables()
        all_kinds = kinds[codes]
        _entities(codes, all_kinds)
        visible = _visible(all_kinds)
        spaced = _space_before(visible, all_kinds)
        signs = fold[codes[visible]]
        kind = all_kinds[visible]
        inside = _join(signs, kind, spaced, codes, visible)

        # A letter or digit goes on with the word before it, a gap with a gap; all else stands alone.
        alnum = kind == ALNUM
        han = kind == HAN
        goes_on = np.zeros(len(kind), dtype=bool)
        goes_on[1:] = (kind[1:] == kind[:-1]) & ~han[1:]
        goes_on &= ~(spaced & alnum)
        goes_on |= inside
        heads = np.flatnonzero(~goes_on)
        head_kind = kind[heads]
        words = self._segmenter.cut(
            to_text(np.where(head_kind == HAN, signs[heads], _CONTROL[head_kind]))
        )

        lengths = _lengths(words)
        lasts = np.cumsum(lengths) - 1  # last place of each word in the stream
        firsts = lasts - lengths + 1
        first_kind = head_kind[firsts]
        is_alnum = first_kind == ALNUM
        is_word = (first_kind == HAN) | is_alnum

        # A word of letters and digits is one control sign of the stream: here are its characters.
        of_word = alnum & ~inside
        chars = np.flatnonzero(of_word)
        edges = np.append(np.flatnonzero(~goes_on[chars]), len(chars))
        places = np.flatnonzero(is_alnum)
        lengths[places] = np.diff(edges)

        ordinal = np.cumsum(first_kind != _BREAK) - 1  # a gap takes a position too
        chosen = np.flatnonzero(is_word)
        # A word ends with the last visible sign before the next head.
        tails = np.append(heads[1:], len(visible)) - 1
        return _Stream(
            signs[han | of_word],
            lengths[chosen],
            visible[heads[firsts[chosen]]],
            visible[tails[lasts[chosen]]] + 1,
            ordinal[chosen],
            _Words(words, is_word, places, signs[chars], edges),
        )


@dataclass(slots=True)
class _Stream:
    """The tokens of a group of texts: their characters and how many each has, their places."""

    codes: Codes
    sizes: Index
    starts: Index
    ends: Index
    positions: Index
    words: _Words


class _Words(NamedTuple):
    """The words of a stream, put together when they are asked for.

    `cut` is what the segmenter gave, with a control sign for each word of letters and digits
    (at `places`); word i of these is `alnum[edges[i]:edges[i + 1]]`.
    """

    cut: list[str]
    is_word: NDArray[np.bool_]
    places: Index
    alnum: Codes
    edges: Index

    def __call__(self) -> Iterator[str]:
        text = to_text(self.alnum)
        words = self.cut.copy()
        for place, (start, end) in zip(
            self.places.tolist(), pairwise(self.edges.tolist()), strict=True
        ):
            words[place] = text[start:end]
        return compress(words, self.is_word.tobytes())


_NO_INDEX = np.zeros(0, dtype=np.int64)
_NO_CODES = np.zeros(0, dtype=np.uint32)
_CONTROL = np.array([_GAP, 0, _WORD, 0, 0, 0, _JOIN], dtype=np.uint32)


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Neighbouring texts of about `_GROUP` characters together; long texts stand alone."""
    first = size = 0
    for number, text in enumerate(texts):
        if size and size + len(text) > _GROUP:
            yield texts[first:number]
            first, size = number, 0
        size += len(text) + 1
    if first < len(texts):
        yield texts[first:]


def _entities(codes: Codes, kind: NDArray[np.uint8]) -> None:
    """Settle HTML entities that were left in the text: spaces, zero-width signs, other signs."""
    for start in np.flatnonzero(codes == _AMPERSAND).tolist():
        match = _ENTITY.match(to_text(codes[start : start + 12]))
        if match:
            settled = SPACE if match["space"] else IGNORED if match["nothing"] else GAP
            kind[start : start + match.end()] = settled


def _visible(kind: NDArray[np.uint8]) -> Index:
    """Where the signs are that stand in the stream; the second break of a blank line is a gap."""
    visible = np.flatnonzero(kind <= ALNUM)
    breaks = np.flatnonzero(kind == NEWLINE)
    if len(breaks) > 1:
        rank = np.searchsorted(visible, breaks)
        blank = breaks[1:][rank[1:] == rank[:-1]]
        if len(blank):
            kind[blank] = GAP
            visible = np.flatnonzero(kind <= ALNUM)
    return visible


def _space_before(visible: Index, kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether a space or line break (not only zero-width signs) stands before each sign."""
    spaced = np.zeros(len(visible), dtype=bool)
    np.greater(visible[1:] - visible[:-1], 1, out=spaced[1:])
    if (kinds == IGNORED).any():
        counts = np.cumsum((kinds == SPACE) | (kinds == NEWLINE))[visible]
        spaced[1:] &= counts[1:] > counts[:-1]
    return spaced


def _join(
    signs: Codes, kind: NDArray[np.uint8], spaced: NDArray[np.bool_], codes: Codes, visible: Index
) -> NDArray[np.bool_]:
    """Settle signs between letters and digits; changes `kind`, returns which go on a word.

    `inside` marks commas of a number: they belong to the token, not to the word.
    """
    inside = np.zeros(len(signs), dtype=bool)
    count = len(signs)
    if count < 3:
        return inside
    places = np.flatnonzero(kind == GAP)
    places = places[(places > 0) & (places < count - 1)]
    roles = _roles(signs[places])
    candidates, roles = places[roles > 0], roles[roles > 0]
    if not len(candidates):
        return inside
    digit = (signs >= 0x30) & (signs <= 0x39)

    def digits(where: Index) -> NDArray[np.bool_]:
        return digit[np.minimum(where, count - 1)] & (where < count)

    def close(where: Index) -> NDArray[np.bool_]:
        """No space on either side."""
        return ~(spaced[where] | spaced[where + 1])

    _document_numbers(signs, kind, digits, candidates[roles == _OPENING])
    tight = candidates[close(candidates)]
    sign = signs[tight]
    before, after = tight - 1, tight + 1
    both_digits = digit[before] & digit[after]

    comma = tight[(sign == _COMMA) & both_digits & digits(tight + 2) & digits(tight + 3)]
    comma = comma[~digits(comma + 4) & ~spaced[comma + 2] & ~spaced[comma + 3]]
    # A full-width comma parts two numbers of an enumeration, unless they are full width too.
    comma = comma[(codes[visible[comma]] == _COMMA) | (codes[visible[comma - 1]] > 0xFF00)]
    inside[comma] = True
    kind[comma] = ALNUM

    dot = tight[(sign == _DOT) & both_digits]
    kind[_single(dot, digit)] = ALNUM

    letters = (kind[before] == ALNUM) & (kind[after] == ALNUM) & ~both_digits
    kind[tight[(_roles(sign) == _JOINER) & letters]] = _BREAK
    han = (kind[before] == HAN) & (kind[after] == HAN)
    kind[tight[(sign == _MIDDLE_DOT) & han]] = _BREAK
    return inside


def _roles(signs: Codes) -> NDArray[np.uint8]:
    return _ROLES[np.minimum(signs, len(_ROLES) - 1)]


def _single(dots: Index, digit: NDArray[np.bool_]) -> Index:
    """Decimal points: dots between digits that are not one of several (2020.3.13)."""
    if len(dots) < 2:
        return dots
    chained = np.zeros(len(dots), dtype=bool)
    for i in np.flatnonzero(np.diff(dots) <= 12).tolist():
        if digit[dots[i] + 1 : dots[i + 1]].all():
            chained[i] = chained[i + 1] = True
    return dots[~chained]


def _document_numbers(
    signs: Codes,
    kind: NDArray[np.uint8],
    digits: Callable[[Index], NDArray[np.bool_]],
    opening: Index,
) -> None:
    """Take the gap from the brackets of 〔2018〕12, whatever their style."""
    opening = opening[kind[opening - 1] == HAN]
    for step in range(1, 5):
        opening = opening[digits(opening + step)]
    opening = opening[opening + 6 < len(signs)]
    opening = opening[_roles(signs[opening + 5]) == _CLOSING]
    follows = digits(opening + 6) | (signs[opening + 6] == ord("第"))
    opening = opening[follows]
    kind[opening] = _BREAK
    kind[opening + 5] = _BREAK


def _lengths(words: Sequence[str]) -> NDArray[np.int64]:
    try:
        return np.frombuffer(bytes(map(len, words)), dtype=np.uint8).astype(np.int64)
    except ValueError:  # a word of more than 255 characters
        return np.fromiter(map(len, words), dtype=np.int64, count=len(words))
