"""Read the rule files that a domain person edits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from indexer.errors import ConfigError

# The C loader reads the same language ten times faster where libyaml is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> dict[str, Any]:
    """A rule file as a mapping; raises `ConfigError` where it is not one."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (safe loaders both)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} cannot be read: {error}", "Correct the file.") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path.name} is not a mapping.", "Compare it with docs/facets.md.")
    return data
