"""Settings of the search application, each declared once with its name, default and help.

A setting is read from the environment variable of its name. `INDEX_DIR` and
`XIEZUO_USER_DIR` are shared with the indexer and declared in `indexer.config`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from indexer import config as shared
from indexer.config import Setting, Settings

SETTINGS = Settings(
    Setting(
        "XIEZUO_BASE_URL",
        "",
        "对外的网址，用于订阅源与浏览器搜索插件，例如 https://archive.example.org。"
        " The public address, for feeds and the OpenSearch description.",
    ),
    Setting(
        "XIEZUO_TRUSTED_HOSTS",
        "",
        "接受的主机名，以逗号分隔；留空时只在本机监听才会限制。"
        " Host names that are answered, with commas between; empty answers all but on loopback.",
    ),
    Setting(
        "XIEZUO_RATE_LIMIT",
        "0",
        "每个地址每分钟的请求数上限；0 为不限。 Requests per minute and address; 0 is no limit.",
    ),
    Setting(
        "XIEZUO_EXPORT_LIMIT",
        "100000",
        "一次导出的最多文档数。 Most documents in one export.",
    ),
    Setting(
        "XIEZUO_HSTS",
        "0",
        "设为 1 时在 https 下发送 Strict-Transport-Security。"
        " 1 sends Strict-Transport-Security on https.",
    ),
    Setting("XIEZUO_THREADS", "4", "同时处理请求的线程数。 Threads that answer requests."),
)


def app_config(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The configuration of the Flask application. Raises ConfigError."""
    hosts = [
        host.strip() for host in SETTINGS.value("XIEZUO_TRUSTED_HOSTS", environment).split(",")
    ]
    return {
        "INDEX_DIR": shared.SETTINGS.value("INDEX_DIR", environment),
        "BASE_URL": SETTINGS.value("XIEZUO_BASE_URL", environment).rstrip("/"),
        "TRUSTED_HOSTS": [host for host in hosts if host] or None,
        "RATE_LIMIT": SETTINGS.number("XIEZUO_RATE_LIMIT", environment),
        "EXPORT_LIMIT": SETTINGS.number("XIEZUO_EXPORT_LIMIT", environment),
        "HSTS": SETTINGS.value("XIEZUO_HSTS", environment) == "1",
    }
