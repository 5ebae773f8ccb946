"""Join signatures into families, in time that grows about linearly with the archive.

Three steps: equal bodies are joined at once; documents that share sampled shingles become
candidate pairs (one sort over all hashes, as in an inverted index); each pair is verified
by resemblance or containment, and a family only grows through its longest and its shortest
member at once, so that a round-up of many articles does not chain them into one family.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from indexer.document import Family
from indexer.duplicates.representative import representative
from indexer.duplicates.signature import Signature

Array = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When two documents count as reprints of one article."""

    resemblance: float = 0.55
    """Shared shingles / all shingles of both."""
    short: int = 120
    """Word characters below which a text is mostly set phrases …"""
    resemblance_of_short: float = 0.7
    """… and has to resemble the other more closely."""
    containment: float = 0.8
    """Shared shingles / shingles of the shorter one."""
    proportion: float = 0.3
    """Least length of the shorter one, relative to the longer, for containment."""
    shortest: int = 40
    """Word characters below which only an equal body makes a reprint."""
    all_but_equal: float = 0.9
    """Resemblance from which even other figures or a far date do not part two texts."""
    least_shared: int = 3
    """Sampled hashes in common, so that chance never joins two documents."""
    common: int = 24
    """A hash in more documents than this is furniture or a set phrase: it pairs
    neighbours in the sort alone, which keeps the pairs linear in the archive."""

    def days(self, length: int) -> int:
        """How long after the first a reprint of so many word characters may appear.
        Short texts are most often daily ones."""
        return 3 if length < 2 * self.short else 20


def families(
    signatures: Sequence[Signature], thresholds: Thresholds | None = None
) -> dict[str, Family]:
    """Document id → its family, for members of families of two and more."""
    limits = thresholds or Thresholds()
    # Of pairs that are alike the first is joined first: an update must not see another first.
    signatures = sorted(signatures, key=lambda one: one.id)
    forest = _Forest(signatures, limits)
    for left, right in _equal(signatures):
        forest.union(left, right)
    heads = sorted({forest.find(i) for i in range(len(signatures))})
    pairs = _candidates([signatures[i].sketch for i in heads], limits)
    edges = []
    for a, b in pairs:
        left, right = heads[a], heads[b]
        strength = similarity(signatures[left], signatures[right], limits)
        if strength:
            edges.append((-strength, left, right))
    for _, left, right in sorted(edges):
        forest.join(left, right)
    return _result(signatures, forest)


def similarity(left: Signature, right: Signature, limits: Thresholds) -> float:
    """Containment of the shorter in the longer where the two are reprints, else 0."""
    if left.length > right.length:
        left, right = right, left
    if left.digest == right.digest and left.length:
        return 1.0
    if left.length < limits.shortest:
        return 0.0
    shared = len(np.intersect1d(left.sketch, right.sketch, assume_unique=True))
    if shared < limits.least_shared:
        return 0.0
    contained = shared / min(len(left.sketch), len(right.sketch))
    resemblance = shared / (len(left.sketch) + len(right.sketch) - shared)
    if _own_figures(left, right) or _days_apart(left, right) > limits.days(left.length):
        # Another issue of one template: only what is all but equal is a reprint.
        return contained if resemblance >= limits.all_but_equal else 0.0
    least = limits.resemblance if left.length >= limits.short else limits.resemblance_of_short
    if resemblance >= least:
        return contained
    if (
        contained >= limits.containment
        and left.length >= limits.short
        and left.length >= limits.proportion * right.length
    ):
        return contained
    return 0.0


def _own_figures(left: Signature, right: Signature) -> bool:
    """Whether each of two texts that are alike has figures of its own, as forecasts, draws,
    daily reports and yearly events do; a reprint leaves figures out or adds some, but
    seldom both."""
    fewer = min(len(left.numbers), len(right.numbers))
    if not fewer:
        return False
    shared = len(np.intersect1d(left.numbers, right.numbers, assume_unique=True))
    return shared <= 0.6 * fewer


def _days_apart(left: Signature, right: Signature) -> int:
    """Days between two dates of publication; 0 where one is not known to the day."""
    try:
        return abs((date.fromisoformat(left.date) - date.fromisoformat(right.date)).days)
    except ValueError:
        return 0


def _equal(signatures: Sequence[Signature]) -> Iterator[tuple[int, int]]:
    first: dict[tuple[bytes, int], int] = {}
    for i, one in enumerate(signatures):
        if one.length:
            yield first.setdefault((one.digest, one.length), i), i


def _candidates(sketches: list[NDArray[np.uint32]], limits: Thresholds) -> list[tuple[int, int]]:
    """Pairs of positions that share at least `least_shared` hashes."""
    if not sketches:
        return []
    sizes = np.fromiter((len(s) for s in sketches), np.int64, len(sketches))
    hashes = np.concatenate(sketches)
    owners = np.repeat(np.arange(len(sketches), dtype=np.int32), sizes)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    del order
    codes = []
    n = len(hashes)
    # A pair is any two owners at most `reach` apart in a group of equal hashes.
    alive = np.arange(n, dtype=np.int64)
    for reach in range(1, limits.common):
        alive = alive[alive + reach < n]
        alive = alive[hashes[alive] == hashes[alive + reach]]
        if not len(alive):
            break
        codes.append(owners[alive].astype(np.int64) * len(sketches) + owners[alive + reach])
    if not codes:
        return []
    unique, counts = np.unique(np.concatenate(codes), return_counts=True)
    left, right = np.divmod(unique, len(sketches))
    # Loose on purpose: hashes of large groups pair only neighbours, verification decides.
    least = np.maximum(limits.least_shared, 0.25 * np.minimum(sizes[left], sizes[right]))
    wanted = counts >= least
    return list(zip(left[wanted].tolist(), right[wanted].tolist(), strict=True))


@dataclass
class _Forest:
    """Union-find whose roots know the longest and the shortest member of their set."""

    signatures: Sequence[Signature]
    limits: Thresholds
    parent: list[int] = field(init=False)
    longest: list[int] = field(init=False)
    shortest: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.parent = list(range(len(self.signatures)))
        self.longest = list(self.parent)
        self.shortest = list(self.parent)

    def find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def union(self, a: int, b: int) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        if a != b:
            self.parent[b] = a
            self.longest[a] = max(self.longest[a], self.longest[b], key=self._length)
            self.shortest[a] = min(self.shortest[a], self.shortest[b], key=self._length)

    def _length(self, i: int) -> tuple[int, int]:
        return self.signatures[i].length, -i

    def join(self, a: int, b: int) -> None:
        """Unite two sets if their longest members are reprints of each other, and their
        shortest too."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return
        ends = (self.longest, self.shortest)
        if all(
            similarity(self.signatures[end[a]], self.signatures[end[b]], self.limits)
            for end in ends
        ):
            self.union(a, b)


def _result(signatures: Sequence[Signature], forest: _Forest) -> dict[str, Family]:
    members: dict[int, list[int]] = defaultdict(list)
    for i in range(len(signatures)):
        members[forest.find(i)].append(i)
    result = {}
    for group in members.values():
        if len(group) > 1:
            shown = representative([signatures[i] for i in group])
            family = Family(id=shown.id, size=len(group))
            for i in group:
                result[signatures[i].id] = family
    return result
