"""Addresses of our own pages, built in one place.

Every link keeps the display choices (language, theme …), so that a visitor without
cookies keeps them. Addresses are paths, never absolute, except in feeds and the
OpenSearch description, which leave the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import current_app, request

from search_app.web.i18n import display

Pairs = Sequence[tuple[str, str]]


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters as the query part of an address; lone surrogates become U+FFFD."""
    return urlencode(list(pairs), quote_via=quote, safe=":,*~", errors="replace")


_ESCAPES = {code: f"%{code:02X}" for code in range(128)}
for _kept in (*range(48, 58), *range(65, 91), *range(97, 123), *map(ord, "-._~:,*")):
    del _ESCAPES[_kept]
# What XML and people trip over outside of ASCII: spaces, controls, signs of direction.
for _code in (*range(0x80, 0xA1), 0xAD, *range(0x2000, 0x2010), *range(0x2028, 0x2030),
              *range(0x205F, 0x2070), 0x3000, 0xFEFF, 0xFFFD):  # fmt: skip
    _ESCAPES[_code] = quote(chr(_code))


@lru_cache(maxsize=8192)
def readable(text: str) -> str:
    """A value for an address inside a page: what means something in an address is escaped,
    Chinese stands as it is (an IRI, RFC 3987), which a browser sends escaped and which
    makes a page of results some kilobytes lighter."""
    return text.encode("utf-8", "replace").decode().translate(_ESCAPES)


def link(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """The address of a page for a visitor, with the display choices."""
    query = "&".join(f"{name}={readable(value)}" for name, value in (*pairs, *display().params()))
    return f"{request.script_root}{path}{'?' + query if query else ''}"


def segment(text: str) -> str:
    """One path segment: every sign that means something in a path is escaped."""
    return quote(text, safe="", errors="replace")


def document(document_id: str, pairs: Pairs = (), *, part: str = "") -> str:
    """The reading copy of a document, or a `part` of it ("original", "family")."""
    tail = f"/{part}" if part else ""
    return link(f"/documents/{segment(document_id)}{tail}", pairs)


def outside(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """An absolute address, for feeds and the browser's list of search engines.

    `BASE_URL` wins over the host that the request names, so that a server behind a proxy
    (or asked under a forged host) tells its real address.
    """
    base = current_app.config["BASE_URL"].rstrip("/") or request.host_url.rstrip("/")
    query = encode(pairs)
    return f"{base}{request.script_root}{path}{'?' + query if query else ''}"


def path(text: str) -> str:
    """A path as it stands in an address."""
    return quote(text, safe="/:,*~", errors="replace")


def path_link(target: str) -> str:
    """A path of ours without parameters (the action of a form)."""
    return f"{request.script_root}{target}"
