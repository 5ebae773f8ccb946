"""Fit how much a glance at a name tells of what its judgement will be: data/glance.tsv.

A judgement costs some milliseconds, a glance a tenth of one. What the contexts of a brand add to
its log-odds is fitted by a line to what the glance said, and raised until most brands
whose judgement finds them would be judged (KEPT).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from indexer.document import Document
from indexer.repair import RepairModel, foreign, weights
from indexer.repair.candidates import candidates
from indexer.repair.extents import variants
from indexer.repair.judge import judge
from indexer.repair.pages import page_stream
from indexer.repair.stream import stream
from tests.quality.repair_scores import no_list
from tests.repair.hijack import Hijacked, pages

KEPT = {"1": 0.7, "1_of_few": 0.7, "3": 0.8, "3_of_few": 0.8, "places": 0.6}
"""Share of the brands found by their judgement whose contexts each line has to lie above."""
Points = dict[str, list[tuple[float, float, bool]]]
"""By kind of glance: what it said, what the contexts added, whether the brand is found."""


def glances(documents: Sequence[Document], hijacked: int = 900) -> str:
    """data/glance.tsv, by the tables that are in use."""
    with no_list():
        points = _points(pages(documents, "dev", count=hijacked, seed=6, least=2))
    rows = []
    for kind, its in points.items():
        said, added, found = np.array(its).T
        slope, least = np.polyfit(said, added, 1)
        above = np.quantile((added - slope * said - least)[found > 0], KEPT[kind])
        rows += [(kind, least + above), (f"{kind}_each", slope)]
    return (
        "# What the contexts of a foreign name hardly add more than, by a glance: kind <TAB> nats.\n"
        "# Made by tests/quality/repair_glances.py.\n"
        + "".join(f"{kind}\t{nats:.2f}\n" for kind, nats in sorted(rows))
    )


def _points(made: Iterable[Hijacked]) -> Points:
    model, known = RepairModel.default(), weights.foreign()
    points: Points = defaultdict(list)
    for page in made:
        one = page_stream(page.document)
        brand = stream(page.brand).text.rstrip(":")
        for name in candidates(one, (page.document.title,)):
            if name.text.rstrip(":") != brand:
                continue
            verdict = judge(name, one, page.document, model)
            added = sum(known[kind] * verdict.features[kind] for kind in foreign.BY_CONTEXT)
            found = foreign.probability(verdict.features) >= foreign.FOREIGN
            for orders, kind in foreign.glances(name):
                said = max(
                    foreign.glance(variant, one, model, orders)
                    for variant in variants(name, model.known)
                )
                points[kind].append((said, added, found))
            places = math.log(min(len(name.starts), foreign.MOST_GLANCES))
            points["places"].append((places, added, found))
    return points
