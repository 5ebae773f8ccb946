"""Nothing that a visitor types gives a 500 or hangs, over the whole application."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.storm import blow, sample_app


def test_a_thousand_strange_requests(tmp_path: Path) -> None:
    report = blow(*sample_app(tmp_path), 1000)
    assert report["findings"] == []
    assert report["statuses"][200] > 300


@pytest.mark.soak
def test_a_hundred_thousand_strange_requests(tmp_path: Path) -> None:
    report = blow(*sample_app(tmp_path), 100_000)
    assert report["findings"] == []
