"""What is asked: words of titles, drawn by a fixed seed, from rare to common."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from benchmarks.contenders.base import Question, analyzer
from indexer.document import Document


def questions(documents: Sequence[Document], count: int = 40, seed: int = 7) -> list[Question]:
    """`count` questions of one to three words that stand together in a title.

    The words stand in at least five titles or texts of a sample, as words do that people look for.
    """
    chance = random.Random(seed)
    sample = chance.sample(list(documents), min(len(documents), 2000))
    frequency: Counter[str] = Counter()
    titles = []
    for document in sample:
        frequency.update(set(analyzer().tokens(document.text).words))
        titles.append([w for w in analyzer().tokens(document.title).words if len(w) > 1])
    known = [[w for w in words if frequency[w] >= 5] for words in titles]
    known = [words for words in known if len(words) >= 3]
    asked: dict[tuple[str, ...], None] = {}
    while known and len(asked) < count:
        words = chance.choice(known)
        size = 1 + len(asked) % 3
        at = chance.randrange(len(words) - size + 1)
        asked[tuple(dict.fromkeys(words[at : at + size]))] = None
    return [Question(words, every=True) for words in asked]


def plain_words(asked: Sequence[Question]) -> list[str]:
    """Every single word of the questions: all contenders must count the same documents."""
    return sorted({word for question in asked for word in question.words})
