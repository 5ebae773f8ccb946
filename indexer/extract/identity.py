"""The id of a document: given, else from its address, else from its path and content."""

from __future__ import annotations

import hashlib
import re

_SCHEME = re.compile(r"^https?://(www\.)?", re.IGNORECASE)
# Browsers skip control characters and blanks in a scheme.
_ANY_SCHEME = re.compile(r"[\s\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\s\x00-\x1f-]*):(?!\d)")
_PLAIN = re.compile(r"[^\s\x00-\x1f\ud800-\udfff/?#%\\]{1,120}")


def document_id(given: object, url: str | None, path: str, sha256: str) -> str:
    """A stable id that is safe as one segment of an address."""
    if given is not None and given != "" and not isinstance(given, (dict, list)):
        text = str(given).strip()
        if text.isascii() and text.isalnum() and len(text) <= 120:
            return text
        if _PLAIN.fullmatch(text) and text not in (".", ".."):
            return text
        if text:
            return _digest(f"id {text}")
    if url:
        return _digest("url " + _SCHEME.sub("", url.split("#")[0]).rstrip("/"))
    return _digest(f"path {path} {sha256}")


def safe_url(url: str) -> bool:
    """Whether an address leads to a file or page, not into a script or data."""
    scheme = _ANY_SCHEME.match(url)
    return scheme is None or scheme[1].lower() in ("http", "https", "ftp")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
