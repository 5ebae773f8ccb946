"""What stands around every page: names, navigation, the other language, display choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from search_app.web import display as shown
from search_app.web import static, urls
from search_app.web.i18n import display, gettext
from search_app.web.presenters.parts import Link


@dataclass(frozen=True, slots=True)
class Choice:
    """One display choice as a drop-down: (value, words, selected)."""

    name: str
    label: str
    options: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Frame:
    """The values of `base.html`."""

    lang: str
    theme: str
    text: str
    keys_off: bool
    static: str
    home: str
    here: str
    opensearch: str
    nav: Sequence[Link]
    foot: Sequence[Link]
    other: Link
    hidden: Sequence[tuple[str, str]]
    choices: Sequence[Choice]


def _here() -> list[tuple[str, str]]:
    """The parameters of this page without those of the display."""
    return [pair for pair in request.args.items(multi=True) if pair[0] not in shown.NAMES]


def _links(entries: Sequence[tuple[str, str]]) -> list[Link]:
    return [Link(urls.link(path), text, current=request.path == path) for path, text in entries]


def _choice(name: str, label: str, chosen: str, words: dict[str, str]) -> Choice:
    return Choice(name, label, [(value, text, value == chosen) for value, text in words.items()])


def frame() -> Frame:
    """The frame of the page under way."""
    now = display()
    pairs = _here()
    other = "en" if now.lang == "zh-CN" else "zh-CN"
    query = urls.encode([*pairs, *now.with_lang(other).params()])
    here = f"{request.script_root}{urls.path(request.path)}"
    return Frame(
        lang=now.lang,
        theme="" if now.theme == "auto" else now.theme,
        text="" if now.text == "normal" else now.text,
        keys_off=now.keys == "off",
        static=request.script_root + static.prefix(),
        home=urls.link("/"),
        here=here,
        opensearch=urls.link("/opensearch.xml"),
        nav=_links(
            [("/overview", gettext("全貌")), ("/help", gettext("检索说明"))]
        ),
        foot=_links(
            [
                ("/help", gettext("检索说明")),
                ("/accessibility", gettext("无障碍说明")),
                ("/api", gettext("数据接口")),
                ("/patterns", gettext("界面样例")),
            ]
        ),
        other=Link(here + (f"?{query}" if query else ""), "English" if other == "en" else "中文", other),
        hidden=[*pairs, *([("lang", now.lang)] if now.lang != "zh-CN" else [])],
        choices=[
            _choice("theme", gettext("配色"), now.theme, {
                "auto": gettext("跟随系统"), "light": gettext("浅色"),
                "dark": gettext("深色"), "contrast": gettext("高对比"),
            }),
            _choice("text", gettext("字号"), now.text, {
                "normal": gettext("标准"), "large": gettext("大"), "larger": gettext("特大"),
            }),
            _choice("keys", gettext("单键快捷键"), now.keys, {
                "on": gettext("开"), "off": gettext("关"),
            }),
        ],
    )  # fmt: skip
