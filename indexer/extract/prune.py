"""Furniture inside the article's container: sharing bars, related links, votes, players."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from indexer.extract.container import ContainerRules, container_rules
from indexer.extract.outline import Outline

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def prune(outline: Outline, container: int) -> None:
    """Take furniture out of the article's container: by name, hidden, or mostly links."""
    rules = container_rules()
    element = outline.elements[container]
    gone: set[Element] = set()
    for child in list(element.iter(etree.Element)):
        if child is element or child not in outline.number:
            continue
        above = child.getparent()
        if above in gone or above is None:
            gone.add(child)
            continue
        index = outline.number[child]
        if _is_furniture(outline, index, container, rules):
            gone.add(child)
            outline.remove(index)


def _is_furniture(outline: Outline, index: int, container: int, rules: ContainerRules) -> bool:
    element = outline.elements[index]
    tag = element.tag
    if tag in ("form", "nav", "footer", "button", "aside", "textarea", "input"):
        return outline.prose[index] < 0.3 * outline.prose[container]
    style = element.get("style")
    hidden = style is not None and re.search(r"display\s*:\s*none", style, re.IGNORECASE)
    name = outline.name(index)
    if hidden or (name != " " and rules.cut.search(name)):
        return outline.prose[index] < 0.4 * outline.prose[container]
    return (
        tag in ("ul", "ol", "div", "table", "dl", "p", "section")
        and outline.linked[index] > 12
        and outline.link_density(index) > 0.6
        and outline.length[index] < 0.5 * outline.length[container]
        and sum(1 for _ in element.iter("a")) > 1
    )
