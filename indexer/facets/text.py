"""What the rules read: the document's text with restored words in, cut into sentences.

All positions that leave this package point into the document as it is written, so
every derived text carries the original offset of each of its characters.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from indexer.document import Document, Evidence, Field

SENTENCE_END = re.compile(r"[。！？!?；;\n]+[”’」』）)]*")

# Titles of other pages below the text (相关阅读): a heading behind which hardly a sentence ends.
_OTHER_PAGES = re.compile(
    r"[【\[]?(?:相关阅读|推荐阅读|延伸阅读|更多阅读|相关新闻|相关链接|相关报道|往期推荐|往期回顾|热门推荐|精彩推荐|猜你喜欢)"
)


@dataclass(frozen=True)
class Reading:
    """One field of a document as the rules read it.

    `offsets[i]` is where character i of `text` stands in the document's own field,
    with one more entry for the end; None where nothing was restored.
    """

    field: Field
    text: str
    offsets: Sequence[int] | None = None
    sentences: tuple[tuple[int, int], ...] = dataclasses.field(default=())

    def sentence(self, position: int) -> int:
        """Number of the sentence that holds a position."""
        return max(0, bisect.bisect_right(self.sentences, position, key=itemgetter(0)) - 1)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The same range in the document's own field."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]

    def evidence(self, document: Document, start: int, end: int) -> Evidence:
        """A range as evidence, without the white space around it, in the document's words."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        start, end = self.original(start, end)
        whole = document.title if self.field == "title" else document.text
        return Evidence(whole[start:end], self.field, start, end)


def read(document: Document) -> tuple[Reading, Reading]:
    """Title and text of a document, with what `document.repairs` restores put in."""
    return _reading(document, "title"), _reading(document, "text")


def _reading(document: Document, name: Field) -> Reading:
    text = document.title if name == "title" else document.text
    changes = sorted(
        (start, end, repair.restored)
        for repair in document.repairs
        if repair.restored
        for where, start, end in repair.spans
        if where == name
    )
    offsets: list[int] | None = None
    if changes:
        text, offsets = _restore(text, changes)
    if name == "text":
        text = _without_other_pages(text)
    return Reading(name, text, offsets, tuple(split_sentences(text)))


def _without_other_pages(text: str) -> str:
    for heading in _OTHER_PAGES.finditer(text, len(text) // 4):
        if text.count("。", heading.end()) <= 1:
            return text[: heading.start()]
    return text


def _restore(text: str, changes: Sequence[tuple[int, int, str]]) -> tuple[str, list[int]]:
    parts: list[str] = []
    offsets: list[int] = []
    position = 0
    for start, end, restored in changes:
        if start < position or end > len(text):
            continue  # overlapping or stale: the text stays as it is written there
        parts += [text[position:start], restored]
        offsets += range(position, start)
        offsets += [start] * len(restored)
        position = end
    parts.append(text[position:])
    offsets += range(position, len(text) + 1)
    return "".join(parts), offsets


def lengths_by_start(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """First two characters → lengths of the words that begin with them, longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[:2], set()).add(len(word))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Sentences as (start, end), their end signs included; together they cover the text."""
    bounds, position = [], 0
    for sign in SENTENCE_END.finditer(text):
        bounds.append((position, sign.end()))
        position = sign.end()
    if position < len(text):
        bounds.append((position, len(text)))
    return bounds
