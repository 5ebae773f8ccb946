"""What people do, from the first word to the citation: by pointer, by keyboard, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, OpenPage, serve
from tests.web.test_security import PAYLOADS, poisoned_service

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with js", "without js"])
LANGUAGES = pytest.mark.parametrize("lang", ["zh-CN", "en"])

WORDS = {
    "zh-CN": {"search": "检索", "province": "广东", "filters": "筛选", "apply": "应用筛选",
              "next": "下一篇", "back": "回到检索结果", "original": "看保存的原网页"},
    "en": {"search": "Search", "province": "Guangdong", "filters": "Filters",
           "apply": "Apply filters", "next": "Next document", "back": "Back to results",
           "original": "Saved original"},
}  # fmt: skip


@SIZES
@SCRIPTS
@LANGUAGES
def test_search_narrow_read_and_go_back(
    open_page: OpenPage, viewport: dict[str, int], scripts: bool, lang: str
) -> None:
    words = WORDS[lang]
    page = open_page(f"/?lang={lang}", viewport=viewport, java_script_enabled=scripts)
    page.locator("#q").fill("残联")
    page.get_by_role("button", name=words["search"], exact=True).click()
    page.wait_for_url(re.compile("/search"))
    assert "46" in page.locator("#summary").inner_text()

    if not page.locator("#facet-province").is_visible():
        page.locator("#filters > summary").click()
    page.locator("#facet-province").get_by_label(words["province"]).check()
    if not scripts:
        page.get_by_role("button", name=words["apply"]).click()
    page.wait_for_url(re.compile("province="))
    page.get_by_role("link", name=words["province"]).first.wait_for()
    assert page.locator(".chip").first.inner_text().endswith(words["province"])
    assert f"lang={lang}" in page.url or lang == "zh-CN"

    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(re.compile("/documents/"))
    assert page.locator(".body mark").count() >= 1
    page.get_by_role("link", name=words["next"]).click()
    page.wait_for_url(re.compile("n=2"))
    page.get_by_role("link", name=words["original"]).click()
    page.wait_for_url(re.compile("/original"))
    page.go_back()
    page.get_by_role("link", name=words["back"]).click()
    page.wait_for_url(re.compile("/search"))
    assert page.locator("#hit-2").is_visible()


def test_the_whole_job_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("残")
    page.locator("#q-list li").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator("#q").get_attribute("aria-activedescendant") == "q-option-0"
    assert page.locator("#q").input_value() == "残疾人"
    page.keyboard.press("Escape")
    assert page.locator("#q").input_value() == "残"
    page.keyboard.type("联")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))

    tab_to(page, "input[name=province][value=广东]")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("province="))
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("document.activeElement.value") == "广东"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#facet-province') !== null")

    tab_to(page, "ol.hits h2 a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/documents/"))
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    page.keyboard.press("n")
    page.keyboard.press("p")
    assert page.locator("[data-marks] output").inner_text() == "第 1 处，共 1 处"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never came to {selector}")


def test_shortcuts_can_be_turned_off(open_page: OpenPage) -> None:
    """WCAG 2.1.4."""
    page = open_page("/?keys=off")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"


def test_results_change_in_place(open_page: OpenPage) -> None:
    page = open_page("/search?q=残联")
    page.evaluate("window.sameWindow = true")
    box = page.locator("#facet-program").get_by_label("消费帮扶")
    box.focus()
    box.press("Space")
    page.wait_for_url(re.compile("program=consumption"))
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("window.sameWindow")
    assert page.evaluate("document.activeElement.value") == "consumption"
    expect(page.locator("#say")).to_contain_text("条")
    narrowed = page.locator("#summary").inner_text()

    page.locator("#q").fill("协作")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "program=consumption" in url and "%E5%8D%8F" in url)
    expect(page.locator("#summary")).to_contain_text("协作")

    page.go_back()
    expect(page.locator("#summary")).to_have_text(narrowed)
    assert page.locator("#q").input_value() == "残联"
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("window.sameWindow")
    page.reload()
    assert page.locator("#summary").inner_text() == narrowed


def test_years_exclusions_and_pages_in_place(open_page: OpenPage) -> None:
    page = open_page("/search?q=残联")
    page.evaluate("window.sameWindow = true")
    page.locator("#year_from").fill("2015")
    page.locator("#year_to").fill("2018")
    page.locator("#year_to").press("Enter")
    page.wait_for_url(re.compile(r"year=2015\.\.2018"))
    page.locator("#facet-province button[value=广东]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("not_province="))
    expect(page.locator(".chip.not")).to_have_count(1)
    # The button is gone; whoever uses a keyboard goes on at the results.
    expect(page.locator("#results")).to_be_focused()
    page.locator("#page-next").click()
    page.wait_for_url(re.compile("page=2"))
    page.locator(".chip", has_text="年份").click()
    page.wait_for_url(lambda url: "year=" not in url)
    assert page.evaluate("window.sameWindow")


def test_a_network_failure_falls_back_to_loading(open_page: OpenPage) -> None:
    page = open_page("/search?q=残联")
    failed: list[int] = []

    def once(route: Any) -> None:
        if not failed and route.request.resource_type == "xhr":
            failed.append(1)
            route.abort()
        else:
            route.continue_()

    page.route("**/search?*", once)
    page.locator("#facet-program").get_by_label("消费帮扶").check()
    page.wait_for_url(re.compile("program=consumption"))
    assert failed
    open_page.complaints.clear()  # type: ignore[attr-defined]


def test_suggestions_are_quiet_while_composing(open_page: OpenPage) -> None:
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "suggest" in r.url else None)
    page.locator("#q").focus()
    page.evaluate(
        """() => { const q = document.getElementById('q');
        q.dispatchEvent(new CompositionEvent('compositionstart'));
        for (const text of ['c', 'ca', 'can', '残']) { q.value = text;
          q.dispatchEvent(new InputEvent('input', { isComposing: true })); } }"""
    )
    page.wait_for_timeout(400)
    assert asked == []
    page.evaluate(
        "document.getElementById('q').dispatchEvent(new CompositionEvent('compositionend'))"
    )
    page.locator("#q-list li").first.wait_for()
    assert len(asked) == 1


def test_a_suggestion_is_taken_by_pointer(open_page: OpenPage) -> None:
    page = open_page("/")
    box = page.locator("#q")
    box.press_sequentially("残")
    page.get_by_role("option", name="残联").click()
    page.wait_for_url(re.compile("/search"))
    assert page.locator("#q").input_value() == "残联"
    assert box.get_attribute("role") == "combobox"
    assert box.get_attribute("aria-expanded") == "false"


def test_screen_readers_hear_how_many_suggestions(open_page: OpenPage) -> None:
    page = open_page("/?lang=en")
    page.locator("#q").press_sequentially("残")
    expect(page.locator("#say")).to_contain_text("3 suggestions")


def test_recent_searches_stay_in_the_browser(open_page: OpenPage) -> None:
    page = open_page("/")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url))
    page.locator("#q").fill("残疾人 就业")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    page.goto(page.url.split("/search")[0] + "/")
    assert page.context.cookies() == []
    sent.clear()
    page.locator("#q").click()
    page.get_by_role("option", name="残疾人 就业").wait_for()
    assert [url for url in sent if "/static/" not in url] == []
    page.get_by_role("option", name="清除记录").click()
    assert page.evaluate("localStorage.length") == 0


def test_display_choices_apply_and_stay(open_page: OpenPage) -> None:
    page = open_page("/search?q=残联", java_script_enabled=False)
    page.locator(".menu summary").click()
    page.locator("select[name=theme]").select_option("dark")
    page.locator("select[name=text]").select_option("larger")
    page.locator(".menu button").click()
    page.wait_for_url(re.compile("theme=dark"))
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(re.compile("/documents/"))
    assert page.locator("html").get_attribute("data-text") == "larger"
    page.get_by_role("link", name="English").click()
    page.wait_for_url(re.compile("lang=en"))
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_cell_of_each_chart_narrows(open_page: OpenPage) -> None:
    for section, expected in (("map", "province="), ("pairs", "pair="), ("years", "program=")):
        page = open_page("/overview?q=残联")
        page.locator(f"section:has(#h-{section}) svg a").first.click()
        page.wait_for_url(re.compile(expected))
        assert page.locator(".chip").count() >= 1


def test_the_citation_can_be_copied(open_page: OpenPage) -> None:
    page = open_page("/documents/sample-04", permissions=["clipboard-read", "clipboard-write"])
    # Only a page in front may write to the clipboard; a busy machine takes its time.
    page.bring_to_front()
    page.get_by_role("button", name="复制").click()
    expect(page.locator("#say")).to_have_text("已复制", timeout=20_000)
    expect(page.locator("button[data-copy]")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#cite").inner_text()


def test_a_saved_page_runs_nothing(open_page: OpenPage) -> None:
    page = open_page("/documents/sample-03/original")
    frame = page.frame_locator("iframe.frame")
    assert "招聘会" in frame.locator("p").inner_text()
    assert page.locator("iframe.frame").get_attribute("sandbox") == ""


def test_a_saved_page_runs_nothing_on_its_own_address(open_page: OpenPage) -> None:
    page = open_page("/saved/sample-03")
    assert "ran" not in page.locator("body").inner_text().split()
    assert "招聘会" in page.locator("p").inner_text()
    open_page.complaints.clear()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def poisoned() -> Iterator[str]:
    yield from serve(poisoned_service())


def test_planted_scripts_never_run(open_page: OpenPage, poisoned: str) -> None:
    from urllib.parse import quote

    page = open_page("/search?q=残联&fold=0", base=poisoned)
    dialogs: list[str] = []

    def note(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    links = page.evaluate("[...document.querySelectorAll('ol.hits h2 a')].map(a => a.href)")
    assert len(links) == len(PAYLOADS)
    targets = [poisoned + "/", poisoned + "/overview", poisoned + "/facets/source", *links]
    targets += [f"{poisoned}/search?q={quote(bad)}&source={quote(bad)}" for bad in PAYLOADS]
    for target in targets:
        response = page.goto(target)
        assert response is not None
        assert response.ok, target
    page.goto(poisoned + "/")
    page.locator("#q").press_sequentially("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    page.goto(poisoned + "/")
    page.locator("#q").click()
    page.wait_for_timeout(200)
    assert dialogs == []


def test_no_request_leaves_the_site(open_page: OpenPage) -> None:
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    home = page.url.rstrip("/")
    for path in ("/", "/search?q=残联", "/overview", "/documents/sample-03?q=残联", "/patterns"):
        page.goto(home + path)
    assert asked
    assert all(url.startswith(home) for url in asked)
