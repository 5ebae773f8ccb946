"""What is known of words and their contexts: the shipped lexicon, and what an archive teaches."""

from __future__ import annotations

import functools
import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.repair import topics, vocabulary, weights
from indexer.repair.contexts import ContextModel
from indexer.repair.counting import merged, restricted
from indexer.repair.keys import ORDERS, Context, context_keys, signs_beside
from indexer.repair.stream import Codes
from indexer.repair.topics import Topics

SAMPLE_CHARACTERS = 3_000_000
"""Text that the model is learned from: bounds time to some 3 s and memory to some 350 MB."""
UNLISTED = -6.0
"""Nats against a word that is not in the lexicon: most are no names of anything."""
LEAST_CHARACTERS = 20_000
"""Text below which an archive teaches less than the shipped lexicon knows."""
if TYPE_CHECKING:  # the scan asks a model itself
    from indexer.repair.scan import RepairScan

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
    """Contexts of words; picklable, so that each process of a build can judge."""

    contexts: ContextModel
    learned: bool = False
    """Whether an archive has taught it more than what is shipped."""
    brands: frozenset[str] = frozenset()
    """Names that pages of the archive advertise."""
    suspects: frozenset[str] | None = None
    """Ids of the documents that their scans found suspicious; None: look at every one."""
    subjects: Topics | None = None
    """What goes with the words of the lexicon; None: what is shipped."""
    asked: float | None = None
    """Confidence asked for before a word is restored; None: the default."""

    @staticmethod
    @functools.cache
    def default() -> RepairModel:
        """The model of what is shipped alone, for a page without an archive."""
        return RepairModel(vocabulary.shipped())

    @property
    def words(self) -> tuple[str, ...]:
        """All words that may be restored, and the names of vocabulary.NAMES [v]."""
        return self.contexts.words

    @functools.cached_property
    def names(self) -> dict[str, int]:
        """The number of what stands for all names of a shape."""
        return {shape: self.words.index(name) for shape, name in vocabulary.NAMES.items()}

    @functools.cached_property
    def numbers(self) -> dict[str, int]:
        """Word → its number."""
        return {word: number for number, word in enumerate(self.words)}

    @functools.cached_property
    def known(self) -> frozenset[str]:
        """The words as a set."""
        return frozenset(self.words)

    @functools.cached_property
    def taught(self) -> frozenset[str]:
        """The words that the archive alone knows: honest names that it often has."""
        return frozenset(self.words[len(vocabulary.shipped().words) :])

    @functools.cached_property
    def listed(self) -> NDArray[np.bool_]:
        """Which words are in the lexicon [v]."""
        lexicon = vocabulary.words()
        return np.array([word in lexicon for word in self.words])

    @functools.cached_property
    def common(self) -> Floats:
        """Logarithm of how common each word is [v]."""
        common: Floats = np.log(self.contexts.totals + 10.0)
        return common

    @functools.cached_property
    def prior(self) -> Floats:
        """log P(word) without its constant, for the words that may be restored [v]."""
        prior = self.common + np.where(self.listed, 0.0, UNLISTED)
        prior[list(self.names.values())] = -np.inf
        return prior

    def of_topics(self, scores: Floats) -> Floats:
        """Scores of the words of the table of topics as those of all words [v], 0 for others."""
        spread = np.zeros(len(self.words))
        spread[self._in_topics] = scores
        return spread

    @property
    def topics(self) -> Topics:
        """What goes with the words of the lexicon."""
        return self.subjects or topics.shipped()

    @functools.cached_property
    def _in_topics(self) -> NDArray[np.int64]:
        """The number of each word of the table of topics."""
        return np.array([self.numbers[word] for word in self.topics.words])

    def fits(self, classes: Codes, starts: Sequence[int], ends: Sequence[int]) -> Fits:
        """How well each word fits a set of gaps."""
        keys = context_keys(classes, np.asarray(starts, np.int64), np.asarray(ends, np.int64))
        sides = []
        for side in (keys[:ORDERS], keys[ORDERS:]):
            distinct = Counter(zip(*(order.tolist() for order in side), strict=True))
            sides.append(Side(self.contexts.scores(distinct), distinct))
        return Fits(*sides)

    def glance(
        self, classes: Codes, starts: Sequence[int], size: int, shape: str, orders: int = 1
    ) -> float:
        """log P(signs beside the gaps | some word of the lexicon) / P(the same | an unknown
        name of a shape), by one sign on either side, or by all `orders`."""
        evidence = weights.restoring()
        contexts, common, names = self._lexicon
        if orders == 1:
            scores = contexts.glance(signs_beside(classes, starts, size))
        else:
            begins = np.asarray(starts, np.int64)
            keys = context_keys(classes, begins, begins + size, orders)
            scores = np.zeros(len(contexts.words))
            for side in (keys[:orders], keys[orders:]):
                distinct = Counter(zip(*(order.tolist() for order in side), strict=True))
                scores += contexts.scores(distinct)
        scores = evidence["context"] * scores + evidence["common"] * common
        unknown = log_sum(scores[[names[shape], names["other"]]])
        scores[list(names.values())] = -np.inf
        return log_sum(scores) - unknown

    @functools.cached_property
    def _lexicon(self) -> tuple[ContextModel, Floats, dict[str, int]]:
        """The lexicon alone: contexts, logarithm of how common [v], numbers of the names."""
        few = restricted(self.contexts, self.listed)
        names = {shape: few.words.index(name) for shape, name in vocabulary.NAMES.items()}
        return few, self.common[self.listed], names

    def share(self, context: Context, order: int) -> float:
        """P(context) of so many characters."""
        return self.contexts.share(context, order)

    def __getstate__(self) -> dict[str, object]:
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}


def log_sum(scores: Floats) -> float:
    """log Σ exp(scores)."""
    top = float(scores.max())
    return top + math.log(float(np.exp(scores - top).sum()))


class Lesson:
    """Collects the scans of an archive, in bounded memory, and learns from them.

    What is learned depends on the documents alone, not on the order in which they come: the
    sample are the documents of the lowest rank up to a number of characters.
    """

    def __init__(self, asked: float | None = None) -> None:
        self._asked = asked
        self._sample: list[tuple[int, str, str]] = []
        self._size = 0
        self._suspects: set[str] = set()
        self._brands: set[str] = set()
        self._names: dict[str, str] = {}

    def add(self, scans: Iterable[RepairScan]) -> None:
        """Take in some scans."""
        for one in scans:
            self._brands.update(one.advertised)
            if one.suspicious:
                self._suspects.add(one.id)
            elif one.names:
                self._names[one.id] = "\n".join(one.names)
            heapq.heappush(self._sample, (-one.rank, one.id, one.text))
            self._size += len(one.text)
            while self._size - len(self._sample[0][2]) >= SAMPLE_CHARACTERS:
                self._size -= len(heapq.heappop(self._sample)[2])

    def model(self) -> RepairModel:
        """What was learned. A small archive, or one where nothing is suspicious, teaches no
        contexts: those that are shipped are used alone."""
        suspects = set(self._suspects)
        if self._brands:
            brand = re.compile("|".join(map(re.escape, sorted(self._brands))))
            suspects.update(id_ for id_, names in self._names.items() if brand.search(names))
        model = RepairModel.default()
        if suspects and self._size >= LEAST_CHARACTERS:
            model = learn_texts([text for _, _, text in sorted(self._sample, reverse=True)])
        return replace(
            model,
            brands=frozenset(self._brands),
            suspects=frozenset(suspects),
            asked=self._asked,
        )


def learn(scans: Iterable[RepairScan], asked: float | None = None) -> RepairModel:
    """Learn from the scans of a whole archive; `asked` is the confidence to restore a word."""
    lesson = Lesson(asked)
    lesson.add(scans)
    return lesson.model()


def learn_texts(texts: Sequence[str]) -> RepairModel:
    """The model with the contexts of some texts."""
    return RepairModel(merged(vocabulary.shipped(), vocabulary.learned(texts)), learned=True)
