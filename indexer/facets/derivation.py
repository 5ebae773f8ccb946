"""From a document to its facets: provinces with roles, places, pairs, year and programs."""

from __future__ import annotations

from indexer.document import Document, Evidence, Place, Province
from indexer.facets.abbreviations import abbreviated
from indexer.facets.gazetteer import PROVINCES, Gazetteer
from indexer.facets.overrides import Overrides
from indexer.facets.participation import reason_against, taking_part
from indexer.facets.places import Mention, mentions
from indexer.facets.programs import derive_programs
from indexer.facets.roles import Roles, find_roles
from indexer.facets.text import read
from indexer.facets.years import publication_date, year_of


def derive(document: Document, overrides: Overrides | None = None) -> Document:
    """The document with provinces, places, pairs, year, programs (and date) filled in.

    Pure: what was derived before is replaced. The rule files are read once per process.
    """
    gazetteer = Gazetteer.shipped()
    readings = read(document)
    hints = [
        code
        for mention in mentions(gazetteer, [document.source or ""], ())[0]
        for code in gazetteer.codes(mention.code)
    ]
    provinces: dict[str, list[Evidence]] = {}
    places: dict[str, list[Evidence]] = {}
    texts = [reading.text for reading in readings]
    found = taking_part(gazetteer, texts, mentions(gazetteer, texts, hints))
    short = [
        [
            brief
            for brief in abbreviated(gazetteer, text)
            if not _inside(brief, named) and not reason_against(gazetteer, text, brief)
        ]
        for text, named in zip(texts, found, strict=True)
    ]
    for reading, named, abbreviations in zip(readings, found, short, strict=True):
        for mention in [*named, *abbreviations]:
            number = reading.sentence(mention.start)
            evidence = reading.evidence(document, *reading.sentences[number])
            provinces.setdefault(gazetteer.province(mention.code), []).append(evidence)
            places.setdefault(mention.code, []).append(evidence)
    roles = find_roles(gazetteer, document, readings, found, short)
    date = publication_date(document)
    derived = document.replace(
        provinces=tuple(
            Province(
                name,
                roles.of(gazetteer, code + "0000"),
                _evidence(gazetteer, roles, code + "0000", provinces[name]),
            )
            for code, name in PROVINCES.items()
            if name in provinces
        ),
        places=tuple(
            Place(
                code,
                gazetteer[code].name,
                gazetteer[code].level,
                gazetteer.path(code),
                roles.of(gazetteer, code),
                _evidence(gazetteer, roles, code, places[code]),
            )
            for code in sorted(places)
        ),
        pairs=tuple(roles.pairs),
        date=date,
        year=year_of(date),
        programs=derive_programs(document, readings),
    )
    return overrides.apply(derived) if overrides else derived


def _inside(brief: Mention, named: list[Mention]) -> bool:
    """Whether an abbreviation is cut out of a longer name (支援青川: not 援青)."""
    return any(mention.start < brief.end < mention.end for mention in named)


_SENTENCES = 3
"""How many sentences a value shows as its evidence."""


def _evidence(
    gazetteer: Gazetteer, roles: Roles, code: str, named: list[Evidence]
) -> tuple[Evidence, ...]:
    """The sentences that give a division its roles, then those that name it."""
    return tuple(dict.fromkeys([*roles.evidence(gazetteer, code)[:2], *named]))[:_SENTENCES]
