"""The application over a small invented archive."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search_app import create_app
from tests.web.fakes import FakeService


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def app(service: FakeService) -> Flask:
    app = create_app({"SERVICE": service})
    # What goes wrong is answered as to a visitor, with status 500, not raised into the test.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
