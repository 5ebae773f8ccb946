"""The lift that later dates give where recent documents are asked for (`ranking`, step 4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_app.search.engines.whoosh.matches import Scores
from search_app.search.ranking import Ranking


def freshness(days: NDArray[np.int32], newest: int, ranking: Ranking) -> Scores:
    """By how much the scores of documents rise (0: not at all).

    `days` are dates written as YYYYMMDD, 0 where there is none; a date without a day or a
    month counts as its beginning. Age is measured from the newest date of the index rather
    than from today: an archive that ends in the past keeps its order, and so does an answer
    that is asked for again tomorrow.
    """
    age = _years(np.int64(newest)) - _years(days.astype(np.int64))
    lift = ranking.freshness * 2.0 ** (-age / ranking.half_life)
    return np.where(days > 0, lift, 0.0).astype(np.float32)


def _years(days: NDArray[np.int64] | np.int64) -> NDArray[np.float64]:
    years: NDArray[np.float64] = days // 10_000 + days // 100 % 100 / 12 + days % 100 / 372
    return years
