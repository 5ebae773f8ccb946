"""Terms of a lexicon that a prefix, a pattern or a misspelt word stands for; always bounded."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.segment import PostingsReader
from search_app.search import tree

Terms = NDArray[np.int64]
_EMPTY: Terms = np.empty(0, dtype=np.int64)
_MOST_CHECKED = 200_000
"""Terms that a pattern without any fixed part is tried on."""


def expand(
    reader: PostingsReader, leaf: tree.Prefix | tree.Wildcard | tree.Fuzzy
) -> tuple[Terms, bool]:
    """Term ids that a leaf stands for, and whether there would have been more.

    Where there are more than the leaf's limit, those in the most documents are taken.
    """
    lexicon = reader.terms
    cut = False
    if isinstance(leaf, tree.Prefix):
        terms = np.arange(*lexicon.prefixed(leaf.text), dtype=np.int64)
    elif isinstance(leaf, tree.Wildcard):
        terms, cut = _matching(lexicon, leaf.text)
    else:
        terms = _near(lexicon, leaf.text, leaf.distance)
    if len(terms) > leaf.limit:
        edges = reader.bounds
        frequency = edges[terms + 1].astype(np.int64) - edges[terms].astype(np.int64)
        best = np.argsort(-frequency, kind="stable")[: leaf.limit]
        return np.sort(terms[best]), True
    return terms, cut


def pattern(text: str) -> re.Pattern[str]:
    """The regular expression of a wildcard: `*` any characters, `?` one."""
    parts = (".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in text)
    # Neighbouring stars would only make the match slow.
    return re.compile(re.sub(r"(?:\.\*)+", ".*", "".join(parts)), re.DOTALL)


def _matching(lexicon: Lexicon, text: str) -> tuple[Terms, bool]:
    fixed = [piece for piece in re.split(r"[*?]+", text) if piece]
    start = re.match(r"[^*?]*", text)
    cut = False
    if start and start[0]:
        candidates = np.arange(*lexicon.prefixed(start[0]), dtype=np.int64)
    elif fixed:
        candidates = np.unique(lexicon.places(max(fixed, key=len)).terms)
    else:
        # Only wildcards: the number of characters decides.
        least, exact = text.count("?"), "*" not in text
        lengths = lexicon.characters
        return np.flatnonzero(lengths == least if exact else lengths >= least), False
    if len(candidates) > _MOST_CHECKED:
        candidates, cut = candidates[:_MOST_CHECKED], True
    fits = pattern(text).fullmatch
    return np.array([t for t in candidates.tolist() if fits(lexicon.text(t))], dtype=np.int64), cut


def _near(lexicon: Lexicon, text: str, distance: int) -> Terms:
    """Terms within an edit distance. An edit costs the two at most one common character, so
    only terms with enough of the word's characters and about its length are compared."""
    size = len(text)
    if not size:
        return _EMPTY
    distance = min(distance, max(size - 1, 0))
    common = np.zeros(len(lexicon), dtype=np.int16)
    for character in set(text):
        terms, counts = np.unique(lexicon.places(character).terms, return_counts=True)
        common[terms] += np.minimum(counts, text.count(character)).astype(np.int16)
    lengths = lexicon.characters
    close = (common >= size - distance) & (np.abs(lengths - size) <= distance)
    candidates = np.flatnonzero(close).tolist()
    return np.array(
        [t for t in candidates if edits(text, lexicon.text(t), distance) <= distance],
        dtype=np.int64,
    )


def edits(one: str, other: str, most: int) -> int:
    """Damerau-Levenshtein distance in its restricted form (optimal string alignment:
    insert, delete, replace, swap neighbours); anything above `most` may come as `most + 1`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
