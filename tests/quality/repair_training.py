"""Make the data that the repair of hijacked pages is trained with, from the development half.

    python -m tests.quality.repair_training tables      data/pairs.bin, contexts.npz, signs.tsv
    python -m tests.quality.repair_training weights     data/foreign.tsv

Nothing of the held-out half is looked at. The weights are fitted to pages whose own text is
not in the contexts that they are judged by: half of the development half gives the contexts,
the other half the pages; likewise no brand is judged by a table of signs that it is in.
"""

from __future__ import annotations

import math
import random
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray

from indexer import repair
from indexer.analysis.normalise import HAN, tables
from indexer.document import Document
from indexer.repair import RepairModel, judge, spelling, vocabulary
from indexer.repair.candidates import candidates
from indexer.repair.contexts import ContextModel, pruned
from indexer.repair.rare import compile_pairs
from indexer.repair.stream import Codes, stream
from indexer.repair.topics import Affinity
from tests.quality.repair_scores import TRAPS
from tests.repair.hijack import archive, half_of, listed, pages

DATA = Path(repair.__path__[0]) / "data"
COMMON = 5
"""Pages from which a pair of Han is common."""
FREQUENT = 300
"""Frequency in jieba's dictionary from which the pairs of a word are common."""
LEAST = 6
"""Occurrences from which a context of a word is shipped."""
FIXED = {"own": -3.0, "slot": 2.0, "told": 4.0, "known": -2.0}
"""Weights set by hand: the pages made here hardly show what they are for."""
PULL = 1.0
"""Strength of the penalty on large weights (ridge)."""
STEPS = 50

Floats = NDArray[np.float64]
Features = dict[str, float]


# --- tables ---------------------------------------------------------------------------


def pairs(documents: Sequence[Document]) -> bytes:
    """data/pairs.bin: which pairs of Han are common."""
    found = [np.unique(_pairs(stream(document.text).classes)) for document in documents]
    every, pages_with = np.unique(np.concatenate(found), return_counts=True)
    frequent = [
        _pairs(stream(word).classes) for word, frequency in _dictionary() if frequency >= FREQUENT
    ]
    common = np.unique(np.concatenate([every[pages_with >= COMMON], *frequent]))
    low = np.uint64((1 << 21) - 1)
    return compile_pairs(
        (common >> np.uint64(21)).astype(np.uint32), (common & low).astype(np.uint32)
    )


def _pairs(classes: Codes) -> NDArray[np.uint64]:
    han = tables().kind[classes] == HAN
    places = np.flatnonzero(han[:-1] & han[1:])
    paired: NDArray[np.uint64] = classes[places].astype(np.uint64) << np.uint64(21)
    return paired | classes[places + 1]


def _dictionary() -> Iterator[tuple[str, int]]:
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        yield word, int(frequency)


def contexts(documents: Sequence[Document]) -> ContextModel:
    """The model of data/contexts.npz."""
    texts = [document.text for document in documents]
    return pruned(vocabulary.learned(texts, vocabulary.words()), LEAST)


def brands() -> list[str]:
    """Names of such sites: the shipped list, and those of the development half."""
    text = (DATA / "signals.yaml").read_text(encoding="utf-8")
    shipped = text.split("brands: >", 1)[1].split("\n\n", 1)[0].split()
    made = [name for names in listed("brands.txt", "dev").values() for name in names]
    return sorted({stream(name).text.rstrip(":") for name in (*shipped, *made)})


def honest(documents: Iterable[Document]) -> list[str]:
    """Names that repeat on clean pages as brands would."""
    names = {
        name.text
        for document in documents
        for name in candidates(stream(document.text), (document.title,))
        if name.origin in ("unknown", "part") and len(name.text) <= 8
    }
    return sorted(names)


def odds(names: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    """log P(sign|brand) / P(sign|honest name) of Han, drawn towards 0 where little was seen."""
    inside = Counter(sign for name in names for sign in set(name))
    outside = Counter(sign for name in others for sign in set(name))
    few = 4.0
    found = {}
    for sign in inside.keys() | outside.keys():
        share = (outside[sign] + 1) / (len(others) + 1)
        if sign >= "\u3400" and inside[sign] + outside[sign] * len(names) / len(others) >= 1:
            expected = few * (outside[sign] + 1) / len(others)
            found[sign] = math.log((inside[sign] + expected) / (len(names) + few) / share)
    return found


def signs(names: Sequence[str], others: Sequence[str]) -> str:
    """data/signs.tsv."""
    rows = defaultdict(list)
    for sign, nats in odds(names, others).items():
        rows[round(max(-3.0, min(3.0, nats)) * 2) / 2].append(sign)
    lines = [
        f"{nats}\t{''.join(sorted(rows[nats]))}" for nats in sorted(rows, reverse=True) if nats
    ]
    return (
        "# Han that names of such sites are made of, against honest new names: nats <TAB> signs.\n"
        "# Made by tests/quality/repair_training.py.\n" + "\n".join(lines) + "\n"
    )


# --- weights --------------------------------------------------------------------------


def features(document: Document, model: RepairModel) -> list[tuple[str, Features]]:
    """All candidates of a page with their features."""
    one = stream(document.text)
    affinity = Affinity(document)
    names = candidates(one, (document.title, document.page_title))
    verdicts = [judge.judge(name, one, document, model, affinity) for name in names]
    return [(verdict.candidate.text.rstrip(":"), verdict.features) for verdict in verdicts]


def examples(
    documents: Sequence[Document], hijacked: int, clean: int
) -> Iterator[tuple[Features, bool, int]]:
    """Features, whether the name is a brand, and the number of its page."""
    first = [document for document in documents if not _second(document.id)]
    second = [document for document in documents if _second(document.id)]
    model = RepairModel(vocabulary.with_phrases(contexts(first)))
    names, others = brands(), honest(first)
    tables_of_signs = [
        odds([name for name in names if _second(name) != half], others) for half in (False, True)
    ]
    made = [
        *pages(second, "dev", count=hijacked, seed=1, least=3),
        *pages(second[::-1], "dev", count=hijacked // 5, seed=2, least=2),
    ]
    used = {one.document.id[2:] for one in made}
    rest = [document for document in second if document.id not in used]
    for number, page in enumerate(made):
        brand = stream(page.brand).text.rstrip(":")
        for name, values in features(page.document, model):
            is_brand = brand in name or name in brand
            if is_brand:
                unseen = tables_of_signs[_second(brand)]
                values["signs"] = spelling.bounded(sum(unseen.get(sign, 0.0) for sign in name))
            yield values, is_brand, number
    # Pages that write of gambling and the like are rare and have to stay unflagged too.
    traps = [document for document in rest if TRAPS.search(document.text)]
    chosen = random.Random(4).sample(rest, clean) + traps[: clean // 5]
    for number, document in enumerate(chosen, len(made)):
        for _, values in features(document, model):
            yield values, False, number


def _second(text: str) -> bool:
    return zlib.crc32(text.encode()) // 2 % 2 == 1


def fit(values: Floats, right: Floats, offset: Floats) -> Floats:
    """Weights of a logistic regression by Newton's method."""
    weights = np.zeros(values.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(values @ weights + offset)))
        slope = values.T @ (right - chance) - PULL * weights
        curve = values.T @ (values * (chance * (1 - chance))[:, None]) + PULL * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return weights


def weights(documents: Sequence[Document], hijacked: int = 900, clean: int = 2500) -> str:
    """data/foreign.tsv; prints what share of brands it finds at which share of alarms."""
    found = list(examples(documents, hijacked, clean))
    names = [name for name in found[0][0] if name not in FIXED]
    values = np.array([[one.get(name, 0.0) for name in names] for one, *_ in found])
    offset = np.array(
        [sum(FIXED[name] * one.get(name, 0.0) for name in FIXED) for one, *_ in found]
    )
    right = np.array([float(is_brand) for _, is_brand, _ in found])
    page = np.array([number for *_, number in found])
    scores = np.zeros(len(found))
    for half in (0, 1):
        taught = page % 2 == half
        fitted = fit(values[taught], right[taught], offset[taught])
        scores[~taught] = values[~taught] @ fitted + offset[~taught]
    made = hijacked + hijacked // 5
    best = np.full(int(page.max()) + 1, -30.0)
    kept = (page >= made) | (right > 0)
    np.maximum.at(best, page[kept], scores[kept])
    for share in (0.002, 0.005, 0.01, 0.02):
        least = float(np.quantile(best[made : made + clean], 1 - share))
        chance = 1 / (1 + math.exp(-least))
        print(
            f"alarms {share:.3f}: probability {chance:.2f}, found {(best[:made] > least).mean():.3f}"
        )
    fitted = fit(values, right, offset)
    rows = [*zip(names, fitted.tolist(), strict=True), *FIXED.items()]
    return (
        "# Weights of the features of foreign.py: feature <TAB> weight. Logistic regression by\n"
        f"# tests/quality/repair_training.py; {', '.join(FIXED)} are set by hand there.\n"
        + "".join(f"{name}\t{weight:.2f}\n" for name, weight in rows)
    )


def main() -> None:
    """Write the files that are asked for."""
    shared = Path(__file__).resolve().parents[2].parent / "shared"
    documents = half_of(archive(shared), "dev")
    if "tables" in sys.argv:
        (DATA / "pairs.bin").write_bytes(pairs(documents))
        (DATA / "contexts.npz").write_bytes(vocabulary.stored(contexts(documents)))
        (DATA / "signs.tsv").write_text(signs(brands(), honest(documents)), encoding="utf-8")
    if "weights" in sys.argv:
        (DATA / "foreign.tsv").write_text(weights(documents), encoding="utf-8")


if __name__ == "__main__":
    main()
