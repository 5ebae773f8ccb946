"""What was typed → clauses: the query language, as pure functions that never fail.

::

    残疾人 就业            words side by side (AND is allowed and means the same)
    "残疾人就业" “…” 「…」   an exact run of characters
    -广告  NOT 广告         without
    残联 OR 民政   残联|民政   either
    title:推进会  标题:推进会   in a field; also source province donor recipient year program
    year:2018..2020        a span of years
    残疾*                  words that begin so; 残*会 words that match; 协作~1 one sign different

Full-width forms of all signs work. What cannot be parsed is kept as words, with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Literal

from indexer.analysis.normalise import normalise
from search_app.search.notes import Note

MAX_TERMS = 32
"""Terms of a query that are searched."""

FieldName = Literal["", "title", "source", "province", "donor", "recipient", "year", "program"]
Shape = Literal["words", "run", "prefix", "wildcard", "fuzzy"]

FIELD_NAMES: dict[str, FieldName] = {
    "title": "title", "标题": "title",
    "source": "source", "来源": "source",
    "province": "province", "省份": "province", "省": "province",
    "donor": "donor", "帮扶方": "donor", "支援方": "donor",
    "recipient": "recipient", "受援方": "recipient", "受帮扶方": "recipient",
    "year": "year", "年份": "year", "年": "year",
    "program": "program", "类型": "program", "项目类型": "program", "项目": "program",
}  # fmt: skip
"""What may stand before the colon, folded to lower case."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing typed. `text` is without its signs, `name` is the field as it was typed;
    `distance` is for fuzzy terms."""

    text: str
    shape: Shape = "words"
    field: FieldName = ""
    negated: bool = False
    distance: int = 0
    name: str = attribute(default="", compare=False)

    @property
    def typed(self) -> str:
        """The text behind its field: 标题:推进会."""
        return f"{self.name or self.field}:{self.text}" if self.field else self.text


@dataclass(frozen=True, slots=True)
class Clause:
    """Terms of which either is wanted; usually one."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query. `ignored` and `unparsed` are pieces of text, for what is said to the visitor."""

    clauses: tuple[Clause, ...] = ()
    notes: tuple[Note, ...] = ()
    ignored: tuple[str, ...] = ()
    unparsed: tuple[str, ...] = ()


# Signs of the query language in other widths and styles, one character to one.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟＂「」『』﹁﹂﹃﹄〝〞", '"'),
        **dict.fromkeys("｜￨", "|"),
        **dict.fromkeys("＊﹡", "*"),
        **dict.fromkeys("－‐‑‒–−﹣", "-"),
        # Letters and digits, as operators and field names may be typed with them.
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)},
        **dict.fromkeys("：﹕︰", ":"),
        "．": ".",
        "～": "~",
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", None),
    }
)

_PIECE = re.compile(
    r"""
      (?P<space>[\s\u3000]+)
    | (?P<either>\|+)
    | (?P<operator>(?:OR|AND|NOT)(?![^\s|"]))
    | (?P<without>-+)(?=["\w])            # only where a word follows at once
    | (?P<field>[A-Za-z]{2,20}|[\u4e00-\u9fff]{1,4}):(?!//)\s*
    | "(?P<quoted>[^"]*)(?P<end>"?)
    | (?P<word>[^\s|"]+)
    """,
    re.VERBOSE,
)
_WORD = re.compile(r'[^\s|"]+')
_FUZZY = re.compile(r"(.+)~([12])")


def parse(text: str) -> Parsed:
    """Read a query. Never raises, whatever the text is."""
    return _Parser(text.translate(_SIGNS)).run()


class _Parser:
    """Goes through the pieces of one text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.clauses: list[list[Term]] = []
        self.notes: list[Note] = []
        self.ignored: list[str] = []
        self.unparsed: list[str] = []
        self.negated = ""
        self.field = ""
        self.either = ""
        self.joint = ""
        self.open = False  # whether a term stands before, that OR could join

    def run(self) -> Parsed:
        place = 0
        fresh = True  # at the beginning of a word
        while place < len(self.text):
            piece = _PIECE.match(self.text, place)
            if piece is None or piece.end() == place:
                place += 1
                continue
            kind = piece.lastgroup
            if kind in {"field", "without", "operator"} and not fresh:
                # Inside a word these are plain characters: COVID-19, 国办发2018:12.
                piece = _WORD.match(self.text, place)
                assert piece is not None
                kind = "word"
                self._word(piece[0])
            else:
                self._piece(piece, "quoted" if kind == "end" else str(kind))
            fresh = kind in {"space", "either", "without", "field", "end"}
            place = piece.end()
        self._drop_prefixes()
        for sign in filter(None, (self.either, self.joint)):
            self._stray(sign)
        clauses = [Clause(tuple(terms)) for terms in self.clauses]
        return Parsed(
            self._bounded(clauses), tuple(self.notes), tuple(self.ignored), tuple(self.unparsed)
        )

    def _bounded(self, clauses: list[Clause]) -> tuple[Clause, ...]:
        kept: list[Clause] = []
        left = MAX_TERMS
        for clause in clauses:
            if left <= 0:
                break
            kept.append(replace(clause, terms=clause.terms[:left]))
            left -= len(clause.terms)
        if sum(len(clause.terms) for clause in clauses) > MAX_TERMS:
            self.notes.append(Note.of("clauses_cut", used=MAX_TERMS))
        return tuple(kept)

    # -- pieces --------------------------------------------------------------------------

    def _piece(self, piece: re.Match[str], kind: str) -> None:
        if kind == "either" or (kind == "operator" and piece[0] == "OR"):
            self._drop_prefixes()
            if self.either or not self.open:
                self._stray(piece[0])
            else:
                self.either = piece[0]
        elif kind == "operator":
            self._operator(piece[0])
        elif kind == "without":
            self.negated = piece[0]
        elif kind == "field":
            self._field(piece["field"])
        elif kind == "quoted":
            if not piece["end"]:
                self.notes.append(Note.of("unfinished_quote"))
            self._add(piece["quoted"].strip(), "run")
        elif kind == "word":
            self._word(piece[0])

    def _operator(self, sign: str) -> None:
        """NOT, or AND, which says what is so anyway and needs something on both sides."""
        if sign == "NOT":
            self.negated = sign
        elif self.open:
            self.joint = sign
        else:
            self._stray(sign)

    def _field(self, name: str) -> None:
        self._drop_field()
        if _field_named(name):
            self.field = name
            return
        if name.isascii():
            self.unparsed.append(f"{name}:")
        self._word(name)

    def _word(self, word: str) -> None:
        stripped = word.rstrip("*")
        if not stripped:
            self._stray(word)
            return
        fuzzy = _FUZZY.fullmatch(word)
        if fuzzy:
            self._add(fuzzy[1], "fuzzy", int(fuzzy[2]))
        elif "*" in stripped.lstrip("*"):
            self._add(word, "wildcard")
        elif stripped != word:
            self._add(stripped.lstrip("*"), "prefix")
        else:
            self._add(word.lstrip("*"), "words")

    def _add(self, text: str, shape: Shape, distance: int = 0) -> None:
        if not any(sign.isalnum() for sign in text):
            if text:
                self.ignored.append(text)
            return
        negated = bool(self.negated)
        term = Term(text, shape, _field_named(self.field), negated, distance, self.field)
        self.negated = self.field = self.joint = ""
        if self.either and negated:
            # "a OR -b" has no sensible reading: both stand side by side.
            self._stray(self.either)
            self.either = ""
        if self.either and self.clauses and not self.clauses[-1][-1].negated:
            self.clauses[-1].append(term)
        else:
            self.clauses.append([term])
        self.either = ""
        self.open = not negated

    def _drop_prefixes(self) -> None:
        self._drop_field()
        if self.negated:
            self._stray(self.negated)
            self.negated = ""

    def _drop_field(self) -> None:
        if self.field:
            self.notes.append(Note.of("empty_field", value=f"{self.field}:"))
            self.ignored.append(f"{self.field}:")
            self.field = ""

    def _stray(self, sign: str) -> None:
        self.notes.append(Note.of("stray_operator", value=sign))
        self.ignored.append(sign)


def _field_named(name: str) -> FieldName:
    """The field that a name stands for, in any case and script (標題, Title); "" if none."""
    return FIELD_NAMES.get(normalise(name), "")
