"""Our style sheet, scripts and icon, under an address that changes with their content.

The digest of all files is part of the path, so modules that import one another by
relative names stay together, and a browser may keep them for a year.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from functools import lru_cache
from importlib.resources import files

from flask import Response

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@lru_cache(maxsize=1)
def assets() -> dict[str, bytes]:
    """Every file of the folder `static` by name."""
    folder = files("search_app") / "static"
    found = {item.name: item.read_bytes() for item in folder.iterdir() if item.is_file()}
    return {name: lean(data) if name.endswith(".css") else data for name, data in found.items()}


def lean(css: bytes) -> bytes:
    """A style sheet without comments and line breaks: it is part of every first page."""
    return re.sub(rb"/\*.*?\*/|\n\s*", b"", css, flags=re.DOTALL)


@lru_cache(maxsize=1)
def digest() -> str:
    """Twelve hex digits over names and contents."""
    whole = hashlib.sha256()
    for name, data in sorted(assets().items()):
        whole.update(name.encode() + b"\0" + data + b"\0")
    return whole.hexdigest()[:12]


def prefix() -> str:
    """The path under which the files of this version live."""
    return f"/static/{digest()}/"


def response(version: str, name: str) -> Response | None:
    """A file, or None where there is none of that name."""
    data = assets().get(name)
    if data is None:
        return None
    suffix = name[name.rfind(".") :]
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = Response(data, content_type=f"{kind}; charset=utf-8")
    # An old address (a page left open over an upgrade) still answers, but is not kept.
    current = version == digest()
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if current else "no-cache"
    )
    return answer
