"""What a place code (a city or county) is called, and what it lies in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.facets.gazetteer import Gazetteer

FACETS = frozenset(("place", "donor_place", "recipient_place"))
"""Facets whose values are codes of places."""


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    # Loaded when the first code is asked for: most searches have none.
    from indexer.facets.gazetteer import Gazetteer

    return Gazetteer.shipped()


@lru_cache(maxsize=8192)
def parent(code: str) -> str:
    """What a division lies in: a province's short name for a city, else the city's code."""
    gazetteer = _gazetteer()
    if code not in gazetteer:
        return ""
    above = gazetteer[code].parent
    if above and above in gazetteer and gazetteer[above].level == "province":
        return gazetteer.province(code)
    return above


@lru_cache(maxsize=8192)
def name(code: str) -> str:
    """The Chinese name of a division; "" for what is no code."""
    gazetteer = _gazetteer()
    return gazetteer.label(code) if code in gazetteer else ""
