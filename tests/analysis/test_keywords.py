from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis.keywords import KEYWORDS, Hashes, Weights, vectors, word_features

WORDS = ("残疾人", "就业", "的", "中国", "粤桂协作", "2018", "孤独症", "发展", "康复", "a")
HASH_OF, IDF = word_features([word.encode() for word in WORDS])
documents = st.lists(st.lists(st.sampled_from(WORDS), max_size=30), min_size=1, max_size=6)


def of(texts: list[list[str]]) -> tuple[Hashes, Weights]:
    rows = [
        (WORDS.index(word), number, count)
        for number, words in enumerate(texts)
        for word, count in Counter(words).items()
    ]
    terms, docs, freqs = np.array(rows or np.empty((0, 3)), np.int64).T
    return vectors(len(texts), HASH_OF, IDF, terms, docs, freqs)


def test_rare_words_tell_more_than_common_ones_and_signs_tell_nothing() -> None:
    hashes, weights = of([["中国", "的", "孤独症", "2018", "a"]])
    kept = hashes[0][weights[0] > 0].tolist()
    assert kept == [HASH_OF[WORDS.index("孤独症")], HASH_OF[WORDS.index("中国")]]


def test_a_text_on_one_matter_has_heavier_words_than_one_on_many() -> None:
    _, weights = of([["康复"] * 5, ["康复", "就业", "孤独症", "粤桂协作", "残疾人"]])
    assert weights[0, 0] > weights[1, 0]


@given(documents)
@settings(max_examples=100, deadline=None)
def test_a_vector_depends_on_its_document_alone(texts: list[list[str]]) -> None:
    hashes, weights = of(texts)
    assert hashes.shape == weights.shape == (len(texts), KEYWORDS)
    for number, words in enumerate(texts):
        alone = of([words])
        assert dict(zip(hashes[number], weights[number], strict=True)) == dict(
            zip(alone[0][0], alone[1][0], strict=True)
        )
        falling = weights[number].astype(int)
        assert (np.diff(falling) <= 0).all()
