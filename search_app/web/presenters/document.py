"""The reading copy of a document, with everything that lets one judge and cite it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from indexer.document import Document, Evidence, Pair, Place
from search_app.search.results import SearchHit
from search_app.search.state import SearchState
from search_app.web import labels, urls
from search_app.web.i18n import date, gettext, moment, ngettext, number
from search_app.web.presenters.body import Block, Counter, Piece, anchor_of, blocks, title
from search_app.web.presenters.parts import KeyValue, Link, Notice, SearchForm
from search_app.web.presenters.results import tag
from search_app.web.presenters.search_form import search_form

MOST_PLACES = 16
MOST_PAIRS = 12
MOST_REASONS = 4
"""Sentences shown for one value."""
MOST_JUMPS = 24
"""Links to single marks shown at most; keys and buttons reach the rest."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A derived value with the sentences that justify it."""

    text: str
    role: str
    url: str
    because: Sequence[Link]

    @property
    def more(self) -> str:
        """Words for the reasons after the first; "" where there are none."""
        count = len(self.because) - 1
        if count <= 0:
            return ""
        return ngettext(
            "另有 %(count)s 处依据", "另有 %(count)s 处依据", count, count=number(count)
        )


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    title: str
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """The values of `document.html`."""

    form: SearchForm
    page_title: str
    title: Sequence[Piece]
    lang: str
    meta: Sequence[KeyValue]
    date: str
    date_iso: str
    back: Link | None
    previous: str
    next: str
    jumps: Sequence[Link]
    marks: int
    marks_text: str
    notes: Sequence[Notice]
    blocks: Sequence[Block]
    attachments: Sequence[Link]
    reasons: Sequence[ReasonGroup]
    similar: Sequence[Link]
    family: Link | None
    original: str
    card: Sequence[KeyValue]
    citation: str


def outside_url(url: str | None) -> str:
    """The address of the saved page, if it is one that may stand in a link (http or https)."""
    if not url:
        return ""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return ""
    return url if scheme in {"http", "https"} else ""


def citation(document: Document) -> str:
    """A reference to the page after GB/T 7714: who, what, when published, when seen, where."""
    who = document.author or document.source
    published = f"({document.date})" if document.date else ""
    seen = f"[{document.saved[:10]}]" if document.saved else ""
    parts = [
        f"{who}. " if who else "",
        f"{document.title or document.id}[EB/OL]. ",
        f"{published}{seen}. " if published or seen else "",
        f"{document.url}." if document.url else "",
    ]
    return "".join(parts).strip()


def offsets(document: Document) -> list[int]:
    """Offsets in the text at which evidence stands, without repetition."""
    pointed = [
        evidence.start
        for reasons in [
            *(province.evidence for province in document.provinces),
            *(program.evidence for program in document.programs),
            *((pair.evidence,) for pair in document.pairs),
        ]
        for evidence in reasons
        if evidence.field == "text"
    ]
    return sorted(set(pointed))


def _because(
    document: Document, evidence: Sequence[Evidence], anchors: Sequence[int]
) -> list[Link]:
    found = []
    for item in evidence[:MOST_REASONS]:
        anchor = anchor_of(document, item.start, anchors) if item.field == "text" else "#title"
        found.append(Link(anchor, item.text, "zh-CN"))
    return found


def _place(place: Place) -> str:
    """A city or county with its province and roles: 贵州 黔南布依族苗族自治州 平塘县 · 受援方."""
    name = " ".join((labels.value("province", place.path[0]), *place.path[1:]))
    roles = gettext("、").join(str(labels.ROLES[role]) for role in place.roles)
    return f"{name} · {roles}" if roles else name


def _pair(pair: Pair) -> str:
    """The smallest divisions that are named on both sides: 广州市 → 平塘县."""
    sides = (
        labels.value("province", "".join(side[-1:]) or "？")
        for side in (pair.donor, pair.recipient)
    )
    return " → ".join(sides)


def _reasons(document: Document, anchors: Sequence[int]) -> list[ReasonGroup]:
    """What was derived of the document, each with why; provinces stand for themselves."""

    def reason(
        facet: str, value: str, text: str, why: Sequence[Evidence], role: str = ""
    ) -> Reason:
        url = urls.link("/search", [(facet, value)]) if value else ""
        return Reason(text, role, url, _because(document, why, anchors))

    tags = [(province, tag(province)) for province in document.provinces]
    places = [place for place in document.places if place.level != "province"]
    groups = {
        "province": [reason("province", p.name, t.text, p.evidence, t.role) for p, t in tags],
        "place": [reason("place", p.code, _place(p), ()) for p in places[:MOST_PLACES]],
        "pair": [reason("pair", "", _pair(p), (p.evidence,)) for p in document.pairs[:MOST_PAIRS]],
        "program": [
            reason("program", p.id, labels.value("program", p.id), p.evidence)
            for p in document.programs
        ],
    }
    return [ReasonGroup(labels.facet(name), found) for name, found in groups.items() if found]


def _card(document: Document) -> list[KeyValue]:
    url = outside_url(document.url)
    rows = [
        KeyValue(gettext("网址"), document.url or gettext("未知"), url, "noreferrer noopener"),
        KeyValue(gettext("保存时间"), moment(document.saved) or gettext("未知")),
        KeyValue(gettext("文件"), document.path, mono=True),
        KeyValue(gettext("文档编号"), document.id, mono=True),
        KeyValue("SHA-256", document.sha256 or gettext("未知"), mono=True),
        KeyValue(gettext("编码"), document.encoding),
    ]
    if document.replaced:
        share = number(round(document.replaced * 100, 2))
        rows.append(KeyValue(gettext("无法解码"), gettext("%(share)s%% 的字符", share=share)))
    if document.flags:
        words = gettext("、").join(labels.value("flags", flag) for flag in document.flags)
        rows.append(KeyValue(labels.facet("flags"), words))
    return rows


def _notes(document: Document) -> list[Notice]:
    found = []
    for repair in document.repairs:
        if repair.restored:
            text = ngettext(
                "“%(found)s”出现 %(count)s 次，此处原词可能为“%(restored)s”（把握 %(sure)s%%）。",
                "“%(found)s”出现 %(count)s 次，此处原词可能为“%(restored)s”（把握 %(sure)s%%）。",
                repair.count, found=repair.found, restored=repair.restored,
                count=number(repair.count), sure=number(round(repair.confidence * 100)),
            )  # fmt: skip
        else:
            text = ngettext(
                "“%(found)s”出现 %(count)s 次，不像原文，原词未能确定。",
                "“%(found)s”出现 %(count)s 次，不像原文，原词未能确定。",
                repair.count, found=repair.found, count=number(repair.count),
            )  # fmt: skip
        found.append(Notice(text, gettext("疑似被篡改："), "warn"))
    if document.replaced > 0.001:
        found.append(
            Notice(
                gettext("这个页面有字符无法解码，显示为“\N{REPLACEMENT CHARACTER}”。"), kind="warn"
            )
        )
    return found


def document_page(
    document: Document,
    state: SearchState,
    marks: Mapping[str, Sequence[tuple[int, int]]],
    *,
    place: int = 0,
    neighbours: tuple[str | None, str | None] = (None, None),
    similar: Sequence[SearchHit] = (),
) -> DocumentPage:
    """Everything that `document.html` prints. `place` is the document's number among the
    results it was reached from (0 where it was not)."""
    counter = Counter()
    unknown = gettext("未能确定")
    anchors = offsets(document)
    heading = title(document, marks.get("title", ()), unknown, counter)
    body = blocks(
        document, marks.get("text", ()), marks.get("caption", ()), unknown, counter, anchors
    )
    pairs = state.with_page(1).params()
    before, after = neighbours

    def beside(other: str | None, step: int) -> str:
        return urls.document(other, [*pairs, ("n", str(place + step))]) if other else ""

    from_search = bool(pairs or place)
    page = (max(place, 1) - 1) // state.per_page + 1
    family = None
    if document.family is not None and document.family.size > 1:
        others = document.family.size - 1
        family = Link(
            urls.document(document.id, part="family"),
            ngettext(
                "另有 %(count)s 个转载", "另有 %(count)s 个转载", others, count=number(others)
            ),
        )
    meta = [
        KeyValue(name, text, lang="zh-CN")
        for name, text in (
            (labels.facet("source"), document.source or ""),
            (gettext("作者"), document.author or ""),
            (gettext("编辑"), document.editor or ""),
        )
        if text
    ]
    return DocumentPage(
        form=search_form(state.text, [pair for pair in pairs if pair[0] != "q"]),
        page_title=document.title or document.id,
        title=heading,
        lang="zh-CN" if document.language.startswith("zh") else document.language,
        meta=meta,
        date=date(document.date),
        date_iso=document.date or "",
        back=Link(
            urls.link("/search", state.with_page(page).params())
            + (f"#hit-{place}" if place else ""),
            gettext("回到检索结果"),
        )
        if from_search
        else None,
        previous=beside(before, -1),
        next=beside(after, 1),
        jumps=[Link(f"#m{i}", number(i)) for i in range(1, min(counter.last, MOST_JUMPS) + 1)],
        marks=counter.last,
        marks_text=ngettext(
            "标出 %(count)s 处", "标出 %(count)s 处", counter.last, count=number(counter.last)
        ),
        notes=_notes(document),
        blocks=body,
        attachments=[
            Link(outside_url(item.url), item.title or item.url, "zh-CN")
            for item in document.attachments
        ],
        reasons=_reasons(document, anchors),
        similar=[
            Link(urls.document(hit.id), hit.title or gettext("（无标题）"), "zh-CN")
            for hit in similar
        ],
        family=family,
        original=urls.document(document.id, part="original"),
        card=_card(document),
        citation=citation(document),
    )
