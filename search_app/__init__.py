"""The search pages and the JSON API over an index: `create_app` makes the Flask application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

DEFAULTS: Mapping[str, Any] = {
    # Folder of the index; read on every request for a newer generation.
    "INDEX_DIR": "index",
    # A ready service instead of the folder (tests, embedding).
    "SERVICE": None,
    # Public address of the application, for feeds and the OpenSearch description.
    "BASE_URL": "",
    # Host names that are answered; None answers all (serve() narrows it on loopback).
    "TRUSTED_HOSTS": None,
    # Send Strict-Transport-Security on https.
    "HSTS": False,
    # Requests per minute and address; 0 is without limit.
    "RATE_LIMIT": 0,
    # Most documents in one export.
    "EXPORT_LIMIT": 100_000,
    # Forms of ours are small, and nothing is uploaded.
    "MAX_CONTENT_LENGTH": 65_536,
}
"""Settings of the application with their defaults."""


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the application. `config` overrides `DEFAULTS`.

    An index need not exist yet: pages say so until one is there.
    """
    # Loaded here, so that the command line starts fast.
    from flask import Flask

    from search_app.web import install

    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config or {})
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    install(app)
    return app
