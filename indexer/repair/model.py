"""What an archive teaches about its words: the model that judges candidates."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.repair import vocabulary
from indexer.repair.contexts import ContextModel
from indexer.repair.scan import RepairScan

SAMPLE_CHARACTERS = 2_000_000
"""Text that the model is learned from: bounds time to some 2 s and memory to some 150 MB."""


@dataclass(frozen=True)
class RepairModel:
    """Contexts of words; picklable, so that each process of a build can judge."""

    contexts: ContextModel

    @staticmethod
    @functools.cache
    def default() -> RepairModel:
        """The model of the shipped lexicon alone, for a page without an archive."""
        return RepairModel(vocabulary.shipped())


def learn(scans: Iterable[RepairScan]) -> RepairModel:
    """Learn from a whole archive. Where nothing is suspicious nothing is learned: the
    shipped lexicon is enough to see that."""
    sample: list[tuple[int, str]] = []
    suspicious = False
    for one in scans:
        suspicious = suspicious or one.suspicious
        if one.text:
            sample.append((one.rank, one.text))
    if not suspicious or not sample:
        return RepairModel.default()
    texts = []
    size = 0
    for _, text in sorted(sample):
        texts.append(text)
        size += len(text)
        if size >= SAMPLE_CHARACTERS:
            break
    return RepairModel(vocabulary.learned(texts))
