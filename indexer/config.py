"""Settings of the indexer, each declared once with its name, default and help.

A setting is read from the environment variable of its name; the command line
has an option for those that people change often.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: environment variable, default as text, and what it does."""

    name: str
    default: str
    help: str


class Settings:
    """Declared settings, read from the environment unless another mapping is given."""

    def __init__(self, *settings: Setting) -> None:
        self._by_name = {setting.name: setting for setting in settings}

    def __iter__(self) -> Iterator[Setting]:
        return iter(self._by_name.values())

    def value(self, name: str, environment: Mapping[str, str] = os.environ) -> str:
        """The text of a setting: from the environment, else its default."""
        return environment.get(name) or self._by_name[name].default

    def number(self, name: str, environment: Mapping[str, str] = os.environ) -> int:
        """A whole number of at least 0. Raises ConfigError."""
        text = self.value(name, environment)
        if not (text.isascii() and text.isdecimal()):
            raise ConfigError(
                f"{name} 应为非负整数，现为 {text!r}。 {name} takes a whole number.",
                "改正环境变量。 Mend the environment variable.",
            )
        return int(text)


SETTINGS = Settings(
    Setting("INDEX_DIR", "index", "索引所在目录。 The folder that holds the index."),
    Setting(
        "XIEZUO_USER_DIR",
        "",
        "自定义词典（user_words.txt）、同义词（synonyms.txt）和分面更正（overrides.yaml）所在目录。"
        " The folder with your own words, synonyms and facet corrections.",
    ),
    Setting(
        "XIEZUO_PROCESSES",
        "0",
        "读取与分词的进程数；0 为处理器个数。 Processes that read and segment; 0 means one per core.",
    ),
    Setting(
        "XIEZUO_BATCH_BYTES",
        "4000000",
        "每批读入的字节数，决定内存上限。 Bytes of pages per batch: it bounds memory.",
    ),
    Setting(
        "XIEZUO_REPAIR_CONFIDENCE",
        "",
        "恢复被篡改词语所需的把握（0 到 1）；留空用默认值。"
        " Confidence asked for before a replaced word is restored; empty for the default.",
    ),
    Setting(
        "XIEZUO_TRUST_INDEX",
        "0",
        "设为 1 时不检查索引目录的所有者和权限。 1 skips the check of the folder's owner and mode.",
    ),
)


def index_dir() -> Path:
    """The index folder that is meant where none is named."""
    return Path(SETTINGS.value("INDEX_DIR"))


def user_dir() -> Path | None:
    """The user folder, or None where none is set. Raises ConfigError where it does not exist."""
    text = SETTINGS.value("XIEZUO_USER_DIR")
    if not text:
        return None
    path = Path(text)
    if not path.is_dir():
        raise ConfigError(
            f"XIEZUO_USER_DIR 指向的目录不存在：{path}。 The user folder does not exist.",
            "建立该目录或取消这一设置。 Make the folder or unset the variable.",
        )
    return path


def processes() -> int:
    """How many processes read and segment."""
    return SETTINGS.number("XIEZUO_PROCESSES") or os.cpu_count() or 1


def repair_confidence() -> float | None:
    """The confidence asked for before a replaced word is restored (0 to 1); None for the
    default. Raises ConfigError."""
    text = SETTINGS.value("XIEZUO_REPAIR_CONFIDENCE")
    if not text:
        return None
    try:
        asked = float(text)
    except ValueError:
        asked = -1.0
    if not 0.0 <= asked <= 1.0:
        raise ConfigError(
            f"XIEZUO_REPAIR_CONFIDENCE 应为 0 到 1 之间的数，现为 {text!r}。"
            " XIEZUO_REPAIR_CONFIDENCE takes a number from 0 to 1.",
            "改正环境变量，或取消它以用默认值。 Mend the environment variable, or unset it for the default.",
        )
    return asked
