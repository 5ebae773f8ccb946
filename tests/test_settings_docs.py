"""docs/settings.md says what the settings in the code say.

python -m tests.test_settings_docs     # writes the page anew
"""

from __future__ import annotations

from pathlib import Path

from indexer import config as indexer_config
from search_app import config as search_config

HEAD = """# Settings · 设置

Each is an environment variable, read by `python -m indexer` and `python -m search_app` alike.
每项设置都是环境变量，两个程序通用。

| name 名称 | default 默认值 | what it does 作用 |
|---|---|---|
"""
TAIL = """
## Your own words, synonyms and corrections · 自己的词语、同义词和更正

Make a folder, name it in `XIEZUO_USER_DIR`, put any of these files into it, and rebuild the index:

- `user_words.txt`: one word per line that must not be cut. 每行一个不可拆开的词。
- `synonyms.txt`: Solr's format. `a, b` are equal, `a => b` leads one way. 同义词，一行一组。
- `overrides.yaml`: corrections of facet values by document id, see [facets](facets.md). 分面更正。

Mistakes in them are reported with file and line before anything is built. An index that was made with
other words or synonyms is refused with the command that rebuilds it.
"""


def page() -> str:
    rows = [
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else ''} | {setting.help} |"
        for setting in (*indexer_config.SETTINGS, *search_config.SETTINGS)
    ]
    return HEAD + "\n".join(rows) + "\n" + TAIL


def test_the_page_is_what_the_code_says(root: Path) -> None:
    assert (root / "docs" / "settings.md").read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    Path("docs/settings.md").write_text(page(), encoding="utf-8")
