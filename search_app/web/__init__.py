"""HTML pages, feeds, exports and the JSON API over search: everything that knows Flask."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register blueprints, error pages, languages, headers and figures on an application."""
    from search_app.web import (
        api,
        errors,
        exports,
        feeds,
        gateway,
        i18n,
        limits,
        observe,
        originals,
        security,
        site,
        views,
    )

    gateway.install(app)
    # Functions after a request run in reverse: the headers go on last.
    security.install(app)
    observe.install(app)
    i18n.install(app)
    errors.install(app)
    limits.install(app)
    for module in (views, api, feeds, exports, originals, site):
        app.register_blueprint(module.blueprint)
