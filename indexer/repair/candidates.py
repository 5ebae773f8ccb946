"""Names in a text that may have been put in place of other words.

A spammer replaces every occurrence of a word by the same brand, so a candidate is a run of
characters that repeats and is either known from such sites, made of letters and digits, or
has a pair of signs that hardly ever stand side by side; a name that is known, or that the page
advertises, may also stand there once. Each candidate is the longest run that all its
occurrences share; extents.py says where the name in it may begin and end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.normalise import ALNUM, HAN, code_points, tables
from indexer.repair.rare import is_rare, rare
from indexer.repair.signals import signals
from indexer.repair.stream import Codes, Stream
from indexer.repair.vocabulary import is_word, words

LEAST = 2
"""Occurrences below which nothing can be compared."""
SURE = frozenset(["told", "title", "brand"])
"""Origins of which one occurrence is enough."""
SHORT = 2
"""Characters up to which a name may be a part of another (云峰 in 肖云峰)."""
LEAST_FIGURES = 3
"""Occurrences of a name that ends in figures: a count stands twice by chance."""
LEAST_JOINTS = 3
"""Strange edges of a name that is not strange itself."""
STRANGE = 0.4
"""Share of the edges of such a name that are strange."""
MOST = 400
"""Occurrences above which a run is markup or furniture."""
LONGEST = 24
FREQUENT = (
    "了是在和有他不我的人也为就这上年中你说一到都等着对来与地还要又大而之道以得她个后去将那但从月下把被于时只多过可并能好会"
    "出或日由里用所向已其给很看使前新想却它最见起小高更如再才便没走做让内及听成各事号至叫两当三本无此们家长市门正同吃天比米外"
    "即分问话打老自副跟则像较国省住万因曾元呢手达头作该女开路军称名二每属谁受带进先应县心占处区太点水南今间总回山请者党段法连"
)
PLAIN_LATIN = frozenset(
    [
        "app",
        "ip",
        "up",
        "ai",
        "gdp",
        "ceo",
        "apec",
        "wto",
        "ppp",
        "ppi",
        "cpi",
        "pmi",
        "it",
        "nba",
        "cba",
        "vr",
        "ar",
        "pc",
    ]
)
NAME_SIGNS = frozenset("·:_@|-—.+&")
_LATIN = re.compile(r"[a-z0-9]*[a-z][a-z0-9]+|[a-z][a-z0-9]*|[0-9]+[a-z][a-z0-9]*")
_HAN_PAIR = re.compile("[\u3400-\u9fff]{2}")
_LONG_CODE = 5
# A date behind a name (X14日在京会见).
_DATE = re.compile("[0-9]{1,2}[日月时]|[0-9]{4}年")
# Figures at the end of a name (沙龙365): behind Han, before no unit.
_FIGURES = re.compile(
    "(?<=[\u4e00-\u9fff])[0-9]{2,4}(?=[\u4e00-\u9fff])(?![年月日个人名元万亿号时点分秒米岁户家亩条项多余周届次公千百只头位件吨度天])"
)

# Origins that show the name itself: what all its places share besides may be the sentence's.
_WHOLE_NAMES = frozenset(["told", "title", "advert"])
# A name from the end of a sentence on.
_WHOLE = re.compile('[。;!?\n|_:,]([^。;!?\n|_:,、“”"《》()（）]{2,12})$')


@dataclass(frozen=True, slots=True)
class Candidate:
    """A repeated name. `text` as in the stream; `starts` in the stream; `origin` says why
    it was looked at: "told", "slot", "title", "advert", "brand", "tail", "latin", "figures",
    "part" or "unknown"."""

    text: str
    starts: tuple[int, ...]
    origin: str


def candidates(
    stream: Stream, titles: Sequence[str] = (), told: Iterable[str] = ()
) -> list[Candidate]:
    """All candidates of a body's stream; `titles` are the title lines of its page, `told`
    names that other pages of the archive advertise."""
    found: dict[str, Candidate] = {}
    places = ((stream.text.find(name), name) for name in told)
    known = ((at, at + len(name), "told") for at, name in places if at >= 0)
    for start, end, origin in (*known, *_seeds(stream, titles)):
        seed = stream.text[start:end]
        starts = _occurrences(stream.text, seed)
        if not (1 if origin in SURE and len(seed) > SHORT else LEAST) <= len(starts) <= MOST:
            continue
        if origin == "latin" and not _beside_han(stream.text, seed, starts):
            continue
        text = seed
        if len(starts) > 1:
            text, starts = _closure(stream.text, seed, starts)
        if origin == "slot":  # What follows a slot is the sentence's.
            text = text[: text.find(seed) + len(seed)]
        if origin == "joint" and not _out_of_place(stream.text, text, starts):
            continue
        if origin == "part" and text.find(seed) < 2 - (seed in text[1:] and text[0] < "\u3400"):
            # 环亚娱乐 is made as such names are, 国际社 and 娱乐场所 are not.
            continue
        if origin == "figures" and (len(starts) < LEAST_FIGURES or text[0] <= "9"):
            continue
        if text not in found and len(text) >= 2:
            found[text] = Candidate(text, tuple(starts), origin)
        if origin in _WHOLE_NAMES and seed not in found:
            found[seed] = Candidate(seed, tuple(_occurrences(stream.text, seed)), origin)
    return list(found.values())


def _slot_seeds(text: str) -> Iterator[tuple[int, int, str]]:
    """What fills a slot twice that it cannot fill (X总书记)."""
    for after, ends in signals().slots:
        filled: dict[str, int] = {}
        for match in after.finditer(text):
            at = match.start()
            filling = text[max(0, at - 2) : at]
            if len(filling) < 2 or not filling.isalnum() or ends.search(text[max(0, at - 4) : at]):
                continue
            if is_word(filling) or filling[-1] in FREQUENT:  # 牢记总书记, 看到总书记
                continue
            if filling in filled:
                yield at - 2, at, "slot"
            filled[filling] = at


def _title_seeds(titles: Sequence[str], text: str) -> Iterator[tuple[int, int, str]]:
    """What a title line advertises (X-下载, X官网) and the body has too."""
    for title in titles:
        folded = title.lower()
        if not signals().is_slogan(title):
            continue
        for name in re.findall("[^\\s_|\\-—(（@·]{2,12}", folded)[:3]:
            for size in range(len(name), 1, -1):
                at = text.find(name[:size])
                if at >= 0 and not (size == 2 and is_word(name[:2])):
                    yield at, at + size, "title"
                    break


def _advert_seeds(text: str) -> Iterator[tuple[int, int, str]]:
    """What is advertised between sentences (。X官网)."""
    for advert in signals().advert.finditer(text):
        name = _WHOLE.search(text, max(0, advert.start() - LONGEST), advert.start())
        # 关注官网 is said of any site, 关注-下载|投注 is not.
        plain = advert.group()[0] not in NAME_SIGNS
        if not name or name.group(1).isdigit() or name.group(1) in PLAIN_LATIN:
            continue
        if not (plain and is_word(name.group(1))):
            yield *name.span(1), "advert"


def _tail_seeds(text: str) -> Iterator[tuple[int, int, str]]:
    """Two signs and the tail of such names, where both repeat (乐动体育 beside 体育强国)."""
    seen: set[str] = set()
    for tail in signals().tails.finditer(text, 2):
        name = text[tail.start() - 2 : tail.end()]
        if name in seen:
            yield tail.start() - 2, tail.end(), "tail"
        elif name.isalnum():
            seen.add(name)


def _seeds(stream: Stream, titles: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    text = stream.text
    yield from _slot_seeds(text)
    yield from _title_seeds(titles, text)
    yield from _advert_seeds(text)
    yield from _tail_seeds(text)
    seen: set[str] = set()
    rules = signals()
    patterns = (
        (rules.branded, "brand"),
        (_LATIN, "latin"),
        (_FIGURES, "figures"),
        (rules.tails, "part"),
        (rules.weak_tails, "part"),
    )
    for pattern, origin in patterns:
        for match in pattern.finditer(text):
            if match.group() in PLAIN_LATIN or match.group() in seen:
                continue
            if origin in SURE or text.find(match.group(), match.end()) >= 0:
                seen.add(match.group())
                yield match.start(), match.end(), origin
    yield from _unknown_seeds(text)


def _unknown_seeds(text: str) -> Iterator[tuple[int, int, str]]:
    """Pairs of Han that repeat here and hardly ever stand side by side elsewhere."""
    codes = code_points(text)
    han = tables().kind[codes] == HAN
    places = np.flatnonzero(han[:-1] & han[1:])
    places = places[rare(codes[places], codes[places + 1])]
    if len(places) < LEAST:
        return
    yield from _joint_seeds(places, han, codes)
    left, right = codes[places], codes[places + 1]
    pairs = left.astype(np.uint64) << np.uint64(21) | right
    _, first, counts = np.unique(pairs, return_index=True, return_counts=True)
    for place in places[first[counts >= LEAST]].tolist():
        yield place, place + 2, "unknown"


def _joint_seeds(
    places: NDArray[np.int64], han: NDArray[np.bool_], codes: Codes
) -> Iterator[tuple[int, int, str]]:
    """Pairs of Han that begin or end where hardly ever two signs stand side by side, again
    and again: what stands there is made of common pairs, but is not where it belongs."""
    numbers = codes[:-1].astype(np.uint64) << np.uint64(21) | codes[1:]
    for step in (-1, 1):
        beside = places + step
        beside = beside[(beside >= 0) & (beside < len(numbers))]
        beside = beside[han[beside] & han[beside + 1]]
        _, first, counts = np.unique(numbers[beside], return_index=True, return_counts=True)
        for place in beside[first[counts >= LEAST_JOINTS]].tolist():
            yield place, place + 2, "joint"


def _out_of_place(text: str, name: str, starts: Sequence[int]) -> bool:
    """Whether most edges of a name hardly ever stand side by side with what is next to them."""
    found = edges(text, name, starts)
    return name not in words() and sum(found) >= max(LEAST_JOINTS, STRANGE * len(found))


def edges(text: str, name: str, starts: Sequence[int]) -> list[bool]:
    """For each sign of Han that stands beside a name, whether it hardly ever does so."""
    pairs = [text[start - 1 : start + 1] for start in starts if start]
    pairs += [text[start + len(name) - 1 : start + len(name) + 1] for start in starts]
    return [is_rare(pair) for pair in pairs if _HAN_PAIR.fullmatch(pair)]


def _occurrences(text: str, seed: str) -> list[int]:
    starts, at = [], text.find(seed)
    while at >= 0:
        starts.append(at)
        at = text.find(seed, at + len(seed))
    return starts


def _closure(text: str, seed: str, starts: list[int]) -> tuple[str, list[int]]:
    """The longest run around the seed that is the same at every occurrence."""
    kinds = tables().kind

    def extend(positions: list[int]) -> bool:
        if positions[0] < 0 or max(positions) >= len(text):
            return False
        sign = text[positions[0]]
        if kinds[ord(sign)] not in (HAN, ALNUM) and sign not in NAME_SIGNS:
            return False
        return all(text[position] == sign for position in positions)

    begin, length = list(starts), len(seed)
    while length < LONGEST and extend([at + length for at in begin]):
        length += 1
    while length < LONGEST and extend([at - 1 for at in begin]):
        begin = [at - 1 for at in begin]
        length += 1
    return text[begin[0] : begin[0] + length], begin


def _beside_han(text: str, name: str, starts: list[int]) -> bool:
    """Whether a name of letters is mostly a word of a Chinese sentence, whole."""
    kinds = tables().kind
    beside = inside = 0
    for start in starts:
        after = text[start + len(name) : start + len(name) + 5]
        dated = _DATE.match(after) is not None
        sides = text[max(0, start - 1) : start] + ("" if dated or after[:3] == "app" else after[:1])
        inside += any(kinds[ord(sign)] == ALNUM for sign in sides)
        beside += dated or any(kinds[ord(sign)] == HAN for sign in sides)
    # A short code may be a part of many (g20); a long one is a name wherever it stands.
    coded = len(name) >= _LONG_CODE and not (name.isalpha() or name.isdigit())
    return 2 * beside > len(starts) >= (2 if coded else 4) * inside
