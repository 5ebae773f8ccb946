"""A search service over a few documents in memory, for tests of pages alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from indexer.document import (
    Caption,
    Document,
    Evidence,
    Family,
    Pair,
    Place,
    Program,
    Province,
    Repair,
    Span,
)
from search_app.search.engines.base import TermScore
from search_app.search.results import (
    Explanation,
    Part,
    SearchHit,
    SearchResults,
    facet_values,
)
from search_app.search.state import SearchState

PROVINCE_PAIRS = (
    ("广东", "广西"), ("浙江", "四川"), ("福建", "宁夏"), ("上海", "云南"), ("广东", "贵州"),
    ("江苏", "陕西"), ("北京", "内蒙古"), ("天津", "甘肃"),
)  # fmt: skip
PROGRAMS = ("pairing", "consumption", "employment", "disability_employment", "rehab", "talent",
            "health", "education", "governance")  # fmt: skip


def make_documents(count: int = 48) -> list[Document]:
    """Invented documents with everything that a page can show."""
    found = []
    for i in range(count):
        donor, recipient = PROVINCE_PAIRS[i * 5 % len(PROVINCE_PAIRS)]
        programs = (PROGRAMS[i % len(PROGRAMS)], PROGRAMS[(i * 3 + 1) % len(PROGRAMS)])
        first = f"{donor}与{recipient}的残疾人就业协作进入第{i + 1}个年头，双方残联共同举办招聘会。"
        second = "会上签订了消费帮扶协议，二十家企业当场下单。康复机构派出医生，为乡镇义诊三天。"
        third = (
            "据介绍，下一步将把对口支援的范围扩大到无障碍改造和辅助器具适配，让更多家庭受益。" * 3
        )
        text = "\n".join(("一、会议情况", first, second, third))
        start = text.index(first)
        evidence = Evidence(first, "text", start, start + len(first))
        year = None if i % 11 == 10 else 2014 + i % 10 + (1 if i % 10 > 5 else 0)
        tampered = i == 3
        found.append(
            Document(
                id=f"sample-{i:02}",
                path=f"pages/{i:02}.html",
                title=f"{donor}{recipient}协作：第{i + 1}次残疾人工作联席会议",
                text=text,
                url=f"https://example.org/news/{i}.html" if i % 7 else None,
                date=None if year is None else f"{year}-0{i % 9 + 1}-1{i % 9}",
                year=year,
                source=None if i % 9 == 8 else ("样例日报", "样例网", "协作通讯")[i % 3],
                author="样例作者" if i % 4 == 0 else None,
                sha256=f"{i:064x}",
                saved="2024-05-06T07:08:09Z",
                spans=(Span("heading", 0, 6),),
                captions=(Caption("图为残疾人就业招聘会现场。", start + len(first) + 1),),
                provinces=(
                    Province(donor, ("donor",), (evidence,)),
                    Province(recipient, ("recipient",), (evidence,)),
                ),
                places=(
                    Place(
                        "522727",
                        "平塘县",
                        "county",
                        ("贵州", "黔南布依族苗族自治州", "平塘县"),
                        ("recipient",),
                        (evidence,),
                    ),
                )
                if recipient == "贵州"
                else (),
                pairs=(Pair((donor,), (recipient,), evidence),),
                programs=tuple(Program(p, 1.0, (evidence,)) for p in dict.fromkeys(programs)),
                repairs=(Repair("残联", "残联合会", 1, 0.93, (("text", start + 22, start + 24),)),)
                if tampered
                else (),
                flags=("tampered",) if tampered else (),
                family=Family("sample-00", 3) if i in {0, 1, 2} else None,
            )
        )
    return found


@dataclass(frozen=True)
class FakeSuggestion:
    text: str
    kind: str


def columns(document: Document) -> dict[str, list[str]]:
    """Facet values of a document."""
    roles = {
        role: [p.name for p in document.provinces if role in p.roles]
        for role in ("donor", "recipient")
    }
    return {
        "province": [p.name for p in document.provinces],
        **roles,
        "pair": [f"{p.donor[0]}>{p.recipient[0]}" for p in document.pairs],
        "year": [str(document.year)] if document.year else [],
        "program": [p.id for p in document.programs],
        "source": [document.source] if document.source else [],
        "flags": list(document.flags),
        "place": [], "donor_place": [], "recipient_place": [],
    }  # fmt: skip


class FakeService:
    """What the pages ask of `SearchService`, answered by looking through a list."""

    def __init__(self, documents: Sequence[Document] | None = None) -> None:
        self.documents = list(make_documents() if documents is None else documents)
        self.by_id = {document.id: document for document in self.documents}

    # -- matching --------------------------------------------------------------------

    def _passes(self, document: Document, state: SearchState, without: str = "") -> bool:
        for name, choice in state.choices:
            if name == without:
                continue
            have = columns(document)[name] or [""]
            if any(value in choice.excluded for value in have):
                return False
            ranges = any(
                (lo or 0) <= int(value) <= (hi or 9999)
                for value in have if value
                for lo, hi in choice.ranges
            )  # fmt: skip
            if (choice.values or choice.ranges) and not (
                ranges or any(value in choice.values for value in have)
            ):
                return False
        return not state.family or (document.family or Family("", 0)).id == state.family

    def _matching(self, state: SearchState) -> list[Document]:
        words = [w for w in state.text.split() if not w.startswith("-")]
        return [d for d in self.documents if all(w in d.title + d.text for w in words)]

    def _found(self, state: SearchState) -> list[Document]:
        found = [d for d in self._matching(state) if self._passes(d, state)]
        if state.sort != "relevance":
            found.sort(key=lambda d: d.date or "", reverse=state.sort == "newest")
        return found

    @staticmethod
    def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        for word in words:
            at = text.find(word)
            while at >= 0:
                spans.append((at, at + len(word)))
                at = text.find(word, at + len(word))
        merged: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if not merged or start >= merged[-1][1]:
                merged.append((start, end))
        return merged

    def _html(self, text: str, words: Sequence[str]) -> str:
        out, at = "", 0
        for start, end in self._spans(text, words):
            out += f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>"
            at = end
        return out + escape(text[at:])

    def _hit(self, number: int, document: Document, words: Sequence[str]) -> SearchHit:
        return SearchHit(
            number, document.id, document.title, self._html(document.title, words), document.url,
            document.date, document.source, document.provinces, document.programs, 1.0,
            tuple(self._html(line, words) for line in document.text.split("\n")[1:3]),
            document.family, document.flags, document.path,
        )  # fmt: skip

    # -- the service -----------------------------------------------------------------

    def search(self, state: SearchState, facets: Sequence[str] = ("province",)) -> SearchResults:
        found = self._found(state)
        folded, seen = [], set()
        for document in found:
            key = document.family.id if document.family and state.folded else document.id
            if key not in seen:
                seen.add(key)
                folded.append(document)
        words = state.text.split()
        pages = max(1, -(-len(folded) // state.per_page)) if folded else 0
        if pages and state.page > pages:
            state = state.with_page(pages)
        shown = folded[state.offset : state.offset + state.per_page]
        counts = {}
        for name in facets:
            tally: Counter[str] = Counter()
            for document in self._matching(state):
                if self._passes(document, state, without=name):
                    tally.update(columns(document)[name] or [""])
            choice = state.choice(name)
            counts[name] = facet_values(
                tally, choice.values, choice.excluded, {}, by_value=name == "year"
            )
        understood: list[Part] = [Part("word", word, (word,)) for word in words]
        if "残联" in words and state.synonyms and "残联" not in state.asis:
            understood.append(Part("synonym", "残联", ("残疾人联合会",), state.with_asis("残联")))
        return SearchResults(
            state, tuple(understood), len(found), len(folded), pages,
            tuple(self._hit(state.offset + i + 1, d, words) for i, d in enumerate(shown)),
            counts, ("残疾人 就业",) if len(found) < 3 and words else (), state.notes,
            took_ms=1.5, generation="fake",
        )  # fmt: skip

    def every(self, state: SearchState, limit: int) -> Iterator[Document]:
        yield from self._found(state)[:limit]

    def table(self, state: SearchState, rows: str, columns_: str) -> dict[tuple[str, str], int]:
        tally: Counter[tuple[str, str]] = Counter()
        for document in self._found(state):
            have = columns(document)
            tally.update((r, c) for r in have[rows] for c in have[columns_])
        return dict(tally)

    def document(self, document_id: str) -> Document:
        return self.by_id[document_id]

    def marks(self, document_id: str, state: SearchState) -> dict[str, list[tuple[int, int]]]:
        document = self.by_id[document_id]
        words = state.text.split()
        captions = "\n\n".join(c.text for c in document.captions)
        return {
            "title": self._spans(document.title, words),
            "text": self._spans(document.text, words),
            "caption": self._spans(captions, words),
        }

    def neighbours(self, state: SearchState, number: int) -> tuple[str | None, str | None]:
        found = self._found(state)
        before = found[number - 2].id if 2 <= number <= len(found) + 1 else None
        after = found[number].id if 0 < number < len(found) else None
        return before, after

    def family(self, document_id: str) -> list[Document]:
        family = self.by_id[document_id].family
        if family is None:
            return [self.by_id[document_id]]
        return [d for d in self.documents if d.family and d.family.id == family.id]

    def similar(self, document_id: str, limit: int = 5) -> list[SearchHit]:
        others = [d for d in self.documents if d.id != document_id]
        return [self._hit(i + 1, d, ()) for i, d in enumerate(others[:limit])]

    def suggest(self, text: str, limit: int = 8) -> list[Any]:
        known = ("残疾人", "残疾人就业", "残联", "对口支援", "东西部协作", "广东", "消费帮扶")
        kept = [word for word in known if word.startswith(text) or text == "canlian"]
        return [FakeSuggestion(word, "phrase") for word in kept[:limit]]

    def explain(self, document_id: str, state: SearchState) -> Explanation:
        return Explanation(document_id, 1.0, (TermScore(state.text or "*", 1.0, {}),))

    def health(self) -> dict[str, Any]:
        return {"status": "ok", "generation": "fake", "documents": len(self.documents)}

    def original(self, document_id: str) -> tuple[bytes, str, str] | None:
        if document_id not in self.by_id:
            raise KeyError(document_id)
        if document_id == "sample-05":
            return None
        page = f"<html><head><title>t</title><style>p{{color:#333}}</style></head><body><p>{self.by_id[document_id].text}</p><script>document.body.textContent='ran'</script></body></html>"
        return page.encode("gb18030"), "text/html", "gb18030"
