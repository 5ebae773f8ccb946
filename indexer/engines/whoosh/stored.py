"""Stored documents: each compressed alone with a dictionary trained on its batch.

A document is two records: its text (UTF-16, which compresses better than UTF-8 for Han
and decodes faster), and everything else as JSON, so that a snippet needs no metadata and
a list of hits no text. Alone-compressed records make one document cheap; the shared
dictionary gives back what small records lose.
"""

from __future__ import annotations

import dataclasses
import json
import threading
import types
import typing
from collections.abc import Callable, Sequence
from typing import Any

import zstandard

from indexer.document import Document

LEVEL = 3
RECORDS = ("text", "meta")
"""The stored records of a document."""

DICTIONARY_SIZES = {"text": 128 << 10, "meta": 16 << 10}
"""Bytes of the dictionary of each kind of record. From 128 KB on zstd's fast levels search a
dictionary with larger tables: with less, texts would come out an eighth larger."""
_TRAINING_RECORDS = 250
_SMALLEST_TRAINING = 10
"""Sizes of its dictionary that a batch must have before training one pays."""

# These come from columns, so that they can change while the stored record stays.
_APART = {"text", "family"}

Plain = Callable[[Any], Any]

_decode = json.JSONDecoder().raw_decode


def _same(value: Any) -> Any:
    return value


def _converters(hint: Any) -> tuple[Plain, Plain]:
    """How values of a type become plain JSON and how they come back."""
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        names = [field.name for field in dataclasses.fields(hint)]
        make: Callable[..., Any] = hint  # type: ignore[assignment]
        parts = [_converters(hints[name]) for name in names]
        pairs_out = [(name, part[0]) for name, part in zip(names, parts, strict=True)]
        back = [part[1] for part in parts]

        def plain(value: Any) -> Any:
            return [to(getattr(value, name)) for name, to in pairs_out]

        def build(values: Any) -> Any:
            return make(*[of(item) for of, item in zip(back, values, strict=False)])

        return plain, build
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        to, of = _converters(arguments[0])
        if to is _same:
            return list, tuple
        return (lambda value: [to(item) for item in value]), (
            lambda value: tuple([of(item) for item in value])
        )
    if origin is tuple:
        return list, tuple
    if origin in (typing.Union, types.UnionType):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        to, of = _converters(inner)
        if to is not _same:
            return (lambda value: None if value is None else to(value)), (
                lambda value: None if value is None else of(value)
            )
    return _same, _same


_HINTS = typing.get_type_hints(Document)
_FIELDS = [
    (field.name, field.default, *_converters(_HINTS[field.name]))
    for field in dataclasses.fields(Document)
    if field.name not in _APART
]
_BACK = {name: of for name, _, _, of in _FIELDS}


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(document: Document) -> bytes:
    """Everything but text and family; fields at their default are left out."""
    content = {
        name: to(value)
        for name, default, to, _ in _FIELDS
        if (value := getattr(document, name)) != default
    }
    return _ENCODER.encode(content).encode("utf-8", "surrogatepass")


def to_object(data: bytes) -> dict[str, Any]:
    """The plain JSON of `to_json`."""
    # Without the looks of `json.loads` at what surrounds a value.
    content: dict[str, Any] = _decode(data.decode("utf-8", "surrogatepass"))[0]
    return content


def from_json(data: bytes, text: str = "") -> Document:
    """The document of `to_json`, with its text and without its family."""
    content = to_object(data)
    return Document(text=text, **{name: _BACK[name](value) for name, value in content.items()})


def encode_text(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def decode_text(data: bytes) -> str:
    return data.decode("utf-16-le", "surrogatepass")


class Compressor:
    """Compresses the records of batches, all of one kind; trains a dictionary on the first
    batch that is large enough and stays with it."""

    def __init__(self, kind: str) -> None:
        self._size = DICTIONARY_SIZES[kind]
        self.dictionary = b""
        self._compressor = self._with(b"")

    @staticmethod
    def _with(dictionary: bytes) -> zstandard.ZstdCompressor:
        return zstandard.ZstdCompressor(
            level=LEVEL,
            dict_data=zstandard.ZstdCompressionDict(dictionary) if dictionary else None,
            write_checksum=False,
            write_dict_id=False,
        )

    def train(self, records: Sequence[bytes]) -> None:
        """Train on a batch unless there is a dictionary or the batch is small."""
        if self.dictionary or sum(map(len, records)) < _SMALLEST_TRAINING * self._size:
            return
        step = max(1, len(records) // _TRAINING_RECORDS)
        try:
            trained = zstandard.train_dictionary(self._size, list(records[::step]))
        except zstandard.ZstdError:  # too uniform or too few to learn from
            return
        self.dictionary = trained.as_bytes()
        self._compressor = self._with(self.dictionary)

    def compress(self, records: Sequence[bytes]) -> list[bytes]:
        compress = self._compressor.compress
        return [compress(record) for record in records]


class Decompressor:
    """Decompresses records by the number of their dictionary; safe to share between threads."""

    def __init__(self, dictionaries: Sequence[bytes]) -> None:
        self._dictionaries = [
            zstandard.ZstdCompressionDict(data) if data else None for data in dictionaries
        ]
        self._local = threading.local()

    def decompress(self, data: bytes, dictionary: int) -> bytes:
        # A zstd context must not be used by two threads at once.
        contexts: dict[int, zstandard.ZstdDecompressor] = self._local.__dict__.setdefault(
            "contexts", {}
        )
        context = contexts.get(dictionary)
        if context is None:
            context = zstandard.ZstdDecompressor(dict_data=self._dictionaries[dictionary])
            contexts[dictionary] = context
        return context.decompress(data)
