"""Pages that are nothing but spam: no article is left to repair."""

from __future__ import annotations

from indexer.document import Document
from indexer.repair.signals import signals

# A page is looked at only with several of these; a plain search for each is cheap.
_KEYS = (
    "娱乐城",
    "百家乐",
    "投注",
    "彩金",
    "棋牌",
    "老虎机",
    "六合彩",
    "代孕",
    "办证",
    "裸聊",
    "真人",
)
LEAST_KEYS = 2
LOOKED_AT = 2000
"""Characters of the body that are looked at."""
DIFFERENT = 6
"""Different words of spam that a page must have."""
DENSITY = 0.06
"""Share of the page's characters that lie in such words."""


def is_spam(document: Document) -> bool:
    """Whether advertising of gambling and the like is what the whole page is.

    Reports about gambling have such words too, but few of them, among those of police,
    courts and lotteries.
    """
    text = f"{document.title}\n{document.text[:LOOKED_AT]}".lower()
    if sum(key in text for key in _KEYS) < LEAST_KEYS:
        return False
    rules = signals()
    hits = rules.spam.findall(text) + rules.brands.findall(text)
    if len(set(hits)) < DIFFERENT or sum(map(len, hits)) < DENSITY * len(text):
        return False
    return len(set(rules.subject.findall(text))) * 2 < len(set(hits))
