"""Make hijacked pages out of clean ones, the way spammers rewrite a site they took over.

    every occurrence of one word (an office, a leader, a place, a common noun) is replaced
    by a brand, in the body and in the title; some pages also get the brand as their title
    line, or extra brands between sentences.

Brands, words and documents each come in two halves. Rules and weights may be made with the
development half; the held-out one decides. data/brands.txt and data/words.txt have the
names; a hash says which half one belongs to, but what is marked "seen" is development.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.document import Document

DATA = Path(__file__).with_name("data")
TAILS = ("", "", "", "官网", "-下载", "(中国)官方网站", "|登录", "_手机版-下载|投注@", "APP下载")
SLOGANS = (
    "-人生就是博中国官方网站",
    "官网_手机版-下载|投注@",
    "(中国)有限公司官网",
    "-最新网址入口",
    "·全站APP下载",
)
LINES = (
    "{0}官网",
    "{0}-首页",
    "{0}登录入口",
    "{0}手机网页版",
    "{0}客户端下载",
    "{0}唯一官网入口",
    "{0}首页(欢迎您)",
    "{0}平台-值得信赖",
    "{0}app官方下载",
    "{0}在线官网_{0}平台",
    "{0}官网注册-{0}登录",
    "{0}电脑版下载",
    "{0}网页版登录",
    "{0}官方网站",
    "{0}最新官方入口",
    "{0}(官方)APP下载安装",
    "{0}官网-{1}",
    "{0}注册_{1}",
    "{1}-{0}官网",
    "{1}_{0}登录",
    "{1}|{0}手机版",
    "{0}:{1}",
    "{1}-{0}",
    "{0}",
)
"""Other title lines of such sites, {1} is the page's own; each belongs to a half."""


def in_half(text: str, half: str) -> bool:
    """Whether a brand, a word or the id of a document belongs to a half ("dev", "held_out")."""
    return (zlib.crc32(text.encode()) % 2 == 1) == (half == "held_out")


def listed(name: str, half: str) -> dict[str, list[str]]:
    """Group → its members in a half, from one of the files of data/."""
    groups: dict[str, list[str]] = {}
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        group, members = line.split(": ", 1)
        seen = group.startswith("seen")
        chosen = [one for one in members.split() if (half == "dev" if seen else in_half(one, half))]
        groups.setdefault(group.removeprefix("seen-"), []).extend(chosen)
    return {group: members for group, members in groups.items() if members}


@dataclass(frozen=True)
class Hijacked:
    """A made page and the truth about it: `word` became `brand`; `kind` of the word,
    `family` of the brand, `style` of the page, `count` of places."""

    document: Document
    brand: str
    word: str
    kind: str
    family: str
    style: str
    count: int


def archive(shared: Path) -> list[Document]:
    """The clean documents."""
    documents = []
    with gzip.open(shared / "gold/retrieval/archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            documents.append(
                Document(id=one["id"], path="", title=one["title"] or "", text=one["text"],
                         date=one["date"], source=one["source"])
            )  # fmt: skip
    return documents


def half_of(documents: Sequence[Document], half: str) -> list[Document]:
    """The documents of a half."""
    return [document for document in documents if in_half(document.id, half)]


def hijack(
    document: Document, word: str, brand: str, rng: random.Random, *, kind: str = "",
    family: str = "", lines: Sequence[str] = (),
) -> Hijacked:  # fmt: skip
    """Replace a word everywhere; half of the pages get a spam title line or insertions, or all
    one of the title `lines`."""
    style = "line" if lines else rng.choice(("plain", "plain", "title", "inserted"))
    text = document.text.replace(word, brand)
    title = document.title.replace(word, brand)
    if style == "title":
        title = brand.rstrip(":") + rng.choice(SLOGANS)
    elif style == "line":
        title = rng.choice(lines).format(brand.rstrip(":"), title)
    elif style == "inserted":
        stops = [found.end() for found in re.finditer("[。；]", text)]
        for at in sorted(rng.sample(stops, min(2, len(stops))), reverse=True):
            text = text[:at] + brand.rstrip(":") + rng.choice(TAILS) + text[at:]
    changed = document.replace(id="h-" + document.id, text=text, title=title)
    return Hijacked(changed, brand, word, kind, family, style, document.text.count(word))


def pages(
    documents: Sequence[Document], half: str, *, count: int, seed: int, least: int = 3,
    families: Sequence[str] = (), brands_of: str = "", lines: Sequence[str] = (),
) -> Iterator[Hijacked]:  # fmt: skip
    """`count` hijacked pages from documents of a half; kinds of words and families of brands
    in turn (of `families`, where given), each document at most once; brands of the half
    `brands_of`, where given; `lines` as for `hijack`."""
    rng = random.Random(seed)
    pool = half_of(documents, half)
    rng.shuffle(pool)
    words, brands = listed("words.txt", half), listed("brands.txt", brands_of or half)
    kinds = list(words)
    groups = [group for group in brands if not families or group in families]
    made = 0
    for document in pool:
        if made == count:
            return
        kind = kinds[made % len(kinds)]
        fit = [word for word in words[kind] if document.text.count(word) >= least]
        if fit:
            # The longest first: 人民政府 rather than the 政府 inside it.
            word = max(rng.sample(fit, min(2, len(fit))), key=len)
            family = groups[(made // len(kinds)) % len(groups)]
            brand = rng.choice(brands[family])
            yield hijack(document, word, brand, rng, kind=kind, family=family, lines=lines)
            made += 1
