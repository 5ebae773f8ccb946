"""Write `data/fold.tsv` and `data/letters.tsv` from public facts (run at development time only).

    python -m indexer.analysis.compile_fold OPENCC_DICTIONARY_DIR

`fold.tsv` maps one character to one character: Unicode's own compatibility, case and
accent mappings where they keep the length, the variants of punctuation that people
type for one another, and Traditional to Simplified Chinese from OpenCC's character
table (Apache-2.0). `letters.tsv` lists the ranges of letters and digits that are not
Han. Both are shipped, so that an index does not depend on the Unicode version of the
Python that built it.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"

# One sign for each kind of punctuation; the query language is written in these.
PUNCTUATION = {
    '"': "“”„‟‶″〝〞〟＂«»「」『』﹁﹂﹃﹄",
    "'": "‘’‚‛′‵＇`´",
    "[": "〔【［〖﹝〘〚",
    "]": "〕】］〗﹞〙〛",
    "(": "（﹙⦅",
    ")": "）﹚⦆",
    "-": "‐‑‒–—―−－﹣⁃─━",
    "~": "～〜∼˜",
    "·": "•‧∙・･⋅",
    ":": "：﹕︰∶",
    "|": "｜│┃¦",
    "*": "＊﹡∗",
}
SPACES = [
    0x09,
    0x0B,
    0x0C,
    0x0D,
    0x85,
    0xA0,
    0x1680,
    *range(0x2000, 0x200B),
    0x202F,
    0x205F,
    0x3000,
]
LINE_BREAKS = [0x2028, 0x2029]
ZERO_WIDTH = 0x200B
IGNORED = [
    0xAD, 0x034F, 0x061C, 0x180E, *range(0x200C, 0x2010), *range(0x202A, 0x202F),
    *range(0x2060, 0x2070), 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
    *range(0x0300, 0x0370), *range(0x20D0, 0x2100),
]  # fmt: skip
# Where OpenCC keeps a sign that is far more often written for another one, and the circles
# that stand for zero in dates.
CHOICES = {"瞭": "了", "麽": "么", "○": "〇", "◯": "〇", "甯": "宁", "藉": "藉"}


def is_han(code: int) -> bool:
    """Whether a code point is an ideograph, 〇 and 々 included."""
    return (
        0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
        or code in (0x3005, 0x3007)
    )


def unicode_fold(char: str) -> str:
    """Compatibility form, lower case and base letter, as far as each keeps one character."""
    compatible = unicodedata.normalize("NFKC", char)
    if len(compatible) == 1:
        char = compatible
    lower = char.lower()
    if len(lower) == 1:
        char = lower
    decomposed = unicodedata.normalize("NFD", char)
    # Only Latin, Greek and Cyrillic accents: in Indic or Hangul script the parts are letters.
    if len(decomposed) > 1 and ord(decomposed[0]) < 0x0530:
        char = decomposed[0]
    return char


def traditional(directory: Path) -> dict[str, str]:
    """OpenCC's Traditional → Simplified characters, regional variants included."""

    def table(name: str) -> Iterator[tuple[str, str]]:
        for line in (directory / name).read_text(encoding="utf-8").splitlines():
            source, _, targets = line.partition("\t")
            if len(source) == 1 and targets:
                first = targets.split()[0]
                if len(first) == 1:
                    yield source, first

    simplified = dict(table("TSCharacters.txt"))
    result = dict(simplified)
    for name in ("TWVariantsRev.txt", "HKVariantsRev.txt"):
        for variant, standard in table(name):
            if variant not in result and standard in simplified:
                result[variant] = simplified[standard]
    result.update(CHOICES)
    return result


def fold_table(directory: Path) -> dict[int, int]:
    """The whole mapping, closed under itself (folding twice changes nothing more)."""
    table: dict[int, int] = {}
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            continue
        folded = unicode_fold(chr(code))
        if ord(folded) != code:
            table[code] = ord(folded)
    table.update({ord(old): ord(new) for old, new in traditional(directory).items()})
    for sign, variants in PUNCTUATION.items():
        table.update({ord(variant): ord(sign) for variant in variants})
    table.update(dict.fromkeys(SPACES, 32))
    table.update(dict.fromkeys(LINE_BREAKS, 10))
    table.update(dict.fromkeys(IGNORED, ZERO_WIDTH))
    for source, target in list(table.items()):
        for _ in range(4):
            target = table.get(target, target)  # noqa: PLW2901  # follow chains to their end
        table[source] = target
    return {code: target for code, target in sorted(table.items()) if code != target}


def letter_ranges(table: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Ranges (first, last) of folded letters, digits and marks that are not Han."""
    start = None
    for code in range(0x110001):
        inside = (
            code < 0x110000
            and unicodedata.category(chr(code))[0] in "LNM"
            and not is_han(code)
            and table.get(code, code) != ZERO_WIDTH
        )
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            yield start, code - 1
            start = None


def main(arguments: list[str]) -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("opencc", type=Path, help="folder with OpenCC's TSCharacters.txt")
    table = fold_table(parser.parse_args(arguments).opencc)
    note = "# Generated by indexer.analysis.compile_fold; see README.md beside it.\n"
    (DATA / "fold.tsv").write_text(
        note + "".join(f"{code:X}\t{target:X}\n" for code, target in table.items()),
        encoding="utf-8",
    )
    (DATA / "letters.tsv").write_text(
        note + "".join(f"{first:X}\t{last:X}\n" for first, last in letter_ranges(table)),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
