"""The API against its own OpenAPI document, with requests that schemathesis makes up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from tests.reliability.storm import application


def check(index: Path, examples: int) -> None:
    app, _ids = application(index)
    # What the document promises must hold for any host name that a client may send.
    app.config["TRUSTED_HOSTS"] = None
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    found = list(schema.get_all_operations())
    operations = [operation.ok() for operation in found if isinstance(operation, Ok)]
    assert len(operations) == len(found) > 3
    for operation in operations:

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answer_as_documented(case: Any) -> None:
            case.call_and_validate()

        answer_as_documented()


def test_a_few_made_up_requests(seeds_index: Path) -> None:
    check(seeds_index, 20)


@pytest.mark.soak
def test_thousands_of_made_up_requests(seeds_index: Path) -> None:
    check(seeds_index, 3000)
