"""Words kept as keys are numbered, sorted and merged as strings would be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh import spelling
from indexer.engines.whoosh.lexicon import Lexicon, encode
from indexer.engines.whoosh.spelling import spelled
from indexer.engines.whoosh.union import spelling_of, union
from indexer.engines.whoosh.vocabulary import Words

# Signs beside every border: of keys, of UTF-8's sizes, of the planes, and the end mark itself.
SIGNS = "\x00\x01a\x7f\x80\u07ff\u0800残疾\ud7ff\ud800\udfff\ue000\uffff\U00010000\U0003ffff"
words = st.lists(st.text(st.sampled_from(SIGNS), max_size=6), max_size=30)


@given(st.lists(words, max_size=4))
def test_words_get_one_number_each_and_sort_as_strings(batches: list[list[str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelling, "FIRST_BITS", 1)
        known = Words()
        number_of: dict[str, int] = {}
        for batch in batches:
            numbers = known.numbers(spelled(batch)).tolist()
            for word, number in zip(batch, numbers, strict=True):
                assert number_of.setdefault(word, number) == number
            new, encoded = known.take_new()
            assert [number_of[word] for word in new] == list(
                range(len(known) - len(new), len(known))
            )
            assert encoded == [encode(word) for word in new]
        assert sorted(number_of.values()) == list(range(len(known)))
        chosen = sorted(number_of)[::2]
        lexicon, order = known.lexicon(np.array([number_of[word] for word in chosen], np.int64))
        assert list(lexicon) == sorted(map(encode, chosen))
        assert order.tolist() == [number_of[word] for word in chosen]


@given(st.lists(words, max_size=4))
def test_a_union_has_the_terms_of_all_in_order(parts: list[list[str]]) -> None:
    lexicons = [Lexicon.of(sorted({encode(word) for word in part})) for part in parts]
    lexicon, places = union([spelling_of(part) for part in lexicons])
    assert list(lexicon) == sorted({term for part in lexicons for term in part})
    for part, at in zip(lexicons, places, strict=True):
        assert [lexicon[place] for place in at.tolist()] == list(part)


@given(words)
def test_some_terms_of_a_lexicon_are_spelled(part: list[str]) -> None:
    terms = sorted({encode(word) for word in part})
    some = np.arange(0, len(terms), 2)
    found = spelling_of(Lexicon.of(terms), some)
    assert [encode(word) for word in found.take(np.arange(len(some)))] == terms[::2]
