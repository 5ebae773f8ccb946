"""A real Chromium on a real server over the invented archive of the page tests."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from werkzeug.serving import make_server

from search_app import create_app
from tests.conftest import missing
from tests.web.fakes import FakeService

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}

OpenPage = Callable[..., Any]


def serve(service: FakeService) -> Iterator[str]:
    """A running server; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app({"SERVICE": service}), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    yield from serve(FakeService())


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, once for all tests."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing("no Chromium is installed (set CHROMIUM to its path)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                  "--disable-background-networking", "--disable-component-update"],
        )  # fmt: skip
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[OpenPage]:
    """Open a path in a fresh context; what the console complains about fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_(path: str, *, base: str = address, expect: int = 200, **options: Any) -> Any:
        options.setdefault("viewport", DESKTOP)
        context = browser.new_context(locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def listen(message: Any) -> None:
            # That a saved page's script was stopped is what should happen.
            stopped = (
                message.text.startswith("Blocked script execution") and "/saved/" in message.text
            )
            missing_page = "status of 404" in message.text
            if message.type in {"error", "warning"} and not (stopped or missing_page):
                complaints.append(message.text)

        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        response = page.goto(base + path)
        assert response is not None
        assert response.status == expect
        return page

    open_.complaints = complaints  # type: ignore[attr-defined]
    yield open_
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    try:
        folder = files("axe_playwright_python")
    except ModuleNotFoundError:
        missing("axe-playwright-python (it carries axe-core) is not installed")
    return (folder / "axe.min.js").read_text("utf-8")
