"""How the query was read, said in words, each reading with a link that undoes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from search_app.search.notes import Note
from search_app.search.results import Part, SearchResults
from search_app.web import urls
from search_app.web.i18n import Lazy, display, gettext, lazy_gettext
from search_app.web.presenters.parts import Item, Link, Notice


def message(note: Note) -> str:
    """A note of search in the language of the page."""
    return note.message("en" if display().lang == "en" else "zh")


def _quoted(words: Iterable[str]) -> str:
    return gettext("、").join(f"“{word}”" for word in words)


READINGS: Mapping[str, Lazy] = {
    "word": lazy_gettext("词语：%(read)s"),
    "phrase": lazy_gettext("原样出现：“%(typed)s”"),
    "either": lazy_gettext("任一即可：%(read)s"),
    "exclude": lazy_gettext("不含：“%(typed)s”"),
    "prefix": lazy_gettext("以“%(typed)s”开头的词"),
    "wildcard": lazy_gettext("符合“%(typed)s”的词"),
    "fuzzy": lazy_gettext("与“%(typed)s”写法相近的词"),
    "field": lazy_gettext("限定：%(typed)s"),
    "synonym": lazy_gettext("“%(typed)s”也查：%(read)s"),
    "fold": lazy_gettext("“%(typed)s”按%(read)s查找"),
    "ignored": lazy_gettext("已忽略：“%(typed)s”"),
    "unparsed": lazy_gettext("无法解析，按普通词语查找：“%(typed)s”"),
    "run": lazy_gettext("按连续字符查找：“%(typed)s”"),
    "relaxed": lazy_gettext("已放宽：%(typed)s"),
}


def _reading(part: Part) -> str:
    """One understood part as a sentence."""
    return str(READINGS[part.kind]) % {
        "typed": part.text,
        "read": _quoted(part.reading or (part.text,)),
    }


def _undo(part: Part) -> list[Link]:
    if part.undo is None:
        return []
    text = gettext("不扩展") if part.kind == "synonym" else gettext("不放宽")
    return [Link(urls.link("/search", part.undo.params()), text)]


def understood(results: SearchResults) -> list[Notice]:
    """What was understood, said only where it is more than the words themselves."""
    quiet = {"word", "relaxed"}
    told = {_reading(part): part for part in results.understood if part.kind not in quiet}
    items = [Item(text, _undo(part)) for text, part in told.items()]
    words = [word for part in results.understood if part.kind == "word" for word in part.reading]
    if words and (items or "".join(words) != "".join(results.state.text.split())):
        items.insert(0, Item(str(READINGS["word"]) % {"read": " / ".join(words)}))
    if not items:
        return []
    links = []
    if not results.state.synonyms:
        links.append(
            Link(
                urls.link("/search", results.state.with_synonyms(True).params()),
                gettext("恢复同义词扩展"),
            )
        )
    elif sum(part.kind == "synonym" for part in results.understood) > 1:
        links.append(
            Link(
                urls.link("/search", results.state.with_synonyms(False).params()),
                gettext("全部不扩展"),
            )
        )
    return [Notice("", gettext("系统这样理解您的查询："), "how", items=items, links=links)]


def relaxed(results: SearchResults) -> list[Notice]:
    found = []
    for part in results.understood:
        if part.kind == "relaxed":
            text = message(part.note) if part.note else _reading(part)
            found.append(Notice(text, kind="warn", links=_undo(part)))
    return found


def did_you_mean(results: SearchResults) -> list[Notice]:
    if not results.suggestions:
        return []
    links = [
        Link(urls.link("/search", results.state.with_text(text).params()), text, "zh-CN")
        for text in results.suggestions
    ]
    return [Notice(gettext("您要找的是不是："), kind="ask", links=links)]
