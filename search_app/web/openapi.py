"""The OpenAPI 3.1 document of the API, and the same told for people.

Both are made from the tables here. A test asks the running application and holds every
answer against the schemas, and every route of the API against the paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer import __version__
from search_app.search.state import FILTERS, MAX_PER_PAGE, PER_PAGE, SORTS
from search_app.web import urls
from search_app.web.i18n import display

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
OPTIONAL: Schema = {"type": ["string", "null"]}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def record(optional: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """An object whose properties are all there, but for the `optional` ones."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


SCHEMAS: Mapping[str, Schema] = {
    "Error": record(error=record(code=STRING, message=STRING, hint=STRING)),
    "Note": record(code=STRING, message=STRING, message_en=STRING),
    "Understood": {
        **record(
            **{"kind": STRING, "text": STRING, "as": array(STRING), "undo": OPTIONAL,
               "note": OPTIONAL}
        ),
        "description": "One part of the query: what was typed and how it was read. `as` lists"
        " the readings, `undo` is the query string of the search without this reading.",
    },
    "Province": record(name=STRING, roles=array({"enum": ["donor", "recipient"]})),
    "Program": record(id=STRING, label=STRING),
    "Family": record(id=STRING, size=INTEGER),
    "Hit": record(
        id=STRING, title=STRING, title_html=STRING, url=OPTIONAL, date=OPTIONAL, source=OPTIONAL,
        provinces=array(ref("Province")), programs=array(ref("Program")), score=NUMBER,
        snippets=array(STRING), family={"anyOf": [ref("Family"), {"type": "null"}]},
        flags=array(STRING),
    ),
    "FacetValue": record(
        ["excluded"], value=STRING, label=STRING, count=INTEGER, selected=BOOLEAN,
        excluded=BOOLEAN,
    ),
    "SearchAnswer": record(
        query=record(text=STRING, understood=array(ref("Understood")), notes=array(ref("Note"))),
        total={**INTEGER, "description": "Documents that match."},
        total_results={**INTEGER, "description": "Results after reprints are folded."},
        took_ms=NUMBER, page=INTEGER, per_page=INTEGER, pages=INTEGER, partial=BOOLEAN,
        hits=array(ref("Hit")),
        facets={"type": "object", "additionalProperties": array(ref("FacetValue"))},
        suggestions=array(STRING),
    ),
    "Evidence": record(text=STRING, field=STRING, start=INTEGER, end=INTEGER),
    "Document": {
        **record(
            id=STRING, path=STRING, title=STRING, text=STRING, url=OPTIONAL, date=OPTIONAL,
            year={"type": ["integer", "null"]}, source=OPTIONAL, author=OPTIONAL,
            language=STRING, encoding=STRING, sha256=STRING, saved=OPTIONAL,
            provinces=array(
                record(name=STRING, roles=array(STRING), evidence=array(ref("Evidence")))
            ),
            programs=array(
                record(id=STRING, label=STRING, score=NUMBER, evidence=array(ref("Evidence")))
            ),
            flags=array(STRING), links={"type": "object", "additionalProperties": STRING},
        ),
        "description": "A document with everything that was derived from it. Offsets are"
        " characters of `text`, end exclusive.",
    },
    "Similar": record(id=STRING, hits=array(ref("Hit"))),
    "Members": record(
        id=STRING,
        members=array(
            record(id=STRING, title=STRING, url=OPTIONAL, date=OPTIONAL, source=OPTIONAL,
                   characters=INTEGER)
        ),
    ),
    "Explanation": record(id=STRING, score=NUMBER, parts=array({"type": "object"})),
    "Suggestions": record(
        query=STRING, suggestions=array(record(text=STRING, kind=STRING, label=STRING))
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `zh` and `en` say what it does."""

    name: str
    zh: str
    en: str
    schema: Schema
    where: str = "query"
    many: bool = False


SEARCH_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("q", "检索式", "What to search, in the query language", STRING),
    *(
        Parameter(
            name,
            f"按{labels_zh}筛选；重复表示任一，none 表示没有",
            f"Narrow by {name}; repeat for either, none for documents without one",
            STRING,
            many=True,
        )
        for name, labels_zh in (
            ("province", "省份"), ("donor", "帮扶方"), ("recipient", "受援方"),
            ("year", "年份（2018、2018..2020、2018..）"), ("program", "项目类型"),
            ("source", "来源"), ("flags", "页面状况"), ("pair", "帮扶关系（广东>广西）"),
            ("place", "市县代码"), ("donor_place", "帮扶方市县代码"),
            ("recipient_place", "受援方市县代码"),
        )
    ),
    *(
        Parameter(f"not_{name}", f"排除 {name} 的值", f"Leave out values of {name}", STRING,
                  many=True)
        for name in FILTERS
    ),
    Parameter("family", "只看一个转载族", "Only one reprint family", STRING),
    Parameter("fold", "0 表示逐篇列出转载", "0 lists every reprint",
              {"type": "string", "enum": ["0", "1"], "default": "1"}),
    Parameter("sort", "排序", "Order", {"type": "string", "enum": list(SORTS)}),
    Parameter("page", "页码", "Page, from 1", {"type": "integer", "minimum": 1, "default": 1}),
    Parameter("per_page", "每页条数", "Results per page",
              {"type": "integer", "minimum": 1, "maximum": MAX_PER_PAGE, "default": PER_PAGE}),
    Parameter("synonyms", "0 表示不扩展同义词", "0 expands no synonyms",
              {"type": "string", "enum": ["0", "1"], "default": "1"}),
    Parameter("asis", "不扩展的词", "A word not to expand", STRING, many=True),
    Parameter("strict", "1 表示不放宽", "1 forbids relaxing",
              {"type": "string", "enum": ["0", "1"], "default": "0"}),
)  # fmt: skip

ID = Parameter("id", "文档编号", "A document's id", STRING, where="path")
LANG = Parameter("lang", "标签的语言", "Language of labels",
                 {"type": "string", "enum": ["zh-CN", "en"], "default": "zh-CN"})  # fmt: skip
LIMIT = Parameter("limit", "最多几条", "At most so many", {"type": "integer", "minimum": 1})


@dataclass(frozen=True, slots=True)
class Operation:
    """One address. `answer` names the schema of a good answer ("" where it is not JSON)."""

    path: str
    name: str
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    answer: str
    example: str
    statuses: tuple[int, ...] = (503,)
    media: str = "application/json"


OPERATIONS: tuple[Operation, ...] = (
    Operation("/api/v1/search", "search", "检索", "Search", (*SEARCH_PARAMETERS, LANG),
              "SearchAnswer", "/api/v1/search?q=残疾人&year=2018..2020"),
    Operation("/api/v1/documents/{id}", "document", "一篇文档", "One document", (ID, LANG),
              "Document", "/api/v1/documents/ID", (404, 503)),
    Operation("/api/v1/documents/{id}/similar", "similar", "相近的文档", "Similar documents",
              (ID, LIMIT, LANG), "Similar", "/api/v1/documents/ID/similar", (404, 503)),
    Operation("/api/v1/documents/{id}/family", "family", "转载族", "Reprint family", (ID, LANG),
              "Members", "/api/v1/documents/ID/family", (404, 503)),
    Operation("/api/v1/documents/{id}/explain", "explain", "得分说明", "Why this score",
              (ID, *SEARCH_PARAMETERS), "Explanation", "/api/v1/documents/ID/explain?q=残疾人",
              (404, 503)),
    Operation("/api/v1/suggest", "suggest", "输入建议", "Suggestions while typing",
              (Parameter("q", "已输入的文字", "What was typed so far", STRING), LIMIT, LANG),
              "Suggestions", "/api/v1/suggest?q=canlian"),
    Operation("/export.csv", "exportCsv", "导出 CSV（UTF-8，带 BOM）", "Export as CSV",
              (*SEARCH_PARAMETERS, LANG), "", "/export.csv?q=残疾人", media="text/csv"),
    Operation("/export.jsonl", "exportJsonl", "导出 JSON Lines", "Export as JSON Lines",
              (*SEARCH_PARAMETERS, LANG), "", "/export.jsonl?q=残疾人",
              media="application/x-ndjson"),
    Operation("/feed.atom", "feed", "订阅源（Atom）", "Atom feed of a search",
              (*SEARCH_PARAMETERS, LANG), "", "/feed.atom?q=残疾人",
              media="application/atom+xml"),
)  # fmt: skip


def _parameter(item: Parameter) -> Schema:
    schema = array(item.schema) if item.many else item.schema
    entry: Schema = {
        "name": item.name,
        "in": item.where,
        "required": item.where == "path",
        "description": item.en,
        "schema": schema,
    }
    if item.many:
        entry |= {"style": "form", "explode": True}
    return entry


def _operation(item: Operation) -> Schema:
    good: Schema = ref(item.answer) if item.answer else STRING
    responses: Schema = {"200": {"description": "OK", "content": {item.media: {"schema": good}}}}
    words = {400: "Bad request", 404: "Not found", 429: "Too many requests",
             503: "No index, or too busy"}  # fmt: skip
    for status in (400, *item.statuses, 429):
        responses[str(status)] = {
            "description": words[status],
            "content": {"application/json": {"schema": ref("Error")}},
        }
    return {
        "get": {
            "operationId": item.name,
            "summary": item.en,
            "parameters": [_parameter(parameter) for parameter in item.parameters],
            "responses": responses,
        }
    }


def document(server: str = "/") -> Schema:
    """The OpenAPI document. `server` is the path under which the application is mounted."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Xiezuo Archive Search",
            "version": __version__,
            "description": "Full-text search over an archive of saved Chinese web pages."
            " Values that cannot be used are ignored and named in `query.notes`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "paths": {item.path: _operation(item) for item in OPERATIONS},
        "components": {"schemas": dict(SCHEMAS)},
    }


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One address for people."""

    path: str
    title: str
    example: str
    example_url: str
    parameters: Sequence[Line]


@dataclass(frozen=True, slots=True)
class ApiPage:
    """The values of `api.html`."""

    openapi: str
    search_parameters: Sequence[Line]
    entries: Sequence[Entry]


def human() -> ApiPage:
    """The API page: each address with an example, the parameters of a search once."""
    chinese = display().lang == "zh-CN"

    def lines(parameters: Sequence[Parameter]) -> list[Line]:
        return [Line(p.name, p.zh if chinese else p.en) for p in parameters]

    shared = {p.name for p in SEARCH_PARAMETERS}
    return ApiPage(
        openapi=urls.path_link("/api/v1/openapi.json"),
        search_parameters=lines(SEARCH_PARAMETERS),
        entries=[
            Entry(
                item.path,
                item.zh if chinese else item.en,
                item.example,
                "" if "ID" in item.example else urls.path_link(item.example),
                lines(
                    [p for p in item.parameters if p.name not in shared or len(item.parameters) < 5]
                ),
            )
            for item in OPERATIONS
        ],
    )
