"""Web archives of one file (`.mht`, `.mhtml`, RFC 2557): the page among its parts."""

from __future__ import annotations

import email
import email.policy
from email.message import Message


def main_page(data: bytes) -> tuple[bytes, str | None]:
    """The bytes of the archived page and their declared encoding.

    The root part comes first; where it is a mere frame set, the longest HTML part
    is the one that a reader sees. What is no web archive is returned as it came.
    """
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    pages: list[tuple[bytes, str | None]] = []
    for part in message.walk():
        if isinstance(part, Message) and part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                pages.append((content, part.get_content_charset()))
    if not pages:
        return data, None
    if b"<frameset" in pages[0][0].lower():
        return max(pages, key=lambda page: len(page[0]))
    return pages[0]
