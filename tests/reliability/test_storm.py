"""Nothing that a visitor types gives a 500 or hangs, over the whole application."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.storm import application, blow


def test_a_thousand_strange_requests(seeds_index: Path) -> None:
    report = blow(*application(seeds_index), 1000)
    assert report["findings"] == []
    assert report["statuses"][200] > 300


@pytest.mark.soak
def test_a_hundred_thousand_strange_requests(seeds_index: Path) -> None:
    report = blow(*application(seeds_index), 100_000)
    assert report["findings"] == []
