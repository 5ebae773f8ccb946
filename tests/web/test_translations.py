"""Every text of the pages has its English, and the compiled catalogue is the written one."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from search_app.search.labels import FACET_LABELS, FLAG_LABELS, PROGRAM_LABELS
from search_app.web import labels

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.xml", "jinja2"),
]
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def package(root: Path) -> Path:
    return root / "search_app"


@pytest.fixture(scope="module")
def english(package: Path) -> Catalog:
    path = package / "translations/en/LC_MESSAGES/messages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale="en")


@pytest.fixture(scope="module")
def texts(package: Path) -> set[str]:
    found = extract_from_dir(package, METHODS, keywords=KEYWORDS)
    return {forms(message[2])[0] for message in found}


def forms(text: object) -> list[str]:
    """Singular and plural of a text or a translation, where it has them."""
    return [str(form) for form in (text if isinstance(text, list | tuple) else (text,))]


def test_pages_and_command_line_call_the_same_things_the_same() -> None:
    for spoken, shown in (
        (FACET_LABELS, labels.FACETS),
        (PROGRAM_LABELS, labels.PROGRAMS),
        (FLAG_LABELS, labels.FLAGS),
    ):
        assert spoken == {name: words.text for name, words in shown.items()}


def test_every_text_is_translated(english: Catalog, texts: set[str]) -> None:
    assert len(texts) > 200
    for text in texts:
        message = english.get(text)
        assert message is not None, f"not in the catalogue: {text}"
        assert all(forms(message.string)), f"without translation: {text}"


def test_nothing_in_the_catalogue_is_out_of_use(english: Catalog, texts: set[str]) -> None:
    assert {forms(message.id)[0] for message in english if message.id} == texts


def test_translations_keep_their_variables(english: Catalog) -> None:
    names = re.compile(r"%\((\w+)\)s|%%|#\d?")
    for message in english:
        if not message.id:
            continue
        source = forms(message.id)[0]
        for string in forms(message.string):
            assert sorted(names.findall(source)) == sorted(names.findall(string)), source


def test_the_compiled_catalogue_is_up_to_date(english: Catalog, package: Path) -> None:
    path = package / "translations/en/LC_MESSAGES/messages.mo"
    fresh = io.BytesIO()
    write_mo(fresh, english)
    fresh.seek(0)
    compiled = read_mo(io.BytesIO(path.read_bytes()))
    again = read_mo(fresh)
    assert [(m.id, m.string) for m in compiled] == [(m.id, m.string) for m in again]


def test_no_chinese_stands_bare_in_templates(package: Path) -> None:
    """Chinese in a template is inside `_(…)`, a comment, or an example query."""
    for path in (package / "templates").iterdir():
        text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        text = re.sub(r"_\('[^']*'(, \w+=[\w.]+)*\)", "", text)
        text = re.sub(r"row\('[^']*'", "", text)
        text = re.sub(r'lang="zh-CN">[^<]*<', "", text)
        assert not HAN.search(text), f"{path.name}: {HAN.search(text)}"
