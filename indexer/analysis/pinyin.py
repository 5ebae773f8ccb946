"""How words are read: syllables of Mandarin without tones.

The readings come from pypinyin's tables by way of `data/pinyin.tsv` (see `compile_pinyin`):
each character's reading by itself, and the words in which a character is read otherwise.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from indexer.analysis.dictionary import DATA


class Readings(NamedTuple):
    """`chars` by character; `words` by word; `longest` by the first two characters of those."""

    chars: dict[str, str]
    words: dict[str, list[str]]
    longest: dict[str, int]


@cache
def readings() -> Readings:
    """The tables, read once per process (about 15 ms)."""
    chars: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    longest: dict[str, int] = {}
    for line in (DATA / "pinyin.tsv").read_text(encoding="utf-8").splitlines():
        left, _, right = line.partition("\t")
        if line[0] == "#":
            continue
        if left.isascii():
            chars.update(dict.fromkeys(right, left))
        else:
            words[left] = right.split(" ")
            longest[left[:2]] = max(longest.get(left[:2], 0), len(left))
    return Readings(chars, words, longest)


def syllables(text: str) -> list[str]:
    """One entry for each character of a folded text: its syllable, or the character itself."""
    chars, words, longest = readings()
    read = [chars.get(char, char) for char in text]
    place = 0
    for pair in range(len(text) - 1):
        if pair < place or (most := longest.get(text[pair : pair + 2])) is None:
            continue
        for end in range(min(len(text), pair + most), pair + 1, -1):
            if (special := words.get(text[pair:end])) is not None:
                read[pair:end] = special
                place = end
                break
    return read
