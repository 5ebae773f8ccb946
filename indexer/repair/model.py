"""What is known of words and their contexts: the shipped lexicon, and what an archive teaches."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.repair import vocabulary
from indexer.repair.contexts import ORDERS, ContextModel, context_keys
from indexer.repair.scan import RepairScan
from indexer.repair.stream import Codes

SAMPLE_CHARACTERS = 3_000_000
"""Text that the model is learned from: bounds time to some 3 s and memory to some 350 MB."""
LEAST_CHARACTERS = 400_000
"""Text below which an archive teaches less than the shipped lexicon knows."""
REPEATED = 0.7
"""Weight of the logarithm of how often a context repeats on one page."""
TRUST = 150.0
"""Occurrences in the archive from which its contexts count as much as the phrases'."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """The contexts on one side of a set of gaps: nats for each word over an unknown word
    [v], and the distinct contexts with how often each stands there."""

    scores: Floats
    contexts: Counter[tuple[int, ...]]


@dataclass(frozen=True)
class Fits:
    """Both sides of a set of gaps."""

    left: Side
    right: Side

    @property
    def scores(self) -> Floats:
        """Nats for each word [v]."""
        return self.left.scores + self.right.scores


@dataclass(frozen=True)
class RepairModel:
    """Contexts of words; picklable, so that each process of a build can judge.

    `phrases` are the shipped ones; `archive`, where there is one, has the same words first
    and others after them.
    """

    phrases: ContextModel
    archive: ContextModel | None = None
    suspects: frozenset[str] | None = None
    """Ids of the documents that their scans found suspicious; None: look at every one."""

    @staticmethod
    @functools.cache
    def default() -> RepairModel:
        """The model of the shipped lexicon alone, for a page without an archive."""
        return RepairModel(vocabulary.shipped())

    @property
    def words(self) -> tuple[str, ...]:
        """All words that may be restored [v]."""
        return (self.archive or self.phrases).words

    @functools.cached_property
    def name(self) -> int:
        """The number of the word that stands for all names."""
        return self.words.index(vocabulary.NAME)

    @functools.cached_property
    def known(self) -> frozenset[str]:
        """The words as a set."""
        return frozenset(self.words)

    @functools.cached_property
    def common(self) -> Floats:
        """How common each word is, in occurrences [v]."""
        totals = np.ones(len(self.words))
        totals[: len(self.phrases.words)] += vocabulary.commonness()
        if self.archive:
            totals += self.archive.totals
        return totals

    def fits(self, classes: Codes, starts: Sequence[int], ends: Sequence[int]) -> Fits:
        """How well each word fits a set of gaps.

        A context that repeats on either side counts little more than once: a page repeats
        its phrases.
        """
        keys = context_keys(classes, np.asarray(starts, np.int64), np.asarray(ends, np.int64))
        sides = []
        for side in (keys[:ORDERS], keys[ORDERS:]):
            distinct = Counter(zip(*(order.tolist() for order in side), strict=True))
            scores = np.zeros(len(self.words))
            for context, times in distinct.items():
                scores += np.log(self._ratios(context)) * (1.0 + REPEATED * math.log(times))
            sides.append(Side(scores, distinct))
        return Fits(*sides)

    def share(self, context: Sequence[int], order: int) -> float:
        """P(context) of so many characters."""
        return (self.archive or self.phrases).share(context, order)

    def _ratios(self, context: Sequence[int]) -> Floats:
        shipped = self.phrases.ratios(context)
        if self.archive is None:
            return shipped
        padded = np.ones(len(self.words))
        padded[: len(shipped)] = shipped
        return self._trust * self.archive.ratios(context) + (1.0 - self._trust) * padded

    @functools.cached_property
    def _trust(self) -> Floats:
        """Weight of the archive for each word; 1 for words that it alone knows [v]."""
        assert self.archive is not None  # asked for with an archive only
        trust = self.archive.totals / (self.archive.totals + TRUST)
        trust[len(self.phrases.words) :] = 1.0
        return trust


def learn(scans: Iterable[RepairScan]) -> RepairModel:
    """Learn from a whole archive. A small one, or one where nothing is suspicious, teaches
    nothing: the shipped lexicon is used alone."""
    sample: list[tuple[int, str]] = []
    suspects = set()
    for one in scans:
        if one.suspicious:
            suspects.add(one.id)
        if one.text:
            sample.append((one.rank, one.text))
    found = frozenset(suspects)
    if not found or sum(len(text) for _, text in sample) < LEAST_CHARACTERS:
        return replace(RepairModel.default(), suspects=found)
    texts = []
    size = 0
    for _, text in sorted(sample):
        texts.append(text)
        size += len(text)
        if size >= SAMPLE_CHARACTERS:
            break
    return replace(learn_texts(texts), suspects=found)


def learn_texts(texts: Sequence[str]) -> RepairModel:
    """The model with the contexts of some texts."""
    return RepairModel(vocabulary.shipped(), vocabulary.learned(texts))
