"""A reprint family: its members with date and source, and how each differs from the shown one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.document import Document
from search_app.search.differences import Passage, differences
from search_app.web import urls
from search_app.web.i18n import date, gettext, ngettext, number
from search_app.web.presenters.parts import KeyValue, Link

MOST_MEMBERS = 200
MOST_COMPARED = 30
"""Members that are compared with the shown one; the rest is only listed."""
_MOST_DIFFERENCES = 6
_LONGEST = 300
"""Characters shown of a passage."""


@dataclass(frozen=True, slots=True)
class Member:
    """One version. A difference has one line, or two for a passage that was changed."""

    title: Link
    date: str
    date_iso: str
    source: str
    length: str
    summary: str
    differences: Sequence[Sequence[KeyValue]]


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """The values of `family.html`."""

    title: str
    summary: str
    members: Sequence[Member]
    cut: str
    search: str


def _lines(passage: Passage, first: str, other: str) -> list[KeyValue]:
    """A passage that differs, in words: what stands in the shown text, and what in the other."""
    if passage.kind == "changed":
        names = gettext("显示的一篇"), gettext("这一篇")
    else:
        names = gettext("缺少"), gettext("另有")
    sides = first[passage.start : passage.end], other[passage.other_start : passage.other_end]
    return [
        KeyValue(name, text if len(text) <= _LONGEST else text[:_LONGEST] + "…", lang="zh-CN")
        for name, text in zip(names, sides, strict=True)
        if text
    ]


def _compared(count: int, same: float) -> str:
    """How far a text is like the shown one. `same` is a share, rounded down: never all of it."""
    if not count:
        return gettext("正文相同")
    return ngettext(
        "%(count)s 段不同，%(share)s%% 的文字相同", "%(count)s 段不同，%(share)s%% 的文字相同",
        count, count=number(count), share=number(int(same * 100)),
    )  # fmt: skip


def family_page(members: Sequence[Document]) -> FamilyPage:
    """Everything that `family.html` prints. The first member is the one shown in results."""
    first = members[0]
    rows = []
    for place, member in enumerate(members[:MOST_MEMBERS]):
        passages: Sequence[Passage] = ()
        if place == 0:
            summary = gettext("检索结果中显示这一篇")
        elif place > MOST_COMPARED:
            summary = gettext("未比较")
        else:
            found = differences(first.text, member.text)
            passages = found.passages
            summary = _compared(len(passages), found.same)
        length = len(member.text)
        rows.append(
            Member(
                Link(urls.document(member.id), member.title or gettext("（无标题）"), "zh-CN"),
                date(member.date), member.date or "", member.source or gettext("来源不明"),
                ngettext("%(count)s 字", "%(count)s 字", length, count=number(length)),
                summary,
                [_lines(one, first.text, member.text) for one in passages[:_MOST_DIFFERENCES]],
            )
        )  # fmt: skip
    family_id = first.family.id if first.family else first.id
    size = len(members)
    return FamilyPage(
        title=first.title or first.id,
        summary=ngettext(
            "这篇文章在档案中有 %(count)s 个版本", "这篇文章在档案中有 %(count)s 个版本",
            size, count=number(size),
        ),
        members=rows,
        cut=gettext("这里只列出前 %(count)s 个，其余请在检索中打开。", count=number(MOST_MEMBERS))
        if size > MOST_MEMBERS
        else "",
        search=urls.link("/search", [("family", family_id)]),
    )  # fmt: skip
