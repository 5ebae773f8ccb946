"""Serving with waitress: bounded threads and queue, an answer under overload, a calm stop.

Waitress takes connections up to its limit and queues requests for its threads. When
more wait than `max_queue`, a request is answered at once with 503 and Retry-After: a
visitor who is told to come back is better off than one who waits for a timeout.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import signal
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from search_app.web.errors import SCRIPTS
from search_app.web.security import headers_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

log = logging.getLogger("search_app.server")

RETRY_AFTER = 2
"""Seconds after which a visitor turned away may try again."""


GRACE = 20.0
"""Seconds that requests under way get when the server is told to stop."""


BUSY = {
    "error": {
        "code": "overloaded",
        "message": "服务器忙。The server is busy.",
        "hint": f"请在 {RETRY_AFTER} 秒后重试。Try again in {RETRY_AFTER} seconds.",
    }
}
# Without style sheet and navigation: this page has to cost nothing.
BUSY_PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>服务器忙</title>'
    f"<h1>服务器忙</h1><p>现在访问的人太多，请在 {RETRY_AFTER} 秒后刷新本页。</p>"
    f'<p lang="en">The server is busy. Reload this page in {RETRY_AFTER} seconds.</p></html>'
)


class Overload:
    """WSGI middleware that turns requests away while more than `limit` of them wait.

    `waiting` gives the number of requests that have been read and have no thread yet.
    """

    def __init__(self, app: WSGIApplication, waiting: Callable[[], int], limit: int) -> None:
        self.app = app
        self.waiting = waiting
        self.limit = limit

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self.waiting() <= self.limit:
            return self.app(environ, start)
        script = environ.get("PATH_INFO", "").startswith(SCRIPTS)
        body = (json.dumps(BUSY, ensure_ascii=False) if script else BUSY_PAGE).encode()
        kind = "application/json" if script else "text/html"
        start(
            "503 Service Unavailable",
            [
                ("Content-Type", f"{kind}; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Retry-After", str(RETRY_AFTER)),
                ("Cache-Control", "no-store"),
                *headers_for("/").items(),
            ],
        )
        return [body]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _stop(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def serve(
    app: Flask,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    threads: int = 4,
    connections: int = 512,
    max_queue: int = 64,
    announce: Callable[[str], Any] | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl+C; requests under way are finished first.

    `announce` gets the address that is really listened on (`port` 0 takes a free one).
    Raises OSError when the address cannot be bound.
    """
    if is_loopback(host):
        # A name that an attacker's DNS points at this machine is not ours.
        app.config["TRUSTED_HOSTS"] = app.config["TRUSTED_HOSTS"] or [
            "localhost", "127.0.0.1", "[::1]", host,
        ]  # fmt: skip
    else:
        log.warning(
            "listening on %s: other machines can reach this server. Put a reverse proxy with"
            " TLS in front of it and set XIEZUO_TRUSTED_HOSTS (docs/security.md).",
            host,
        )
    # Its warning on every queued request is what the gate is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    gate = Overload(app, lambda: 0, max_queue)
    sockets: dict[int, Any] = {}
    server = create_server(
        gate,
        map=sockets,
        host=host,
        port=port,
        threads=threads,
        connection_limit=connections,
        channel_timeout=60,
        ident=None,
        max_request_header_size=131_072,
        max_request_body_size=65_536,
        clear_untrusted_proxy_headers=True,
    )
    gate.waiting = lambda: len(server.task_dispatcher.queue)
    previous = signal.signal(signal.SIGTERM, _stop)
    if announce is not None:
        announce(_address(server))
    try:
        wasyncore.loop(timeout=1, map=sockets)
    except (SystemExit, KeyboardInterrupt):
        _drain(sockets)
    finally:
        signal.signal(signal.SIGTERM, previous)
        server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(sockets)


def _address(server: Any) -> str:
    """Where the server really listens, as a URL (a name may stand for several sockets)."""
    if isinstance(server, MultiSocketServer):
        host, port = server.effective_listen[0]
    else:
        host, port = server.effective_host, server.effective_port
    return f"http://[{host}]:{port}/" if ":" in str(host) else f"http://{host}:{port}/"


def _drain(sockets: dict[int, Any]) -> None:
    """Take no more connections, and finish every request that was read."""
    for item in list(sockets.values()):
        if isinstance(item, BaseWSGIServer):
            # Not its own `close`: that would close the trigger which wakes this loop, too.
            wasyncore.dispatcher.close(item)
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        channels = [item for item in list(sockets.values()) if isinstance(item, HTTPChannel)]
        if not any(channel.requests or channel.total_outbufs_len for channel in channels):
            return
        wasyncore.loop(timeout=0.1, map=sockets, count=1)
