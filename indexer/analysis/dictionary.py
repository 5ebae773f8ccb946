"""The words that the tokenizer knows beyond jieba's, and the parts by which they are found.

Shipped: `data/terms.txt` (the field's words), `data/places.tsv` (divisions and their short
forms) and `data/folded.tsv` (jieba's words as folding writes them). A user's own words stand
in `user_words.txt` of the user folder, written as `terms.txt` is: one word on a line,
optionally a colon and the parts that a search should find it by (a hyphen for none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.analysis.normalise import normalise
from indexer.errors import ConfigError

DATA = Path(__file__).parent / "data"
USER_WORDS = "user_words.txt"
LONGEST = 32
NO_PARTS = "-"
HAN = re.compile("[々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")


@dataclass(slots=True)
class Dictionary:
    """Words with the count that the segmenter takes (0: as many as it needs to be kept whole),
    and for some of them their parts."""

    counts: dict[str, int] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    """Words of the field and of the user: what suggestions may offer."""
    places: dict[str, list[str]] = field(default_factory=dict)
    """Names of divisions with their short forms."""
    plain_places: dict[str, str] = field(default_factory=dict)
    """Name → short form, where that means nothing but the place."""


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a UTF-8 file without comments and empty ones.

    Raises ConfigError where the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path}：不是 UTF-8 编码（第 {error.start} 字节）。 The file is not UTF-8.",
            "另存为 UTF-8 编码。 Save the file in the encoding UTF-8.",
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path}：无法读取（{error.strerror}）。 The file cannot be read.",
            "检查文件及其权限。 Check the file and its rights.",
        ) from error
    for number, line in enumerate(text.splitlines(), 1):
        content = line.partition("#")[0].strip()
        if content:
            yield number, content


def read_words(path: Path, dictionary: Dictionary) -> None:
    """Add the words of a file such as `terms.txt`.

    Raises ConfigError naming file and line: a word that is not Han, too short or too long,
    or a part that is not inside its word.
    """
    for number, line in read_lines(path):
        head, _, tail = line.replace("：", ":").partition(":")
        word = normalise(head.strip())
        if not HAN.fullmatch(word) or not 2 <= len(word) <= LONGEST:
            raise ConfigError(
                f"{path} 第 {number} 行：“{head.strip()}”不是 2 到 {LONGEST} 个汉字的词。"
                f" Line {number}: not a word of 2 to {LONGEST} Chinese characters.",
                "每行一个词；字母和数字组成的词不必写。 Write one word on a line; words of letters and digits need no entry.",
            )
        whole = tail.strip() == NO_PARTS
        parts = () if whole else tuple(dict.fromkeys(map(normalise, tail.split())))
        for part in parts:
            if part not in word or part == word:
                raise ConfigError(
                    f"{path} 第 {number} 行：“{part}”不在“{word}”之内。"
                    f" Line {number}: the part is not inside the word.",
                    "冒号后是词内更短的词；同义词请写在 synonyms.txt。 Parts after the colon are shorter words inside the word; for other words "
                    "of the same meaning use synonyms.txt.",
                )
        dictionary.counts[word] = 0
        dictionary.terms.append(word)
        if parts or whole:
            dictionary.parts[word] = tuple(part for part in parts if len(part) > 1)
        else:
            dictionary.parts.pop(word, None)


def load_dictionary(user_dir: Path | None = None) -> Dictionary:
    """The shipped words and those of the user. Raises ConfigError."""
    dictionary = Dictionary()
    for _, line in read_lines(DATA / "folded.tsv"):
        word, count = line.split("\t")
        dictionary.counts[word] = int(count)
    for _, line in read_lines(DATA / "places.tsv"):
        name, *marked = line.split("\t")
        forms = [form.lstrip("~") for form in marked]
        dictionary.plain_places.update(
            (name, form) for form in marked[:1] if form[0] != "~" and form in name
        )
        dictionary.counts.update(dict.fromkeys((name, *forms), 0))
        dictionary.places[name] = forms
        dictionary.parts[name] = tuple(form for form in forms if form in name)
        for form in forms[1:]:
            dictionary.parts[form] = (forms[0],)
    read_words(DATA / "terms.txt", dictionary)
    if user_dir is not None and (user_dir / USER_WORDS).exists():
        read_words(user_dir / USER_WORDS, dictionary)
    return dictionary
