"""Bytes to text: which encoding a page really has, and how much of it was lost.

What a page declares is a hint. Pages that say gb2312 hold gb18030, pages that say
gb2312 hold UTF-8, and UTF-8 that a tool took for Windows-1252 was encoded again.
So candidates are tried in the order of their trust, strictly; only when none fits
is the one taken that breaks least, and the share of what broke is told.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from indexer.errors import PageRejected

MAX_REPLACED = 0.02
"""Share of undecodable characters above which a page is not worth indexing."""

# WHATWG Encoding Standard: labels of the GBK family and of Latin-1 stand for supersets.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
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
_UTF8_DOUBLED = re.compile(r"[ãäåæçèéï][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\ufffd]{2}")
# GBK taken for Latin-1: runs of signs that no language writes side by side.
_GBK_DOUBLED = re.compile(r"[\u00a1-\u00fe]{6,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\uffff\ud800-\udfff]")
_SAMPLE = 1 << 16


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a page, the encoding that it was in and the share of lost characters."""

    text: str
    encoding: str
    replaced: float = 0.0
    repaired: bool = False


def decode(data: bytes, *, given: str | None = None, max_replaced: float = MAX_REPLACED) -> Decoded:
    """Decode a page; control characters are left out. Raises `PageRejected` (reason "encoding" or "binary")."""
    decoded = _decode(data, given)
    text = decoded.text
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if decoded.encoding.startswith("utf-16"):
        controls = len(CONTROLS.findall(text[:_SAMPLE]))
    if controls > 2 + len(text) // 50:
        raise PageRejected("这是二进制文件,不是网页 (binary file)", reason="binary")
    if controls or "\ufeff" in text or "\uffff" in text:
        decoded = replace(decoded, text=CONTROLS.sub("", text))
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
    if (odd > 8 * (even + 1) or (odd and not even)) and _mostly_ascii(head[::2], head[1::2]):
        return "utf-16-le"
    if (even > 8 * (odd + 1) or (even and not odd)) and _mostly_ascii(head[1::2], head[::2]):
        return "utf-16-be"
    return None


def _mostly_ascii(low: bytes, high: bytes) -> bool:
    """Whether the zeros are those of markup and spaces: a table of numbers has them too."""
    beside = [sign for sign, zero in zip(low, high, strict=False) if not zero]
    return 2 * sum(sign < 0x80 for sign in beside) > len(beside)


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return _undoubled(text, encoding, _share_lost(text))


def _share_lost(text: str) -> float:
    """Share of replacement characters, of those that are not ASCII: markup would hide it."""
    lost = text.count("\ufffd")
    return lost / (len(text) - len(text.encode("ascii", "ignore"))) if lost else 0.0


def _undoubled(text: str, encoding: str, replaced: float = 0.0) -> Decoded:
    """Undo a second encoding: bytes that were taken for Windows-1252 and encoded again."""
    sample = text[:_SAMPLE]
    if encoding != "utf-8" or text.isascii() or _HAN.search(sample):
        return Decoded(text, encoding, replaced)
    signs = len(_UTF8_DOUBLED.findall(sample))
    if signs >= 8:
        single = _narrow(text).decode("utf-8", "replace")
        left = len(_UTF8_DOUBLED.findall(single[:_SAMPLE]))
        if left < signs / 10 and _share_lost(single) < 2 * _FEW:
            return Decoded(single, encoding, _share_lost(single), True)
    if len(_GBK_DOUBLED.findall(sample)) >= 4:
        single = _narrow(text).decode("gb18030", "replace")
        if len(_HAN.findall(single)) > 10 * single.count("\ufffd"):
            return Decoded(single, "gb18030", _share_lost(single), True)
    return Decoded(text, encoding, replaced)


def _narrow(text: str) -> bytes:
    """The bytes that were taken for these signs."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        raw = bytearray()
        for character in text:
            try:
                raw += character.encode("cp1252")
            except UnicodeEncodeError:
                code = ord(character)
                raw += bytes([code]) if code < 256 else character.encode("utf-8", "replace")
        return bytes(raw)
