"""Generations change under load: no request fails, no answer mixes two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.load import run


def test_switching_generations_under_load(tmp_path: Path) -> None:
    report = run(tmp_path, requests=500, switches=4, documents=200, readers=2)
    assert report.failures == []
    assert report.requests >= 500
    assert report.switches >= 4


@pytest.mark.soak
def test_memory_stays_flat_over_many_switches(tmp_path: Path) -> None:
    report = run(tmp_path, requests=100_000, switches=50, documents=2_000, readers=3)
    assert report.failures == []
    settled, last = report.memory_mb[10:20], report.memory_mb[-10:]
    # Caches fill within the first generations; after that nothing may grow with their number.
    assert sum(last) / len(last) < 1.15 * sum(settled) / len(settled) + 10
