"""The server under overload, on a wider address, and when it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from search_app import create_app
from search_app.web.server import Overload, is_loopback, serve
from tests.web.fakes import FakeService

SLOW = """
import sys, time
from search_app import create_app
from search_app.web.server import serve
from tests.web.fakes import FakeService

app = create_app({"SERVICE": FakeService()})

@app.get("/slow")
def slow():
    time.sleep(float(sys.argv[1]))
    return "x" * 300_000

serve(app, "127.0.0.1", 0, threads=1, max_queue=2, announce=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True), ("127.9.9.9", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("example.org", False)],
)  # fmt: skip
def test_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_too_long_a_queue_is_answered_503() -> None:
    app = create_app({"SERVICE": FakeService()})
    waiting = 0
    client = Client(Overload(app.wsgi_app, lambda: waiting, 10))
    assert client.get("/help").status_code == 200
    waiting = 11
    for address in ("/help", "/api/v1/search?q=1"):
        refused = client.get(address)
        assert refused.status_code == 503
        assert refused.headers["Retry-After"]
        assert refused.headers["Content-Security-Policy"]
    assert json.loads(refused.get_data())["error"]["code"] == "overloaded"
    assert "刷新本页" in client.get("/").get_data(as_text=True)


@pytest.fixture
def server(root: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(request.param)],
        cwd=root, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    return server.stdout.readline().strip()


@pytest.mark.parametrize("server", [1.0], indirect=True)
def test_requests_under_way_are_finished_before_stopping(server: subprocess.Popen[str]) -> None:
    url = address(server)
    answers: list[int] = []

    def ask() -> None:
        with urllib.request.urlopen(url + "slow", timeout=20) as response:
            answers.append(len(response.read()))

    # One is being answered when the signal comes, one waits for the only thread.
    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    time.sleep(0.5)
    server.send_signal(signal.SIGTERM)
    for thread in asking:
        thread.join(20)
    assert answers == [300_000, 300_000]
    assert server.wait(20) == 0
    assert server.stdout is not None
    assert "stopped" in server.stdout.read()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)


@pytest.mark.parametrize("server", [0.3], indirect=True)
def test_an_overload_is_turned_away_and_passes(server: subprocess.Popen[str]) -> None:
    url = address(server)
    statuses: list[int] = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(url + "slow", timeout=30) as response:
                statuses.append(response.status)
        except urllib.error.HTTPError as error:
            statuses.append(error.code if error.headers["Retry-After"] else 0)
            error.close()

    asking = [threading.Thread(target=ask) for _ in range(12)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(30)
    assert len(statuses) == 12
    assert set(statuses) == {200, 503}
    with urllib.request.urlopen(url + "help", timeout=20) as response:
        assert response.status == 200


@pytest.mark.parametrize("server", [0.0], indirect=True)
def test_foreign_host_names_are_refused_on_loopback(server: subprocess.Popen[str]) -> None:
    url = address(server)
    request = urllib.request.Request(url + "help", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert refused.value.code == 400
    refused.value.close()


@pytest.mark.parametrize("server", [0.0], indirect=True)
def test_a_line_beyond_the_bound_is_refused(server: subprocess.Popen[str]) -> None:
    url = address(server)
    with urllib.request.urlopen(f"{url}help?q={'a' * 120_000}", timeout=20) as response:
        assert response.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{url}help?q={'a' * 140_000}", timeout=20)
    assert refused.value.code == 431
    refused.value.close()


@pytest.mark.parametrize("server", [0.0], indirect=True)
def test_broken_requests_do_not_stop_it(server: subprocess.Popen[str]) -> None:
    url = address(server)
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    for raw in (b"\0\0\0\r\n\r\n", b"GET /" + b"a" * 300_000, b"GET / HTTP/1.1\r\n: x\r\n\r\n",
                b"GET /%ff%fe?q=%ed%a0%80 HTTP/1.1\r\nHost: localhost\r\n\r\n"):  # fmt: skip
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            try:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            except ConnectionError:
                pass
    with urllib.request.urlopen(url + "help", timeout=20) as response:
        assert response.status == 200


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_a_wider_address_is_warned_of(
    host: str, warned: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stop(*args: object, **kwargs: object) -> None:
        raise OSError("not in a test")

    monkeypatch.setattr("search_app.web.server.create_server", stop)
    app = create_app({"SERVICE": FakeService()})
    with caplog.at_level("WARNING"), pytest.raises(OSError, match="not in a test"):
        serve(app, host, 0)
    assert ("other machines can reach this server" in caplog.text) is warned
    assert (app.config["TRUSTED_HOSTS"] is None) is warned
