"""rjieba, fed with our stream, cuts as jieba does with the same dictionary."""

from __future__ import annotations

import gzip
import json
import logging
import random
import re
from pathlib import Path

import jieba
import pytest

from indexer.analysis.dictionary import load_dictionary
from indexer.analysis.normalise import normalise
from indexer.analysis.tokenizer import Tokenizer

RUNS = re.compile("[一-鿕]+")  # what jieba itself takes for Han


@pytest.fixture(scope="module")
def ours() -> Tokenizer:
    return Tokenizer(load_dictionary().counts.items())


@pytest.fixture(scope="module")
def reference(ours: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    for word, count in ours.added.items():
        tokenizer.add_word(word, count)
    return tokenizer


def assert_same(texts: list[str], ours: Tokenizer, reference: jieba.Tokenizer) -> None:
    for text in texts:
        expected = [word for run in RUNS.findall(normalise(text)) for word in reference.cut(run)]
        found = [word for word in ours.tokens(text).words if RUNS.fullmatch(word)]
        assert found == expected


def test_sentences_of_dictionary_words(ours: Tokenizer, reference: jieba.Tokenizer) -> None:
    rng = random.Random(2026)
    words = sorted(word for word in reference.FREQ if RUNS.fullmatch(normalise(word)))
    known = rng.sample(words, 4000)
    added = [word for word in ours.added if RUNS.fullmatch(word)]
    texts = ["".join(rng.choices(added + known, k=8)) + "。" for _ in range(800)]
    assert_same(texts, ours, reference)


def test_random_han(ours: Tokenizer, reference: jieba.Tokenizer) -> None:
    rng = random.Random(7)
    common = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"
    texts = []
    for _ in range(500):
        # 动动动 is 动|动动 or 动动|动 with exactly the same probability: rounding decides.
        signs = [rng.choice(common)]
        while len(signs) < 30:
            signs += [sign for sign in rng.choices(common) if sign != signs[-1]]
        texts.append("".join(signs))
    assert_same(texts, ours, reference)


def test_articles(ours: Tokenizer, reference: jieba.Tokenizer, shared: Path) -> None:
    texts = []
    with gzip.open(shared / "gold/retrieval/archive.jsonl.gz", "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number % 40 == 0:
                # Without spaces and line ends, across which our tokenizer reads on.
                texts.append(re.sub(r"\s", "。", json.loads(line)["text"]))
            if len(texts) == 250:
                break
    assert_same(texts, ours, reference)
