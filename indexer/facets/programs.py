"""Which kinds of program does a document report, and in which sentences?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.document import Document, Program
from indexer.facets.text import Reading

PROGRAMS = (
    "industry", "employment", "consumption", "talent", "education", "health", "funding",
    "pairing", "livelihood", "party", "governance", "rehab", "disability_employment",
    "special_education", "accessibility", "disability_care", "disability_culture",
    "disability_org",
)  # fmt: skip
"""The ids in the taxonomy's order."""

_FIRST = {
    "industry": "产业(?:帮扶|扶贫|合作|园|援)|招商引资|特色产业|种植|养殖",
    "employment": "就业|劳务|务工|招聘|公益岗位",
    "consumption": "消费扶贫|消费帮扶|产销对接|农产品|直播带货",
    "talent": "挂职|选派|人才",
    "education": "支教|助学|控辍保学",
    "health": "义诊|健康扶贫|医院|医疗",
    "funding": "资金|捐赠|捐款|援建",
    "pairing": "对口帮扶|对口支援|结对|东西部",
    "livelihood": "危房|搬迁|饮水|道路",
    "party": "党建|第一书记",
    "governance": "会议|座谈|调研|协议",
}
_DISABILITY = {
    "rehab": "康复|辅助器具|辅具",
    "disability_employment": "残疾人?.{0,12}(?:就业|创业|培训)",
    "special_education": "特殊教育|特教|融合教育",
    "accessibility": "无障碍",
    "disability_care": "两项补贴|托养|康园|职康",
    "disability_culture": "残运会|残奥|特奥|残疾人.{0,12}(?:体育|艺术|文学|文化)",
    "disability_org": "残联.{0,10}(?:换届|建设)|助残",
}
_AID = re.compile("帮扶|扶贫|脱贫|乡村振兴|支援|援建|救灾|东西部|对口")


def derive_programs(document: Document, readings: Sequence[Reading]) -> tuple[Program, ...]:
    """The programs of a document in the taxonomy's order, with the sentences as evidence."""
    aid = any(_AID.search(reading.text) for reading in readings)
    patterns = {**(_FIRST if aid else {}), **_DISABILITY}
    found = []
    for name in PROGRAMS:
        if name not in patterns:
            continue
        evidence = []
        for reading in readings:
            for match in re.finditer(patterns[name], reading.text):
                start, end = reading.sentences[reading.sentence(match.start())]
                item = reading.evidence(document, start, end)
                if item not in evidence:
                    evidence.append(item)
        if evidence:
            found.append(Program(name, 1.0, tuple(evidence[:3])))
    return tuple(found)
