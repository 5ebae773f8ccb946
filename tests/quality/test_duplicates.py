"""Reprints made of real articles are found, and what the archive has of its own stays as read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.document import Document, Family
from indexer.duplicates import families, signature
from tests.repair.hijack import archive

# Shares of the made reprints that must be found; measured: cut 0.993, lead 0.990, edited 0.983, signs 1.
FLOORS = {"cut": 0.95, "lead": 0.98, "edited": 0.97, "signs": 1.0}
# Families among the first 6,000 documents as they are: 37 with 76 members when the floors were pinned.
MEMBERS = (60, 95)


def halves(text: str, rng: random.Random) -> str:
    """The first sentences, at least half of the text."""
    sentences = text.split("。")
    return "。".join(sentences[: max(1, round(len(sentences) * rng.uniform(0.55, 0.8)))])


def edited(text: str, rng: random.Random) -> str:
    """Every tenth sentence without its beginning, another agency's line before the text."""
    sentences = text.split("。")
    changed = [s[len(s) // 3 :] if rng.random() < 0.1 else s for s in sentences]
    return "本网讯 记者从有关部门获悉，" + "。".join(changed)


@pytest.fixture(scope="module")
def made(shared: Path) -> tuple[dict[str, Family], list[tuple[str, str, str]]]:
    """Families of 6,000 documents with 1,200 made reprints among them, and the true pairs."""
    rng = random.Random(3)
    documents = archive(shared)[:6000]
    chosen = rng.sample([d for d in documents if 400 < len(d.text) < 3000], 300)
    others = [d.text for d in archive(shared)[12000:12300]]
    copies, pairs = [], []
    for number, (one, other) in enumerate(zip(chosen, others, strict=True)):
        texts = {
            "cut": halves(one.text, rng),
            "lead": other[: len(one.text) // 3] + "\n" + one.text,
            "edited": edited(one.text, rng),
            "signs": one.text.replace("，", ", ").replace("。", "．"),
        }
        for kind, text in texts.items():
            id_ = f"{kind}-{number}"
            copies.append(Document(id=id_, path="", title="另一标题", text=text))
            pairs.append((kind, one.id, id_))
    return families([signature(d) for d in (*documents, *copies)]), pairs


@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_made_reprints_are_found(
    made: tuple[dict[str, Family], list[tuple[str, str, str]]], kind: str
) -> None:
    found, pairs = made
    mine = [(a, b) for name, a, b in pairs if name == kind]
    joined = sum(1 for a, b in mine if a in found and b in found and found[a] == found[b])
    assert joined / len(mine) >= FLOORS[kind], f"{kind}: {joined}/{len(mine)}"


def test_articles_that_are_not_reprints_stay_apart(
    made: tuple[dict[str, Family], list[tuple[str, str, str]]],
) -> None:
    """No family holds reprints of two different articles, but for articles that are
    reprints of each other already."""
    found, pairs = made
    sources: dict[str, set[str]] = {}
    for _, one, copy in pairs:
        if copy in found:
            sources.setdefault(found[copy].id, set()).add(one)
    mixed = [ids for ids in sources.values() if len(ids) > 1]
    assert len(mixed) <= 2, mixed


def test_the_archive_as_it_is_has_the_families_that_were_read(shared: Path) -> None:
    found = families([signature(document) for document in archive(shared)[:6000]])
    assert MEMBERS[0] <= len(found) <= MEMBERS[1]
