"""Whoosh's reader of terms over any sources of sorted terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from indexer.engines.whoosh.codec.matcher import ArrayMatcher, TermPostings
from indexer.engines.whoosh.lexicon import Lexicon


class Terms(Protocol):
    """The terms of one field; a term's id is its place in `lexicon`."""

    @property
    def lexicon(self) -> Lexicon: ...

    def frequency(self, term: int) -> int:
        """Number of documents with the term."""
        ...

    def postings(self, term: int, format_: Any) -> TermPostings: ...


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]
    """Implements Whoosh's `TermsReader` over the fields' terms."""

    def __init__(self, fields: Mapping[str, Terms]) -> None:
        self._fields = dict(sorted(fields.items()))

    def _find(self, fieldname: str, text: bytes) -> tuple[Terms, int]:
        terms = self._fields.get(fieldname)
        place = -1 if terms is None else terms.lexicon.find(text)
        if terms is None or place < 0:
            # Whoosh's reader takes a KeyError for a frequency of 0.
            raise KeyError(f"No term {fieldname}:{text!r}")
        return terms, place

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        terms = self._fields.get(term[0])
        return terms is not None and terms.lexicon.find(term[1]) >= 0

    def indexed_field_names(self) -> Iterator[str]:
        return (name for name, terms in self._fields.items() if len(terms.lexicon))

    def cursor(self, fieldname: str, fieldobj: Any) -> base.FieldCursor:
        terms = self._fields.get(fieldname)
        return base.EmptyCursor() if terms is None else ArrayCursor(terms, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return ((name, text) for name, terms in self._fields.items() for text in terms.lexicon)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        terms = self._fields.get(fieldname)
        if terms is not None:
            lexicon = terms.lexicon
            for place in range(lexicon.lower_bound(prefix), len(lexicon)):
                yield fieldname, lexicon[place]

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, text in self.terms():
            yield (name, text), self.term_info(name, text)

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, text in self.terms_from(fieldname, prefix):
            yield (name, text), self.term_info(name, text)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        terms, place = self._find(fieldname, text)
        return terms.postings(place, None).info()

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        terms, place = self._find(fieldname, text)
        return terms.frequency(place)

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> ArrayMatcher:
        try:
            terms, place = self._find(fieldname, text)
        except KeyError as error:
            raise TermNotFound(str(error)) from error
        return ArrayMatcher(terms.postings(place, format_), format_, (fieldname, text), scorer)


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """Walks over the terms of a field (fuzzy queries and spelling use it)."""

    def __init__(self, terms: Terms, fieldobj: Any) -> None:
        self._terms = terms
        self._field = fieldobj
        self._place = 0

    def first(self) -> str | None:
        self._place = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        key = term if isinstance(term, bytes) else self._field.to_bytes(term)
        self._place = self._terms.lexicon.lower_bound(key)
        return self.text()

    def next(self) -> str | None:
        self._place += 1
        return self.text()

    def is_valid(self) -> bool:
        return self._place < len(self._terms.lexicon)

    def text(self) -> str | None:
        if not self.is_valid():
            return None
        text: str = self._field.from_bytes(self._terms.lexicon[self._place])
        return text

    def term_info(self) -> TermInfo | None:
        return self._terms.postings(self._place, None).info() if self.is_valid() else None
