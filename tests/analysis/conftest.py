from __future__ import annotations

import pytest

from indexer.analysis import Analyzer, load_analyzer


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return load_analyzer()
