"""What the index holds: text fields, facet columns and stored fields, declared once.

The write side fills them, the read side offers them. A change to anything here
is a new `SCHEMA_VERSION`: an index of another version is refused with the
command that rebuilds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class TextField:
    """A field of tokens with positions and offsets.

    `of` names what its offsets point into: a text field of the document.
    """

    name: str
    of: Literal["title", "text", "caption"]


@dataclass(frozen=True, slots=True)
class FacetField:
    """A column of values made for counting.

    `multi` columns hold any number of values per document. `kind` "path" values
    are codes of a hierarchy (a county implies its city and province, stored out).
    """

    name: str
    multi: bool
    kind: Literal["keyword", "number", "path"] = "keyword"


TEXT_FIELDS = (
    TextField("title", "title"),
    TextField("text", "text"),
    # Sentences of a tampered page with the restored words; offsets point at the original text.
    TextField("restored", "text"),
    TextField("caption", "caption"),
)

FACET_FIELDS = (
    FacetField("province", multi=True),
    FacetField("donor", multi=True),
    FacetField("recipient", multi=True),
    # GB/T 2260 codes of city and county below the provinces.
    FacetField("place", multi=True, kind="path"),
    FacetField("donor_place", multi=True, kind="path"),
    FacetField("recipient_place", multi=True, kind="path"),
    # "广东>广西": donor and recipient province of one reported relation.
    FacetField("pair", multi=True),
    FacetField("year", multi=False, kind="number"),
    FacetField("program", multi=True),
    FacetField("source", multi=False),
    FacetField("flags", multi=True),
    FacetField("family", multi=False),
)

FACETS = tuple(field.name for field in FACET_FIELDS)

PROGRAMS: dict[str, tuple[str, str]] = {
    "industry": ("产业合作", "Industry"),
    "employment": ("就业与劳务协作", "Employment and labour"),
    "consumption": ("消费帮扶", "Consumption assistance"),
    "talent": ("人才支援", "Staff and expertise"),
    "education": ("教育帮扶", "Education"),
    "health": ("医疗健康帮扶", "Health care"),
    "funding": ("资金与项目支持", "Funds and projects"),
    "pairing": ("结对帮扶", "Paired assistance"),
    "livelihood": ("基础设施与民生", "Infrastructure and living conditions"),
    "party": ("党建引领", "Party building"),
    "governance": ("组织部署", "Organisation and policy"),
    "rehab": ("残疾人康复", "Rehabilitation"),
    "disability_employment": ("残疾人就业创业", "Employment of disabled people"),
    "special_education": ("残疾人教育", "Education of disabled people"),
    "accessibility": ("无障碍建设", "Accessibility"),
    "disability_care": ("残疾人保障与托养", "Benefits and care"),
    "disability_culture": ("残疾人文化体育", "Culture and sports of disabled people"),
    "disability_org": ("残疾人组织与助残", "Organisations and volunteering"),
}
"""The values of the facet `program`: id → label in Chinese and in English, in display order."""
