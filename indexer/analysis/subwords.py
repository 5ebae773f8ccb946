"""The shorter words inside a word, by which it is found as well.

Search engines over jieba index every dictionary word inside a longer one, and with it junk
across its seams: 门市 inside 厦门市, 国人 inside 中国人民. Here a word is split where its
cheapest division into dictionary words lies, and those parts again; words that cross such a
seam do not count.
"""

from __future__ import annotations

from collections.abc import Callable

# Words longer than this are not divided: they are chains that nobody types.
LONGEST = 16
WORD = 10  # cost of a dictionary word in a division
AFFIX = 13  # cost of a single character that often stands before or after a word
SINGLE = 16  # cost of any other single character
PREFIXES = frozenset("副总老小大非反全各第新原旧超")
SUFFIXES = frozenset(
    "会人者员市县区省州镇乡村旗盟部局厅委院校所站室馆厂店场路街桥河江山湖岛性化度率型式类法权力量感点线面品物费"
    "金款税证书报刊网机车船楼队团组班级长生师家手工民户国军党们年月日时期儿子头"
)


def divide(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The words of two characters or more inside `word`, longest divisions first.

    `known` says whether a string is a word of the dictionary. Where several divisions cost
    the same, the parts of each are given.
    """
    # The dictionary has no word of ASCII letters and digits alone, and users' words are Han.
    if word.isascii():
        return ()
    size = len(word)
    if size == 3:
        return _of_three(word, known)
    if size == 4 and known(word[:2]) and known(word[2:]):
        # Two words of two characters: no other division is as cheap. Most words of four.
        first, second = word[:2], word[2:]
        return (first, second) if first != second else (first,)
    found: dict[str, None] = {}
    _divide(word, known, found)
    return tuple(found)


def _divide(word: str, known: Callable[[str], bool], found: dict[str, None]) -> None:
    size = len(word)
    if not 2 < size <= LONGEST:
        return
    if size == 3:
        found.update(dict.fromkeys(_of_three(word, known)))
        return
    edges: list[tuple[int, int, int]] = []  # start, end, cost
    for start in range(size):
        edges.append((start, start + 1, _single(word, start)))
        for end in range(start + 2, size + 1):
            if end - start < size and known(word[start:end]):
                edges.append((start, end, WORD))
    if len(edges) == size:
        return
    # The cheapest way to each place from the left, and from each place to the right.
    limit = SINGLE * (size + 1)
    left = [0] + [limit] * size
    for start, end, cost in edges:
        if left[start] + cost < left[end]:  # noqa: PLR1730 - min() doubles the time
            left[end] = left[start] + cost
    right = [limit] * size + [0]
    for start, end, cost in reversed(edges):
        if cost + right[end] < right[start]:  # noqa: PLR1730
            right[start] = cost + right[end]
    for start, end, cost in edges:
        if end - start > 1 and left[start] + cost + right[end] == left[size]:
            part = word[start:end]
            if part not in found:
                found[part] = None
                _divide(part, known, found)


def _of_three(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The same for the most frequent case, where one character is left over on either side."""
    left, right = word[:2], word[1:]
    is_left, is_right = known(left), known(right)
    if is_left and is_right:
        # What the character left over costs decides.
        first, second = _single(word, 2), _single(word, 0)
        if first == second:
            return (left, right) if left != right else (left,)
        return (left,) if first < second else (right,)
    return (left,) if is_left else (right,) if is_right else ()


def _single(word: str, place: int) -> int:
    if place == 0:
        return AFFIX if word[0] in PREFIXES else SINGLE
    return AFFIX if word[place] in SUFFIXES else SINGLE
