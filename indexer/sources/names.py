"""File names as they may be shown: decodable, on one line, without control characters."""

from __future__ import annotations

import os


def shown(path: str) -> str:
    """`path` in a form safe for logs, JSON and pages.

    Names from old Chinese archives are GBK bytes; what is not is escaped.
    """
    if path.isprintable():  # surrogate escapes are not printable
        return path
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
