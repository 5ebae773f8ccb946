"""Title lines that a spammer wrote himself (X体育官网-最新入口), where the body was left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.document import Document, Repair
from indexer.repair.signals import signals

_NAME = re.compile(r"[^\s_|\-—(（@·]+")


def title_lines(document: Document) -> Iterator[Repair]:
    """The known name of such a site in the title of a page, or of its file, that is a slogan.

    Nothing is restored: all of the title is foreign.
    """
    if name := _foreign_name(document.title):
        yield Repair(name.group(), "", 1, 0.0, (("title", *name.span()),))
    elif name := _foreign_name(document.page_title):
        yield Repair(name.group(), "", 1, 0.0)


def _foreign_name(title: str) -> re.Match[str] | None:
    rules, folded = signals(), title.lower()
    if len(folded) != len(title) or rules.subject.search(folded) or rules.honest.search(folded):
        return None
    runs = _NAME.finditer(title)
    if rules.slogans.search(title):
        return next((run for run in runs if rules.brands.search(run[0].lower())), None)
    if rules.site_slogans.search(title):
        # A hotel of that name has more in its title than the name and 官网.
        return next((run for run in runs if rules.branded.fullmatch(run[0].lower())), None)
    return None
