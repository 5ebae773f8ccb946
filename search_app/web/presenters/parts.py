"""The pieces that several pages share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words. `lang` where they are in another language than the page."""

    url: str
    text: str
    lang: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a notice, with links after it."""

    text: str
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A message in a box. `kind` is "", "warn" or "bad"."""

    text: str
    title: str = ""
    kind: str = ""
    links: Sequence[Link] = ()
    items: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen condition; `url` is the search without it."""

    facet: str
    text: str
    url: str
    excluded: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """All chosen conditions and the search without any of them."""

    chips: Sequence[Chip] = ()
    clear_url: str = ""


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The search box: what stands in it, and what travels along unseen."""

    action: str
    text: str
    suggest: str
    hidden: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class KeyValue:
    """One line of a list of properties."""

    name: str
    text: str
    url: str = ""
    rel: str = ""
    lang: str = ""
    mono: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    name: str
    cells: Sequence[TableCell]


@dataclass(frozen=True, slots=True)
class CountTable:
    """The counts of a chart as text."""

    caption: str
    head: Sequence[str]
    rows: Sequence[TableRow]
