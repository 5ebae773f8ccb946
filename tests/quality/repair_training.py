"""Fit what the repair of hijacked pages is judged by, to pages made from clean documents.

    python -m tests.quality.repair_training tables      data/pairs.bin, contexts.npz, …
    python -m tests.quality.repair_training words       data/restoring.tsv
    python -m tests.quality.repair_training weights     data/foreign.tsv
    python -m tests.quality.repair_training glances     data/glance.tsv

Weights are fitted to pages whose own text is not in the tables that they are judged by: the
pages are made of half of the development half, the other documents give the tables; likewise no
brand is judged by a table of signs that it is in. The contexts and topics that are shipped are those of all
documents; `repair_scores --unseen` measures with tables of the development half alone.
"""

from __future__ import annotations

import math
import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.repair import RepairModel, judge, spelling, storing, vocabulary
from indexer.repair import honest as honest_names
from indexer.repair.affinity import Affinity
from indexer.repair.candidates import candidates
from indexer.repair.pages import page_stream
from indexer.repair.stream import stream
from indexer.repair.weighing import GENERAL, PARTICULAR
from tests.quality.repair_glances import glances
from tests.quality.repair_scores import TRAPS, taught_by
from tests.quality.repair_tables import (
    DATA,
    brands,
    contexts,
    honest,
    known_names,
    odds,
    pairs,
    signs,
    topics,
)
from tests.repair.hijack import LINES, Hijacked, archive, half_of, in_half, pages

FIXED = {"own": -3.0, "slot": 2.0, "told": 4.0, "known": -2.0}
"""Weights set by hand: the pages made here hardly show what they are for."""
FIXED_OF_WORDS = {"common": 1.0, "unlisted": -6.0, "held": 6.0, "held_not_then": -6.0}
"""The same for the words: the words replaced here are the frequent ones, all are listed, and
hardly one is of a name whose office has changed hands."""
SITES = (
    "官方网站",
    "官网",
    "官网_首页",
    "官方网站入口",
    "-官方网站",
    "APP下载",
    "网上办事大厅登录入口",
)
"""What honest sites call themselves in their title lines."""
OWN_SITES = 0.3
"""Share of these that are named as something on their page that no lexicon has."""
LINES_TAUGHT = [line for line in LINES if in_half(line, "dev")]
PULL = 1.0
"""Strength of the penalty on large weights (ridge)."""
STEPS = 50

Floats = NDArray[np.float64]
Features = dict[str, float]


def split(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """Those that give the tables, and half of the development half, of which pages are made."""
    judged = {document.id for document in half_of(documents, "dev") if _second(document.id)}
    return (
        [document for document in documents if document.id not in judged],
        [document for document in documents if document.id in judged],
    )


def choices(made: Sequence[Hijacked], model: RepairModel) -> Iterator[tuple[Floats, int]]:
    """For each page the evidence of the shortlist [c, evidence] and which is the right one;
    pages whose word is not in the shortlist teach nothing."""
    for page in made:
        one = page_stream(page.document)
        brand = stream(page.brand).text.rstrip(":")
        found = [c for c in candidates(one, (page.document.title,), [brand]) if c.text == brand]
        for candidate in found[:1]:
            verdict = judge.judge(candidate, one, page.document, model, Affinity(page.document))
            words = [model.words[i] for i in verdict.weighed.ids.tolist()]
            if verdict.candidate.text == brand and page.word in words:
                yield verdict.weighed.values, words.index(page.word)


def fit_choice(examples: Sequence[tuple[Floats, int]], fixed: Floats) -> Floats:
    """Weights of a log-linear model of choice (McFadden 1974) by Newton's method; where `fixed`
    is a number it stays."""
    free = np.isnan(fixed)
    weights = np.where(free, 0.0, fixed)
    for _ in range(STEPS):
        slope, curve = -PULL * weights[free], PULL * np.eye(int(free.sum()))
        for values, right in examples:
            scores = values @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            own = values[:, free]
            mean = share @ own
            slope += own[right] - mean
            curve += own.T @ (own * share[:, None]) - np.outer(mean, mean)
        step = np.linalg.solve(curve, slope)
        weights[free] += step * min(1.0, 2.0 / float(np.abs(step).max()))
    return weights


def words(documents: Sequence[Document], hijacked: int = 900) -> str:
    """data/restoring.tsv; prints what share of the words is right, fitted on the other half."""
    first, second = split(documents)
    with taught_by(first):
        made = list(pages(second, "dev", count=hijacked, seed=1))
        examples = list(choices(made, RepairModel.default()))
    names = (*GENERAL, *PARTICULAR)
    fixed = np.array([FIXED_OF_WORDS.get(name, math.nan) for name in names])
    right = 0
    for half in (0, 1):
        fitted = fit_choice(examples[half::2], fixed)
        right += sum(int(np.argmax(v @ fitted)) == place for v, place in examples[1 - half :: 2])
    print(f"{right / hijacked:.3f} right, {len(examples) / hijacked:.3f} in the shortlist")
    rows = zip(names, fit_choice(examples, fixed).tolist(), strict=True)
    return (
        "# Weights of the evidence of weighing.py: evidence <TAB> weight. A log-linear model, fitted\n"
        f"# by tests/quality/repair_training.py; {', '.join(FIXED_OF_WORDS)} are set by hand there.\n"
        + "".join(f"{name}\t{weight:.3f}\n" for name, weight in rows)
    )


def features(document: Document, model: RepairModel) -> list[tuple[str, Features]]:
    """All candidates of a page with their features."""
    one = page_stream(document)
    affinity = Affinity(document)
    names = candidates(one, (document.title, document.page_title))
    verdicts = [judge.judge(name, one, document, model, affinity) for name in names]
    return [(verdict.candidate.text.rstrip(":"), verdict.features) for verdict in verdicts]


def examples(
    documents: Sequence[Document], hijacked: int, clean: int
) -> tuple[list[tuple[Features, bool, int]], int]:
    """Features, whether the name is a brand, and the number of its page; and how many of the
    pages, the first ones, are hijacked."""
    first, second = split(documents)
    with taught_by(first):
        return _examples(first, second, hijacked, clean)


def _examples(
    first: Sequence[Document], second: Sequence[Document], hijacked: int, clean: int
) -> tuple[list[tuple[Features, bool, int]], int]:
    model = RepairModel.default()
    names, others = brands(), honest(first)
    tables_of_signs = [
        odds([name for name in names if _second(name) != half], others) for half in (False, True)
    ]
    made = _made(second, hijacked)
    used = {one.document.id[2:] for one in made}
    rest = [document for document in second if document.id not in used]
    found = []
    for number, page in enumerate(made):
        brand = stream(page.brand).text.rstrip(":")
        for name, values in features(page.document, model):
            is_brand = brand in name or name in brand
            if is_brand:
                unseen = tables_of_signs[_second(brand)]
                values["signs"] = spelling.bounded(sum(unseen.get(sign, 0.0) for sign in name))
            found.append((values, is_brand, number))
    # Pages that write of gambling and the like are rare and have to stay unflagged too.
    traps = [document for document in rest if TRAPS.search(document.text)]
    chosen = random.Random(4).sample(rest, clean) + traps[: clean // 5]
    signed = (_signed(document) for document in rest[: clean // 5])
    for number, document in enumerate([*chosen, *signed], len(made)):
        found += [(values, False, number) for _, values in features(document, model)]
    return found, len(made)


def _made(documents: Sequence[Document], hijacked: int) -> list[Hijacked]:
    """Hijacked pages, a good third of them of words that may stand there only twice or once."""
    return [
        *pages(documents, "dev", count=hijacked, seed=1, least=3),
        *pages(documents[::-1], "dev", count=hijacked // 5, seed=2, least=2),
        *pages(documents[::2], "dev", count=hijacked // 5, seed=3, least=1),
        *pages(documents[1::2], "dev", count=hijacked // 5, seed=4, least=2, lines=LINES_TAUGHT),
    ]


def _signed(document: Document) -> Document:
    """A clean page whose title line names an honest site as spammers name theirs."""
    rng = random.Random(document.id)
    named = [word for word in vocabulary.words() if len(word) > 2 and word in document.text]
    if rng.random() < OWN_SITES:
        one = page_stream(document)
        named = [name.text for name in candidates(one) if 2 < len(name.text) < 9] or named
    site = rng.choice(named or ["人民网"]) + rng.choice(SITES)
    return document.replace(page_title=rng.choice((f"{document.title}_{site}", site)))


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
    found, made = examples(documents, hijacked, clean)
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
    documents = archive(shared)
    dev = half_of(documents, "dev")
    if "tables" in sys.argv:
        (DATA / "pairs.bin").write_bytes(pairs(dev))
        (DATA / "signs.tsv").write_text(signs(brands(), honest(dev)), encoding="utf-8")
        (DATA / "contexts.npz").write_bytes(storing.stored(contexts(documents)))
        (DATA / "names.npz").write_bytes(honest_names.stored(known_names(documents)))
        (DATA / "topics.npz").write_bytes(topics(documents).stored())
    if "words" in sys.argv:
        (DATA / "restoring.tsv").write_text(words(documents), encoding="utf-8")
    if "weights" in sys.argv:
        (DATA / "foreign.tsv").write_text(weights(documents), encoding="utf-8")
    if "glances" in sys.argv:
        (DATA / "glance.tsv").write_text(glances(dev), encoding="utf-8")


if __name__ == "__main__":
    main()
