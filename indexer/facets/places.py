"""Which divisions does a text name, and which of several with one name is meant?

Names that stand side by side are one expression (广西壮族自治区桂林市龙胜县), read from its
most exact part. A name that several divisions carry is settled, in this order, by the
divisions it stands next to, by the other divisions of the text, by the publisher's
place; what cannot be settled is left out.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.facets.gazetteer import Gazetteer, Name

# What may stand between the parts of one expression: 广州市·白云区, 中国（广东）.
_JOINT = re.compile(r"[·•—\- ]{0,2}(?:省|市)?")

# Words beside an uncertain short form that speak of a place.
_BEFORE_PLACE = re.compile(r"(?:帮扶|支援|援助|协作|援建|来自|落户|走进|前往|抵达|奔赴|驻|深入)$")
_AFTER_PLACE = re.compile(
    r"(?:[、和与][\u4e00-\u9fff]{2,3})?"
    r"(?:[两三四五等]县|[两三四五等]区|县委|区委|市委|农商|农信|人民医院|县城|法院|县政府|区政府|市政府|县级|籍|警方|公安局|"
    r"贫困|脱贫|扶贫|产业园|残联|群众|百姓|当地|学子|等地|两地|全县|全区|"
    r"由[^，。；]{2,8}(?:支援|援建|帮扶|援助))"
)

_WITH = frozenset(("与", "和", "—", "——", "对口支援", "对口帮扶"))


@dataclass(frozen=True, slots=True)
class Mention:
    """One expression that names a division. `full` where it ends with its kind (平塘县)."""

    start: int
    end: int
    code: str
    full: bool = True


@dataclass(slots=True)
class _Part:
    start: int
    end: int
    name: Name
    code: str = ""


def mentions(
    gazetteer: Gazetteer, texts: Sequence[str], hints: Iterable[str]
) -> list[list[Mention]]:
    """Settled mentions of each text, in order; `hints` are codes of the publisher's place."""
    groups = [_groups(gazetteer, text) for text in texts]
    parts = [part for text in groups for group in text for part in group]
    _settle_inside(gazetteer, (group for text in groups for group in text))
    _settle_by_text(gazetteer, parts, set(hints))
    for text, found in zip(texts, groups, strict=True):
        _settle_by_words(text, [part for group in found for part in group])
    return [
        [mention for group in text for mention in _mentions_of(gazetteer, group)] for text in groups
    ]


def _groups(gazetteer: Gazetteer, text: str) -> list[list[_Part]]:
    """Runs of names that stand side by side."""
    groups: list[list[_Part]] = []
    for start, end, name in gazetteer.find(text):
        if not name.codes or (not name.full and gazetteer.splits(text, start, end)):
            continue
        part = _Part(start, end, name)
        if groups and _JOINT.fullmatch(text, groups[-1][-1].end, start):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _settle_inside(gazetteer: Gazetteer, groups: Iterable[list[_Part]]) -> None:
    """Settle names by the part before them, and names that only one division carries."""
    for group in groups:
        before: _Part | None = None
        for part in group:
            candidates = part.name.codes
            if before is not None:
                above = [before.code] if before.code else list(before.name.codes)
                inside = [
                    code
                    for code in candidates
                    if any(code != up and gazetteer.within(code, up) for up in above)
                ]
                code = _widest(inside)
                if code:
                    part.code = code
                    before.code = before.code or next(
                        up for up in above if gazetteer.within(code, up)
                    )
            if not part.code and part.name.trust == "sure":
                part.code = "" if part.name.full and len(candidates) > 1 else _widest(candidates)
            before = part


def _widest(codes: Sequence[str]) -> str:
    """The only one of the highest level: 吉林 means the province, 西安 the city; else nothing."""
    for ending in ("0000", "00", ""):
        level = [code for code in codes if code.endswith(ending)]
        if level:
            return level[0] if len(level) == 1 else ""
    return ""


def _settle_by_text(gazetteer: Gazetteer, parts: Sequence[_Part], hints: set[str]) -> None:
    """Settle what is left by the divisions that the rest of the text names."""
    named: Counter[str] = Counter()
    for part in parts:
        if part.code:
            named.update(gazetteer.codes(part.code))
    for part in parts:
        if part.code or part.name.trust == "ordinary":
            continue
        candidates = part.name.codes
        support = {code: _support(gazetteer, code, named) for code in candidates}
        best = max(support.values())
        if best == (0, 0):
            support = {code: _support(gazetteer, code, Counter(hints)) for code in candidates}
            best = max(support.values())
        if best > (0, 0):
            part.code = _widest([code for code in candidates if support[code] == best])
    # An ordinary word is believed once its full name (新城区 beside 新城) is settled.
    settled = {part.code for part in parts if part.code and part.name.full}
    for part in parts:
        if not part.code and part.name.trust == "uncertain":
            known = [code for code in part.name.codes if code in settled]
            if len(known) == 1:
                part.code = known[0]


def _settle_by_words(text: str, parts: Sequence[_Part]) -> None:
    """Believe an uncertain name of one division where the words beside it speak of a place.

    An ordinary word stands beside another place (奉贤与达日) and has its full name in the text.
    """
    settled = {part.code for part in parts if part.code and part.name.full}
    for before, part in itertools.pairwise(parts):
        known = [code for code in part.name.codes if code in settled]
        joined = text[before.end : part.start] in _WITH and before.code
        if joined and not part.code and len(known) == 1 and part.name.trust == "ordinary":
            part.code = known[0]
    for part in parts:
        if part.code or part.name.trust != "uncertain" or len(part.name.codes) > 1:
            continue
        if _BEFORE_PLACE.search(text, max(0, part.start - 4), part.start) or _AFTER_PLACE.match(
            text, part.end
        ):
            part.code = part.name.codes[0]


def _support(gazetteer: Gazetteer, code: str, named: Counter[str]) -> tuple[int, int]:
    """How often the text names the city of a division (or itself), then its province."""
    chain = gazetteer.codes(code)
    nearer = sum(named[step] for step in chain[1:])
    return nearer, named[chain[0]]


def _mentions_of(gazetteer: Gazetteer, group: Sequence[_Part]) -> Iterable[Mention]:
    """The expressions of a run: a part that lies in the one before it continues it.

    A part that does not, right behind another (郑州市盐城商会, 涿州大石桥营业部), is not a place
    of its own, unless both are provinces.
    """
    current: Mention | None = None
    for part in group:
        if not part.code:
            continue
        if current is None:
            current = Mention(part.start, part.end, part.code, part.name.full)
        elif part.code == current.code or gazetteer.within(part.code, current.code):
            current = Mention(current.start, part.end, part.code, part.name.full)
        elif part.start > current.end or (part.code + current.code).count("0000") > 1:
            yield current
            current = Mention(part.start, part.end, part.code, part.name.full)
    if current:
        yield current
