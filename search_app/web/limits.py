"""A limit of requests per address, off by default (`RATE_LIMIT` requests per minute).

A token bucket per address: `RATE_LIMIT` tokens, refilled evenly over a minute. The table
of addresses is bounded, the one unseen for longest goes first. Behind a reverse proxy all
requests come from the proxy's address: limit there instead.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import Flask, request

from search_app.web.errors import TooMany
from search_app.web.i18n import gettext

ADDRESSES = 10_000


class Buckets:
    """Token buckets by address; `per_minute` tokens each. Safe to share between threads."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self.clock = clock
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> bool:
        """Take one token; False where the bucket is empty."""
        now = self.clock()
        with self._lock:
            tokens, then = self._levels.pop(address, (float(self.per_minute), now))
            tokens = min(self.per_minute, tokens + (now - then) * self.per_minute / 60)
            allowed = tokens >= 1
            self._levels[address] = (tokens - 1 if allowed else tokens, now)
            if len(self._levels) > ADDRESSES:
                self._levels.popitem(last=False)
        return allowed


def install(app: Flask) -> None:
    """Put the limit before every request, where one is configured."""
    per_minute = int(app.config["RATE_LIMIT"])
    if per_minute <= 0:
        return
    buckets = Buckets(per_minute)

    @app.before_request
    def limit() -> None:
        if request.endpoint in {"site.static_file", "site.health"}:
            return
        if not buckets.take(request.remote_addr or ""):
            raise TooMany(gettext("请求过于频繁。"), gettext("请过几秒再试。"))
