"""Response headers: what a browser may do with our pages, stated on every response.

The pages use no inline script or style, load nothing from elsewhere, set no cookie and
cannot be framed. A saved original is the exception: it comes from a path of its own,
is framed by one page of ours, and its policy lets it do nothing but lay itself out.
Header names and values follow the OWASP Secure Headers Project and ASVS 5.0, chapter V3.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, request

SAVED_PREFIX = "/saved/"
"""Saved originals live below this path, and nothing else does."""

_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

# `sandbox` without allow-… : no scripts, no forms, no pop-ups, no refresh, an origin of its
# own. The old pages style themselves inline, so styles may be inline here, but with no
# source of images, fonts or imports allowed a style sheet has nowhere to send anything.
_SAVED_POLICY = "; ".join(
    (
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)

_FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "identity-credentials-get",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip

_COMMON: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _FEATURES),
        "X-Permitted-Cross-Domain-Policies": "none",
    }
)


def headers_for(path: str) -> dict[str, str]:
    """The security headers of a response under `path` (a path below the application)."""
    saved = path.startswith(SAVED_PREFIX)
    return {
        "Content-Security-Policy": _SAVED_POLICY if saved else _PAGE_POLICY,
        "X-Frame-Options": "SAMEORIGIN" if saved else "DENY",
        **_COMMON,
    }


def install(app: Flask) -> None:
    """Put the headers on every response of the application, errors included."""

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in headers_for(request.path).items():
            response.headers[name] = value
        if app.config["HSTS"] and request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
