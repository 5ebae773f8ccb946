"""A reprint family: its members with date and source, and how each differs from the shown one."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.document import Document
from search_app.web import urls
from search_app.web.i18n import date, gettext, ngettext, number
from search_app.web.presenters.parts import Link

MOST_MEMBERS = 200
MOST_COMPARED = 30
"""Members that are compared with the shown one; the rest is only listed."""
_MOST_PARAGRAPHS = 400
_MOST_DIFFERENCES = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """A paragraph that one side alone has. `kind` is "added" or "missing"."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Member:
    title: Link
    date: str
    date_iso: str
    source: str
    length: str
    shown: bool
    summary: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """The values of `family.html`."""

    title: str
    summary: str
    members: Sequence[Member]
    search: str


def paragraphs(document: Document) -> list[str]:
    """The paragraphs of a text without the spaces that sites put at their ends."""
    lines = (line.strip() for line in document.text.split("\n"))
    return [line for line in lines if line][:_MOST_PARAGRAPHS]


def differences(first: Document, other: Document) -> tuple[int, list[Difference]]:
    """How many paragraphs only one of two documents has, and the first of them."""
    left, right = paragraphs(first), paragraphs(other)
    found: list[Difference] = []
    matcher = difflib.SequenceMatcher(a=left, b=right, autojunk=False)
    for action, a, b, c, d in matcher.get_opcodes():
        if action in {"delete", "replace"}:
            found += [Difference("missing", gettext("缺少"), text) for text in left[a:b]]
        if action in {"insert", "replace"}:
            found += [Difference("added", gettext("另有"), text) for text in right[c:d]]
    return len(found), found[:_MOST_DIFFERENCES]


def family_page(asked: Document, members: Sequence[Document]) -> FamilyPage:
    """Everything that `family.html` prints. The first member is the one shown in results."""
    first = members[0] if members else asked
    rows = []
    for place, member in enumerate(list(members)[:MOST_MEMBERS]):
        compared = place <= MOST_COMPARED
        count, some = differences(first, member) if place and compared else (0, [])
        if member.id == first.id:
            summary = gettext("检索结果中显示这一篇")
        elif count:
            summary = ngettext("%(count)s 段不同", "%(count)s 段不同", count, count=number(count))
        else:
            summary = gettext("正文相同") if compared else ""
        length = len(member.text)
        rows.append(
            Member(
                Link(urls.document(member.id), member.title or gettext("（无标题）"), "zh-CN"),
                date(member.date), member.date or "", member.source or gettext("来源不明"),
                ngettext("%(count)s 字", "%(count)s 字", length, count=number(length)),
                member.id == first.id, summary, some,
            )
        )  # fmt: skip
    family_id = first.family.id if first.family else first.id
    return FamilyPage(
        title=first.title or first.id,
        summary=ngettext(
            "这篇文章在档案中有 %(count)s 个版本", "这篇文章在档案中有 %(count)s 个版本",
            len(rows), count=number(len(rows)),
        ),
        members=rows,
        search=urls.link("/search", [("family", family_id)]),
    )  # fmt: skip
