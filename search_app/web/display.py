"""How a visitor wants the pages shown: language, theme, size of type, shortcut keys.

The choice travels in the address, so a page without cookies and without JavaScript keeps
it. Defaults are left out of addresses; the browser's own settings (dark, more contrast,
less motion, larger type) count as long as nothing is chosen here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

LANGUAGES = ("zh-CN", "en")
THEMES = ("auto", "light", "dark", "contrast")
SIZES = ("normal", "large", "larger")
KEYS = ("on", "off")

_LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}
_ALIASES = {"zh": "zh-CN", "zh-cn": "zh-CN", "zh-hans": "zh-CN", "zh_cn": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Display:
    """A visitor's choices; each field is one of the values above."""

    lang: str = "zh-CN"
    theme: str = "auto"
    text: str = "normal"
    keys: str = "on"

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Display:
        """Read the choices of an address; what is unknown counts as the default."""

        def pick(name: str, allowed: tuple[str, ...]) -> str:
            value = args.get(name, "")
            return value if value in allowed else allowed[0]

        lang = args.get("lang", "").lower()
        lang = _ALIASES.get(lang, "en" if lang.startswith("en") else lang)
        return cls(
            lang=lang if lang in LANGUAGES else LANGUAGES[0],
            theme=pick("theme", THEMES),
            text=pick("text", SIZES),
            keys=pick("keys", KEYS),
        )

    @property
    def locale(self) -> str:
        """The Babel locale of the language."""
        return _LOCALES[self.lang]

    def with_lang(self, lang: str) -> Display:
        """The same choices in another language."""
        return replace(self, lang=lang)

    def params(self) -> list[tuple[str, str]]:
        """The choices that differ from the defaults, as parameters of an address."""
        pairs = (
            ("lang", self.lang, LANGUAGES[0]),
            ("theme", self.theme, THEMES[0]),
            ("text", self.text, SIZES[0]),
            ("keys", self.keys, KEYS[0]),
        )
        return [(name, value) for name, value, default in pairs if value != default]


NAMES = frozenset({"lang", "theme", "text", "keys"})
"""Parameters that belong to the display and never to a search."""
