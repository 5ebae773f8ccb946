"""Every kind of page and answer, and the means to look into them."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

HTML = (
    "/",
    "/search",
    "/search?q=残联",
    "/search?q=残联&province=广东&not_program=rehab&year=2015..2019&sort=newest&page=2",
    "/search?q=没有这样的词",
    "/search?q=残联&fold=0&source=none",
    "/search?family=sample-00",
    "/overview",
    "/overview?q=残联&province=广东",
    "/facets/province?q=残联",
    "/facets/source?find=日报",
    "/documents/sample-03?q=残联&n=4",
    "/documents/sample-00",
    "/documents/sample-08",
    "/documents/sample-00/family",
    "/documents/sample-07/family",
    "/documents/sample-03/original",
    "/help",
    "/accessibility",
    "/api",
    "/patterns",
)
"""Pages that are answered with 200."""

MISSING = ("/nothing-here", "/documents/none", "/documents/sample-05/original", "/facets/none",
           "/saved/none", "/documents/none/family", "/documents/none/original")  # fmt: skip

OTHER = (
    "/api/v1/search?q=残联",
    "/api/v1/documents/sample-03",
    "/api/v1/documents/sample-03/similar",
    "/api/v1/documents/sample-00/family",
    "/api/v1/documents/sample-03/explain?q=残联",
    "/api/v1/suggest?q=残",
    "/api/v1/suggest?q=残&format=opensearch",
    "/api/v1/openapi.json",
    "/export.csv?q=残联",
    "/export.jsonl?q=残联",
    "/feed.atom?q=残联",
    "/opensearch.xml",
    "/healthz",
    "/metrics",
    "/robots.txt",
    "/favicon.ico",
    "/saved/sample-03",
)


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    """A page, parsed."""
    return BeautifulSoup(client.get(address, follow_redirects=True).data, "lxml")


def one(page: Tag, selector: str) -> Tag:
    """The first element that a selector picks; there must be one."""
    found = page.select_one(selector)
    assert found is not None, f"nothing fits {selector}"
    return found


def said(page: Tag, selector: str) -> str:
    """The text of that element."""
    return one(page, selector).get_text()


def attr(tag: Tag, name: str) -> str:
    """An attribute that holds one value; it must be there."""
    return str(tag[name])


def with_lang(address: str, lang: str) -> str:

    return address + ("&" if "?" in address else "?") + f"lang={lang}"


def controls(page: BeautifulSoup) -> list[tuple[str, str]]:
    """What a browser would send when the search form is submitted: successful controls of
    the form, those that belong to it by their `form` attribute among them."""
    form = page.find("form", id="search")
    assert isinstance(form, Tag)
    found = []
    for control in page.find_all(["input", "select"]):
        inside = form in control.parents
        if not inside and control.get("form") != "search":
            continue
        if control.get("type") == "checkbox" and not control.has_attr("checked"):
            continue
        if control.get("name"):
            found.append((str(control["name"]), str(control.get("value", ""))))
    return found
