"""Read the rule files that a domain person edits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from indexer.errors import ConfigError

# The C loader reads the same language ten times faster where libyaml is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


CORRECT = "请对照 docs/facets.md 更正文件。 Correct the file; docs/facets.md shows its form."
"""The next step for whoever has edited a rule file."""


def load_yaml(path: Path) -> dict[str, Any]:
    """A rule file as a mapping; raises `ConfigError` where it is not one."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (safe loaders both)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} 无法读取。 It cannot be read: {error}", CORRECT) from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path} 不是“名称: 值”的形式。 It is not a mapping.", CORRECT)
    return data


def entry_lines(path: Path) -> dict[str, int]:
    """The line (from 1) at which each entry of a rule file begins, to name it in a message."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    entries = node.value if isinstance(node, yaml.MappingNode) else ()
    return {key.value: key.start_mark.line + 1 for key, _ in entries}
