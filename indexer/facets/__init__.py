"""Where, who for whom, when and what: the facets of a document, each with its evidence."""

from __future__ import annotations

from indexer.facets.derivation import derive
from indexer.facets.gazetteer import PROVINCES, Division, Gazetteer
from indexer.facets.overrides import Overrides
from indexer.facets.program_rules import PROGRAMS
from indexer.facets.years import publication_date

__all__ = [
    "PROGRAMS",
    "PROVINCES",
    "Division",
    "Gazetteer",
    "Overrides",
    "derive",
    "publication_date",
]
