"""From a document to its facets: provinces with roles, places, pairs, year and programs."""

from __future__ import annotations

from indexer.document import Document, Evidence, Place, Province
from indexer.facets.abbreviations import abbreviated
from indexer.facets.gazetteer import PROVINCES, Gazetteer
from indexer.facets.overrides import Overrides
from indexer.facets.participation import taking_part
from indexer.facets.places import Mention, mentions
from indexer.facets.programs import derive_programs
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
    found: list[list[Mention]] = mentions(gazetteer, [r.text for r in readings], hints)
    for reading, named in zip(readings, found, strict=True):
        part = taking_part(gazetteer, reading.text, named)
        for mention in [*part, *abbreviated(gazetteer, reading.text)]:
            number = reading.sentence(mention.start)
            evidence = reading.evidence(document, *reading.sentences[number])
            provinces.setdefault(gazetteer.province(mention.code), []).append(evidence)
            places.setdefault(mention.code, []).append(evidence)
    date = publication_date(document)
    derived = document.replace(
        provinces=tuple(
            Province(name, (), tuple(dict.fromkeys(provinces[name]))[:3])
            for name in PROVINCES.values()
            if name in provinces
        ),
        places=tuple(
            Place(
                code,
                gazetteer[code].name,
                gazetteer[code].level,
                gazetteer.path(code),
                (),
                tuple(dict.fromkeys(places[code]))[:3],
            )
            for code in sorted(places)
        ),
        pairs=(),
        date=date,
        year=year_of(date),
        programs=derive_programs(document, readings),
    )
    return overrides.apply(derived) if overrides else derived
