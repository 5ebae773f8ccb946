"""Collections for the tests of engines: documents, a plain tokenizer, and what a run is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.document import Document, Evidence, Pair, Place, Program, Province
from indexer.engines.base import Engine, Run, RunBuilder
from indexer.engines.whoosh.spelling import spelled
from indexer.schema import TEXT_FIELDS
from indexer.storage import Storage


@dataclass(frozen=True)
class Stream:
    words: list[str]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    positions: NDArray[np.int32]


def tokenize(text: str) -> Stream:
    """Words between spaces; a gap in the positions behind a full stop."""
    words, starts, ends, positions = [], [], [], []
    position = -1
    for match in re.finditer(r"[^ .]+|\.", text):
        position += 1
        if match.group() != ".":
            words.append(match.group())
            starts.append(match.start())
            ends.append(match.end())
            positions.append(position)
    columns = (np.array(column, np.int32) for column in (starts, ends, positions))
    return Stream(words, *columns)


EMPTY = tokenize("")


def subwords(word: str) -> tuple[str, ...]:
    """All pairs of neighbouring characters of longer words."""
    pairs = (word[i : i + 2] for i in range(len(word) - 1)) if len(word) > 2 else ()
    return tuple(dict.fromkeys(pairs))


@dataclass(frozen=True)
class Columns:
    """Streams one behind the other, as the analyzer hands over those of a batch."""

    codes: NDArray[np.uint32]
    sizes: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    positions: NDArray[np.int32]
    bounds: NDArray[np.int64]


def columns(streams: Sequence[Stream]) -> Columns:
    codes, sizes = spelled([word for stream in streams for word in stream.words])
    starts, ends, positions = (
        np.concatenate([np.empty(0, np.int32), *(getattr(stream, name) for stream in streams)])
        for name in ("starts", "ends", "positions")
    )
    bounds = np.cumsum([0, *(len(stream.words) for stream in streams)])
    return Columns(codes, sizes, starts, ends, positions, bounds)


def add_texts(builder: RunBuilder, documents: Sequence[Document], texts: Sequence[str]) -> None:
    """Add documents in one batch, for tests of many; `texts` are tokenized as their bodies."""
    streams = {text: tokenize(text) for text in set(texts)}
    tokens = {field.name: columns([EMPTY] * len(documents)) for field in TEXT_FIELDS}
    builder.add(documents, tokens | {"text": columns([streams[text] for text in texts])})


def tokens_of(document: Document) -> dict[str, Stream]:
    return {"title": tokenize(document.title), "text": tokenize(document.text)}


def make_runs(
    engine: Engine, folder: Path, batches: Iterable[Sequence[Document]], name: str = "run"
) -> list[Run]:
    """One run per batch, as worker processes would write them."""
    builder = engine.run_builder(Storage(), subwords)
    runs = []
    for number, batch in enumerate(batches):
        streams = [tokens_of(document) for document in batch]
        builder.add(
            batch,
            {
                field.name: columns([stream.get(field.name, EMPTY) for stream in streams])
                for field in TEXT_FIELDS
            },
        )
        runs.append(builder.write_run(folder / f"{name}{number}"))
    return runs


WORDS = ("残疾人", "残联", "协作", "粤桂", "a", "东西部协作", "𠀀𠀁", "x" * 40, "\ud800")

texts = st.lists(st.sampled_from((*WORDS, ".", "    ", ". . .")), max_size=12).map(" ".join)
evidence = Evidence("广东", "text", 0, 2)


@st.composite
def documents(draw: st.DrawFn, keys: Sequence[str] = ("a", "b", "c", "d", "e", "f")) -> Document:
    provinces = draw(st.lists(st.sampled_from(("广东", "广西", "贵州")), unique=True))
    return Document(
        id=draw(st.sampled_from(keys)),
        path="p",
        title=draw(texts),
        text=draw(texts),
        date=draw(st.sampled_from((None, "2020", "2020-03", "2020-03-13"))),
        year=draw(st.sampled_from((None, 1999, 2020))),
        source=draw(st.sampled_from((None, "", "新华社"))),
        provinces=tuple(Province(name, ("donor",), (evidence,)) for name in provinces),
        places=draw(
            st.sampled_from(
                (
                    (),
                    (Place("522727", "平塘县", "county", ("贵州", "黔南州", "平塘县")),),
                    (Place("520000", "贵州", "province", ("贵州",), ("recipient",)),),
                )
            )
        ),
        pairs=(Pair(("广东", "深圳"), ("广西",), evidence),) if provinces else (),
        programs=(Program("talent", 0.5, (evidence,)),) if provinces else (),
        flags=draw(st.sampled_from(((), ("tampered", "spam")))),
    )
