"""What is looked at in every document, cheaply: its candidates, and a text for the sample."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from indexer.document import Document
from indexer.repair.candidates import Candidate, candidates
from indexer.repair.foreign import advertised, suspects
from indexer.repair.model import RepairModel
from indexer.repair.nicknames import has_nickname
from indexer.repair.pages import page_stream
from indexer.repair.spam import is_spam
from indexer.repair.stream import Stream
from indexer.repair.titles import title_lines

SAMPLE_TEXT = 3000
"""Characters taken of one document."""
BLANK = "\x00"


@dataclass(frozen=True, slots=True)
class RepairScan:
    """`rank`: a hash of the id, by which a sample is chosen; `text`: what the document can
    teach; `names`: its candidates; `advertised`: those that the page says are brands."""

    id: str
    rank: int
    text: str
    suspicious: bool
    names: tuple[str, ...] = ()
    advertised: tuple[str, ...] = ()

    @property
    def may_change(self) -> bool:
        """Whether what is learned of other documents may change what is made of this one."""
        return self.suspicious or bool(self.names)


def scan(document: Document) -> RepairScan:
    """Look a document over for what `learn` needs."""
    rank = zlib.crc32(document.id.encode("utf-8", "surrogatepass"))
    one = page_stream(document)
    names = candidates(one, (document.title, document.page_title))
    foreign = suspects(names, one, document, RepairModel.default())
    return RepairScan(
        document.id,
        rank,
        _blanked(one, foreign)[:SAMPLE_TEXT],
        bool(foreign)
        or is_spam(document)
        or has_nickname(document.text)
        or any(title_lines(document)),
        tuple(name.text for name in names),
        tuple(name.text.rstrip(":") for name in foreign if advertised(name, one, document)),
    )


def _blanked(one: Stream, names: list[Candidate]) -> str:
    """The text with its candidates blanked: what may be foreign teaches nothing."""
    text = one.text
    for name in names:
        text = text.replace(name.text, BLANK * len(name.text))
    return text
