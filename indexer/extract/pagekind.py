"""Is there an article on this page at all? Lists, forums and empty shells are told apart.

The archive of a site holds as many index pages as articles. Indexed, they would
answer every search with headlines of other pages. In doubt a page counts as an
article: a missing document is worse than a weak one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from indexer.extract.lines import load_rules
from indexer.extract.outline import Outline, text_of

Reason = Literal["list_page", "forum", "no_article"]

REASONS: dict[Reason, str] = {
    "list_page": "这是栏目或列表页,没有自己的文章 (a list page)",
    "forum": "这是论坛页面 (a forum page)",
    "no_article": "页面上没有文章 (no article)",
}

_SENTENCE = re.compile(r"[。！？!?]|\. ")
_DATE = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\b\d{1,2}-\d{1,2}\b")
_HEADLINE = 8
"""Characters from which the text of a link is a headline rather than a menu's word."""
_SHORT_BODY = 200
_MANY_ITEMS = 5


@dataclass(frozen=True)
class KindRules:
    generator: re.Pattern[str]
    post_id: re.Pattern[str]
    forum_title: re.Pattern[str]
    beside: re.Pattern[str]
    more: re.Pattern[str]


@lru_cache(maxsize=1)
def kind_rules() -> KindRules:
    """The rules of `data/pagekinds.yaml`, compiled once per process."""
    rules = load_rules("pagekinds.yaml")
    forum = rules["forum"]
    return KindRules(
        generator=re.compile(forum["generator"], re.IGNORECASE),
        post_id=re.compile(forum["post_id"], re.IGNORECASE),
        forum_title=re.compile(forum["title"], re.IGNORECASE),
        beside=re.compile(forum["beside"]),
        more=re.compile(rules["more"], re.IGNORECASE),
    )


def is_forum(outline: Outline, page_title: str, generator: str) -> bool:
    """Whether the page shows a thread of posts."""
    rules = kind_rules()
    if generator and rules.generator.search(generator):
        return True
    posts = sum(
        1
        for element in outline.elements
        if (name := element.get("id")) and rules.post_id.match(name)
    )
    if posts > 2:
        return True
    if not rules.forum_title.search(page_title):
        return False
    texts = (element.text for element in outline.elements if element.text)
    return sum(1 for text in texts if len(text) < 40 and rules.beside.search(text)) > 2


def is_list(outline: Outline, container: int) -> bool:
    """Whether what was taken for the article is a list of items that link to others."""
    rules = kind_rules()
    needed = 0.6 * outline.length[container]
    end = outline.end(container)
    items: dict[int, list[int]] = {}
    for index in range(container + 1, end):
        if outline.linked[index] >= _HEADLINE and outline.elements[index].tag in _ITEM_TAGS:
            items.setdefault(outline.parent[index], []).append(index)
    for found in items.values():
        if len(found) < _MANY_ITEMS or sum(outline.length[i] for i in found) < needed:
            continue
        like = sum(1 for index in found if _is_item(outline, index, rules))
        if like >= 0.8 * len(found):
            return True
    return False


_ITEM_TAGS = frozenset(("li", "div", "dl", "dd", "tr", "article", "section", "table"))


def _is_item(outline: Outline, index: int, rules: KindRules) -> bool:
    if outline.length[index] > 400:
        return False
    if outline.link_density(index) > 0.3:
        return True
    text = text_of(outline.elements[index]).strip()
    return bool(_DATE.search(text) or rules.more.search(text))


def without_article(
    outline: Outline, text: str, *, confirmed: bool, known: bool, attachments: bool
) -> Reason | None:
    """Why the text that was found is no article, or None.

    `confirmed`: a headline and a date stand with it; `known`: its container is one
    that a rule names.
    """
    headlines = [
        outline.length[index]
        for index, element in enumerate(outline.elements)
        if element.tag == "a" and outline.length[index] >= _HEADLINE
    ]
    lists = len(headlines) >= 12
    if not text:
        if attachments and confirmed:
            return None
        return "list_page" if lists else "no_article"
    if len(text) >= _SHORT_BODY or confirmed or known or attachments:
        return None
    if lists and sum(headlines) > 3 * len(text):
        return "list_page"
    return None if _SENTENCE.search(text) else "no_article"
