"""What the operator sees: one structured line per request, and figures for Prometheus.

By default a line names neither the visitor nor what was searched: method, route, status,
time and a request id, which is on the response and on error pages too.
"""

from __future__ import annotations

import json
import logging
import secrets
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

access = logging.getLogger("search_app.access")


class Metrics:
    """The figures of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "search_app_requests_total", "Requests answered.", ["route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "search_app_request_seconds", "Time to the first byte of the answer.", ["route"],
            registry=self.registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )  # fmt: skip


def install(app: Flask) -> None:
    """Measure and log every request of the application."""
    metrics = Metrics()
    app.extensions["search_app.metrics"] = metrics

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        # The route, not the path: paths are without number and may hold what was typed.
        route = request.url_rule.rule if request.url_rule is not None else "none"
        metrics.requests.labels(route, str(response.status_code)).inc()
        metrics.seconds.labels(route).observe(seconds)
        request_id = g.get("request_id", "")
        response.headers["X-Request-ID"] = request_id
        if access.isEnabledFor(logging.INFO):
            line = {
                "id": request_id,
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            }
            access.info(json.dumps(line))
        return response
