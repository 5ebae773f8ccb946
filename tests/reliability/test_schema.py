"""The API against its own OpenAPI document, with requests that schemathesis makes up.

python -m pip install '.[soak]' && python -m pytest -m soak tests/reliability/test_schema.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.reliability.storm import sample_app

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")


def check(folder: Path, examples: int) -> None:
    app, _ids = sample_app(folder)
    # What the document promises must hold for any host name that a client may send.
    app.config["TRUSTED_HOSTS"] = None
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 3
    for operation in operations:

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answer_as_documented(case: Any) -> None:
            case.call_and_validate()

        answer_as_documented()


def test_a_few_made_up_requests(tmp_path: Path) -> None:
    check(tmp_path, 20)


@pytest.mark.soak
def test_thousands_of_made_up_requests(tmp_path: Path) -> None:
    check(tmp_path, 3000)
