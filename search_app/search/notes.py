"""What the search has to say about what it was given: stable codes with words in two languages.

A note is never an error: the search went on, and the note says what was left out or
changed. Pages may translate by `code`; `message` serves the command line and the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from search_app.search.labels import FACET_LABELS

Language = Literal["zh", "en"]

MESSAGES: dict[str, tuple[str, str]] = {
    # Parameters of the address
    "bad_year": (
        "年份“{value}”无法识别，已忽略。",
        "The year “{value}” was not understood and is ignored.",
    ),
    "bad_number": (
        "参数 {name} 的值“{value}”应为数字，已改用 {used}。",
        "{name}=“{value}” should be a number; {used} is used.",
    ),
    "out_of_range": (
        "参数 {name} 的值“{value}”超出范围，已改用 {used}。",
        "{name}=“{value}” is out of range; {used} is used.",
    ),
    "bad_choice": (
        "参数 {name} 的值“{value}”无法识别，已改用 {used}。",
        "{name}=“{value}” is not known; {used} is used.",
    ),
    "unknown_value": (
        "“{name}”中没有“{value}”这个值。",
        "“{value}” is not a value of “{name}” in this index.",
    ),
    "too_many_values": (
        "“{name}”选的值太多，只用了前 {used} 个。",
        "Too many values in “{name}”; the first {used} are used.",
    ),
    "last_page": (
        "没有第 {value} 页，显示的是最后一页（第 {used} 页）。",
        "There is no page {value}; the last one, page {used}, is shown.",
    ),
    # What was typed
    "query_cut": (
        "查询太长，只用了前 {used} 个字符。",
        "The query is too long; its first {used} characters are used.",
    ),
    "clauses_cut": (
        "查询的词太多，只用了前 {used} 个。",
        "The query has too many words; the first {used} are used.",
    ),
    "unfinished_quote": (
        "引号没有成对，已按短语处理到末尾。",
        "A quotation mark was left open; the phrase runs to the end.",
    ),
    "stray_operator": (
        "“{value}”旁边缺少词语，已忽略。",
        "“{value}” has no word beside it and is ignored.",
    ),
    "bad_range": (
        "“{value}”不是可用的年份或年份区间，已按普通词语搜索。",
        "“{value}” is not a usable year or span of years; it is searched as words.",
    ),
    "empty_field": (
        "“{value}”后面没有内容，已忽略。",
        "“{value}” is followed by nothing and is ignored.",
    ),
    "nothing_to_search": (
        "查询中没有可搜索的文字，显示全部文档。",
        "The query has no words to search; all documents are shown.",
    ),
    "only_exclusions": (
        "查询只有排除词，显示其余全部文档。",
        "The query only excludes; all other documents are shown.",
    ),
    # How the search was carried out
    "relaxed_any": (
        "没有文档包含其中大部分词语，已放宽为包含任意一个词语。",
        "No document has most of the words; those with any of them are shown.",
    ),
    "relaxed_parts": (
        "没有文档包含“{value}”，已放宽为包含其中的部分词语。",
        "No document has “{value}”; those with parts of it are shown.",
    ),
    "relaxed_run": (
        "按词语几乎没有找到，已同时按连续字符查找“{value}”。",
        "Hardly anything was found by words; “{value}” was looked for as a run of characters too.",
    ),
    "relaxed_phrase": (
        "没有找到完整短语“{value}”，已按其中的词语查找。",
        "The exact phrase “{value}” was not found; its words were searched.",
    ),
    "relaxed_required": (
        "没有标题符合要求的文档，已在全文中查找“{value}”。",
        "No document with “{value}” in its title meets the query; its words were searched anywhere.",
    ),
    "partial": (
        "搜索超出了时间或规模限制，结果和计数不完整。",
        "The search reached a limit of time or size; results and counts are incomplete.",
    ),
}
"""code → (Chinese, English), each a format string over the note's values."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell. `values` fill the message's places (name → text)."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **values: object) -> Note:
        return cls(code, tuple((name, _short(str(value))) for name, value in values.items()))

    def message(self, language: Language = "zh") -> str:
        """The sentence in a language."""
        values = dict(self.values)
        if language == "zh" and self.code in {"unknown_value", "too_many_values"}:
            values["name"] = FACET_LABELS.get(values["name"], values["name"])
        return MESSAGES[self.code][language == "en"].format(**values)

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message("zh"), "message_en": self.message("en")}


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
