"""Bytes to text: which encoding a page really has, and how much of it was lost.

What a page declares is a hint. Pages that say gb2312 hold gb18030, pages that say
gb2312 hold UTF-8, and UTF-8 that a tool took for Windows-1252 was encoded again.
So candidates are tried in the order of their trust, strictly; only when none fits
is the one taken that breaks least, and the share of what broke is told.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from indexer.errors import PageRejected

MAX_REPLACED = 0.02
"""Share of undecodable characters above which a page is not worth indexing."""

# WHATWG Encoding Standard: labels of the GBK family and of Latin-1 stand for supersets.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4096
_FEW = 0.2
# UTF-8 of a Han or full-width character, each byte taken for a Windows-1252 sign.
_MOJIBAKE = re.compile(r"[ãäåæçèéï][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a page, the encoding that it was in and the share of lost characters."""

    text: str
    encoding: str
    replaced: float = 0.0
    repaired: bool = False


def decode(data: bytes, *, given: str | None = None, max_replaced: float = MAX_REPLACED) -> Decoded:
    """Decode a page. Raises `PageRejected` (reason "encoding" or "binary")."""
    decoded = _decode(data, given)
    if "\0" in decoded.text:
        if decoded.text.count("\0") > len(decoded.text) // 100:
            raise PageRejected("这是二进制文件,不是网页 (binary file)", reason="binary")
        decoded = Decoded(
            decoded.text.replace("\0", ""), decoded.encoding, decoded.replaced, decoded.repaired
        )
    if decoded.replaced > max_replaced:
        share = f"{decoded.replaced:.1%}"
        raise PageRejected(f"{share} 的字符无法解码 (cannot be decoded)", reason="encoding")
    return decoded


def _decode(data: bytes, given: str | None) -> Decoded:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _lenient(data[len(bom) :], encoding)
    wide = _utf16(data)
    if wide:
        return _lenient(data, wide)
    declared = declared_encoding(data)
    candidates = [
        name
        for name in dict.fromkeys((_known(given), "utf-8", declared, "gb18030"))
        if name and name != "cp1252"
    ]
    for encoding in candidates:
        try:
            return _undoubled(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    attempts = [_lenient(data, encoding) for encoding in candidates]
    if declared == "cp1252":
        attempts.append(_lenient(data, declared))
    # UTF-8 with a few broken bytes is still readable as GB18030, into nonsense: the
    # first that loses little is meant. GBK read as UTF-8 loses nearly everything.
    few = [attempt for attempt in attempts if attempt.replaced < _FEW]
    return few[0] if few else min(attempts, key=lambda attempt: attempt.replaced)


def declared_encoding(data: bytes) -> str | None:
    """The Python codec for what the page says of itself, widened as browsers do."""
    match = _DECLARED.search(data, 0, _HEAD)
    return _known((match[1] or match[2]).decode("ascii", "ignore")) if match else None


def _known(label: str | None) -> str | None:
    if not label:
        return None
    try:
        info = codecs.lookup(label)
    except LookupError:
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name.startswith("utf-16"):
        return None  # a page whose declaration could be read is not UTF-16
    return _SUPERSETS.get(info.name, info.name)


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: markup and spaces leave zeros in every other byte."""
    head = data[:2048]
    if head.count(0) < len(head) // 10 or len(data) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 8 * (even + 1) or (odd and not even):
        return "utf-16-le"
    if even > 8 * (odd + 1) or (even and not odd):
        return "utf-16-be"
    return None


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    # Of a page that is mostly markup, the share of ASCII hides what is lost of its text.
    written = len(text) - _ascii_count(text)
    share = lost / written if written and lost else 0.0
    return _undoubled(text, encoding, share)


def _ascii_count(text: str) -> int:
    return len(text.encode("ascii", "ignore"))


def _undoubled(text: str, encoding: str, replaced: float = 0.0) -> Decoded:
    """Undo a second encoding: UTF-8 whose bytes were taken for Windows-1252."""
    if encoding == "utf-8" and len(_MOJIBAKE.findall(text, 0, 1 << 16)) >= 8:
        raw = bytearray()
        for character in text:
            try:
                raw += character.encode("cp1252")
            except UnicodeEncodeError:
                code = ord(character)
                raw += bytes([code]) if code < 256 else character.encode()
        single = bytes(raw).decode("utf-8", "replace")
        if len(_MOJIBAKE.findall(single)) == 0 and single.count("\ufffd") <= len(single) // 200:
            return Decoded(single, encoding, single.count("\ufffd") / max(1, len(single)), True)
    return Decoded(text, encoding, replaced)
