"""WCAG 2.2 AA in a real browser: by axe, and what axe does not see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, NARROW, PHONE, OpenPage
from tests.web.pages import HTML, with_lang

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PAGES = [*HTML, "/nothing-here", "/documents/none", "/documents/sample-05/original"]
KEY = ["/", "/search?q=残联&province=广东&not_program=rehab", "/overview?q=残联",
       "/documents/sample-03?q=残联&n=4", "/patterns"]  # fmt: skip
EACH = [*KEY, "/facets/province?q=残联", "/documents/sample-00/family", "/help", "/api",
        "/documents/sample-03/original", "/nothing-here"]  # fmt: skip
"""One page of each kind, for what every kind must stand."""


def mostly_soak(pages: list[str], kept: tuple[str, ...]) -> list[Any]:
    """The pages as parameters, all but the kept ones in the long run only."""
    return [p if p in kept else pytest.param(p, marks=pytest.mark.soak) for p in pages]


def violations(page: Any, axe: str) -> list[str]:
    """What axe finds, one line per element."""
    page.evaluate(axe)
    answer = page.evaluate(
        "tags => axe.run({exclude: ['iframe']}, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]


def status(path: str) -> int:
    return 404 if "none" in path.partition("?")[0] or "nothing" in path or "05" in path else 200


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, axe: str, path: str) -> None:
    page = open_page(path, expect=status(path))
    assert violations(page, axe) == []


@pytest.mark.parametrize("path", mostly_soak(PAGES, tuple(EACH)))
def test_axe_finds_nothing_in_english_on_a_dark_phone(
    open_page: OpenPage, axe: str, path: str
) -> None:
    page = open_page(
        with_lang(path, "en"), expect=status(path), viewport=PHONE, color_scheme="dark"
    )
    if page.locator("#filters > summary").is_visible():
        page.locator("#filters > summary").click()
    page.locator(".menu summary").click()
    assert violations(page, axe) == []


@pytest.mark.parametrize("path", mostly_soak(KEY, ("/patterns",)))
@pytest.mark.parametrize(
    "options",
    [{"forced_colors": "active"}, {"contrast": "more"}, {"color_scheme": "dark"}],
    ids=["forced colours", "more contrast", "dark"],
)
def test_axe_finds_nothing_in_other_colours(
    open_page: OpenPage, axe: str, path: str, options: dict[str, str]
) -> None:
    assert violations(open_page(path, **options), axe) == []


@pytest.mark.parametrize("theme", mostly_soak(["contrast", "dark", "light"], ("contrast",)))
@pytest.mark.parametrize("path", mostly_soak(KEY, ("/patterns",)))
def test_axe_finds_nothing_in_chosen_themes(
    open_page: OpenPage, axe: str, path: str, theme: str
) -> None:
    joint = "&" if "?" in path else "?"
    page = open_page(f"{path}{joint}theme={theme}&text=larger", color_scheme="dark")
    assert violations(page, axe) == []


def test_axe_finds_nothing_while_suggestions_are_open(open_page: OpenPage, axe: str) -> None:
    page = open_page("/")
    page.locator("#q").press_sequentially("残")
    page.locator("#q-list li").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert violations(page, axe) == []


@pytest.mark.parametrize("text", ["normal", "larger"])
def test_320_pixels_are_enough(open_page: OpenPage, text: str) -> None:
    """The width of 1280 pixels at 400% zoom (WCAG 1.4.10), on every page."""
    page = open_page(f"/?text={text}", viewport=NARROW)
    home = page.url.partition("?")[0].rstrip("/")
    for path in PAGES:
        page.goto(f"{home}{path}{'&' if '?' in path else '?'}text={text}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize("path", mostly_soak(KEY, (KEY[1], KEY[3])))
def test_text_spacing_does_not_cut_anything(open_page: OpenPage, path: str) -> None:
    """WCAG 1.4.12: the page stands a reader's own spacing."""
    page = open_page(path, viewport=PHONE)
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(`*{line-height:1.5!important;letter-spacing:.12em!important;
          word-spacing:.16em!important} p{margin-bottom:2em!important}`);
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cut = page.evaluate(
        """() => [...document.querySelectorAll('h1,h2,p,label,a,button,legend')].filter(e =>
        e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === 'hidden'
        && !e.classList.contains('vh')).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", mostly_soak(KEY, (KEY[1], KEY[3])))
def test_focus_is_seen_and_never_covered(
    open_page: OpenPage, path: str, viewport: dict[str, int]
) -> None:
    page = open_page(path, viewport=viewport)
    seen = set()
    for _ in range(250):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const e = document.activeElement;
            if (!e || e === document.body) return null;
            const shown = e.matches('svg a') ? e.querySelector('rect, path') : e;
            const style = getComputedStyle(e), shape = getComputedStyle(shown);
            const box = shown.getBoundingClientRect();
            const points = [[.5, .5], [.2, .5], [.8, .5]].map(([x, y]) => document.elementFromPoint(
              box.left + box.width * x, box.top + box.height * y));
            const free = points.some(p => p && (p === e || e.contains(p) || p.contains(e)
              || [...(e.labels || [])].some(l => l.contains(p))));
            const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
              || (e.matches('svg a') && parseFloat(shape.strokeWidth) >= 2);
            e.dataset.stop ??= String(Math.random());
            return { id: e.dataset.stop, free, ring, html: e.outerHTML.slice(0, 120) }; }"""
        )
        if stop is None or stop["id"] in seen:
            break
        seen.add(stop["id"])
        assert stop["ring"], f"no visible focus: {stop['html']}"
        assert stop["free"], f"focus is covered: {stop['html']}"
    assert len(seen) > 8


def test_skip_links_come_first_and_lead_on(open_page: OpenPage) -> None:
    page = open_page("/search?q=残联")
    names = []
    for _ in range(3):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.textContent"))
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert names == ["跳到主要内容", "跳到结果", "跳到筛选"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"


def test_less_motion_is_respected(open_page: OpenPage) -> None:
    page = open_page("/search?q=残联", reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(e => {
        const s = getComputedStyle(e);
        return parseFloat(s.transitionDuration) > 0 || s.animationName !== 'none'; }).length"""
    )
    assert moving == 0


def test_printing_leaves_the_tools_out(open_page: OpenPage) -> None:
    page = open_page("/documents/sample-03?q=残联&n=4")
    page.emulate_media(media="print")
    assert not page.locator("form#search").is_visible()
    assert not page.locator(".top nav").is_visible()
    assert page.locator("article h1").is_visible()


@pytest.mark.parametrize("path", ["/", "/search?q=残联", "/documents/sample-03?q=残联&n=4"])
def test_nothing_moves_while_loading(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    shift = page.evaluate(
        """() => new Promise(done => { let sum = 0;
        new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; })
          .observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 300); })"""
    )
    assert shift == 0


@pytest.mark.parametrize("path", KEY)
def test_targets_are_24_pixels(open_page: OpenPage, path: str) -> None:
    """WCAG 2.5.8, stricter than its exceptions allow: only links within a sentence, and the
    bars of the histogram (the from–to boxes do the same), may be smaller."""
    page = open_page(path, viewport=PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a[href],button,input,select,summary')].filter(e => {
        if (!e.checkVisibility({ visibilityProperty: true }) || e.type === 'hidden') return false;
        if (e.closest('.hist, .skip, .meta, p, li:not(.facet li), dd, .because, nav.bar, .foot'))
          if (!e.matches('button, .chip')) return false;
        const box = (e.labels?.[0] && e.type === 'checkbox' ? e.labels[0] : e).getBoundingClientRect();
        return box.width < 24 || box.height < 24; }).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert small == []
