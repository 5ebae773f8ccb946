"""Pages made for tests: an article of our own in the markup of various systems."""

from __future__ import annotations

TITLE = "山里来了轮椅维修车"
PARAGRAPHS = (
    "为了让住在山区的残疾人少跑路，县残联把辅助器具维修车开进了乡镇，当天就修好了二十多辆轮椅。",
    "维修车上备有轮胎、刹车和电池等常用配件，技术人员一边修理，一边教使用者怎样做日常的保养。",
    "县残联有关负责人说，今后每个季度都会安排一次巡回服务，并把日程提前张贴在各村的公示栏里。",
)
BODY = "\n".join(PARAGRAPHS)
ARTICLE = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)

NAVIGATION = (
    "<ul class='nav'>"
    + "".join(
        f"<li><a href='/c{n}/'>{name}</a></li>"
        for n, name in enumerate(
            ["首页", "机构概况", "新闻动态", "信息公开", "办事服务", "政民互动"]
        )
    )
    + "</ul>"
)
RELATED = (
    "<div class='related'><h3>相关阅读</h3><ul>"
    + "".join(
        f"<li><a href='/a{n}.html'>另一条完全无关的新闻标题第{n}条</a></li>" for n in range(8)
    )
    + "</ul></div>"
)
FOOTER = (
    "<div class='footer'><p>主办：某县残疾人联合会　版权所有</p><p>闽ICP备00000000号-1</p>"
    "<p>地址：某县某路1号　邮编：000000</p></div>"
)
LEAKS = ("机构概况", "无关的新闻标题", "ICP备", "版权所有", "扫一扫", "字号")


def page(
    article: str = ARTICLE,
    *,
    container: str = "<div>{}</div>",
    title: str = f"{TITLE}_某县残疾人联合会",
    head: str = "",
    dateline: str = "发布时间：2021-05-14 09:30　来源：某县融媒体中心　字号：[大 中 小]",
    headline: str = f"<h1>{TITLE}</h1>",
) -> str:
    """A whole page around `article`."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}"
        "<script>var menu = '<p>不是正文</p>';</script></head><body>"
        f"<div class='top'>{NAVIGATION}</div><div class='main'>{headline}"
        f"<div class='info'>{dateline}</div>{container.format(article)}"
        "<div class='share'>分享到：<a href='#'>微信</a> 扫一扫在手机打开当前页</div>"
        f"{RELATED}</div>{FOOTER}</body></html>"
    )


def list_page(items: int = 20) -> str:
    """The index of a column: headlines with dates and nothing else."""
    rows = "".join(
        f"<li><a href='/t2021051{n % 10}_{n}.html'>第{n}条新闻的标题，说的是一件别的事情</a>"
        f"<span>2021-05-{n % 28 + 1:02d}</span></li>"
        for n in range(items)
    )
    return (
        "<html><head><title>新闻动态_某县残疾人联合会</title></head><body>"
        f"{NAVIGATION}<div class='content'><ul class='list'>{rows}</ul>"
        "<div class='page'>共20页 <a href='2.html'>下一页</a></div></div>"
        f"{FOOTER}</body></html>"
    )
