"""What a place code (a city or county) is called, and what it lies in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from search_app.search.results import SearchResults

if TYPE_CHECKING:
    from indexer.facets.gazetteer import Gazetteer

_FACETS = ("place", "donor_place", "recipient_place")


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


def of(results: SearchResults) -> tuple[dict[str, str], dict[str, str]]:
    """Parents and names of every place code in an answer and in what is chosen."""
    codes = {
        item.value for facet in _FACETS for item in results.facets.get(facet, ()) if item.value
    }
    for facet in _FACETS:
        choice = results.state.choice(facet)
        codes.update(code for code in (*choice.values, *choice.excluded) if code)
    if not codes:
        return {}, {}
    return {code: parent(code) for code in codes}, {code: name(code) for code in codes}
