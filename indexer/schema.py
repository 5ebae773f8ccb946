"""What the index holds: text fields, facet columns and stored fields, declared once.

The write side fills them, the read side offers them. A change to anything here
is a new `SCHEMA_VERSION`: an index of another version is refused with the
command that rebuilds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class TextField:
    """A field of tokens with positions and offsets.

    `of` names what its offsets point into: a text field of the document.
    """

    name: str
    of: Literal["title", "text", "caption"]


@dataclass(frozen=True, slots=True)
class FacetField:
    """A column of values made for counting.

    `multi` columns hold any number of values per document. `kind` "path" values
    are codes of a hierarchy (a county implies its city and province, stored out).
    """

    name: str
    multi: bool
    kind: Literal["keyword", "number", "path"] = "keyword"


TEXT_FIELDS = (
    TextField("title", "title"),
    TextField("text", "text"),
    # Sentences of a tampered page with the restored words; offsets point at the original text.
    TextField("restored", "text"),
    TextField("caption", "caption"),
)

FACET_FIELDS = (
    FacetField("province", multi=True),
    FacetField("donor", multi=True),
    FacetField("recipient", multi=True),
    # GB/T 2260 codes of city and county below the provinces.
    FacetField("place", multi=True, kind="path"),
    FacetField("donor_place", multi=True, kind="path"),
    FacetField("recipient_place", multi=True, kind="path"),
    # "广东>广西": donor and recipient province of one reported relation.
    FacetField("pair", multi=True),
    FacetField("year", multi=False, kind="number"),
    FacetField("program", multi=True),
    FacetField("source", multi=False),
    FacetField("flags", multi=True),
    FacetField("family", multi=False),
)

FACETS = tuple(field.name for field in FACET_FIELDS)
