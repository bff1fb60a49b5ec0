"""The page and a report for people who see little, or use the keyboard alone: axe-core's rules, and the tab key."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import Server, Watched, opened

GRAVE = {"serious", "critical"}
READY = {
    "verdicts": "#catalogue table", "guess": "#bet", "run": "#start-study", "draw": "#networks .token",
    "generate": "#walk-digits .digits", "fractions": "#estimate", "neuron": "#neuron svg",
    "lessons": "#lesson-picture svg",
}  # fmt: skip
MARK = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length
    && !one.closest("[aria-hidden=true]");
  const seen = (one) => shown(one) && !one.disabled;
  const all = [...document.querySelectorAll("a[href], button, input, textarea, summary, canvas, iframe")].filter(seen);
  all.forEach((one, place) => { one.dataset.place = place; });
  return all.map((one) => one.outerHTML.slice(0, 120));
}"""
# A group of radio buttons is one stop of the tab key; tokens are also removed with the backspace key.
NOT_STOPS = re.compile(r'type="radio"|type="file"|token-remove|remove-all')


def grave_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['impact']} {each['id']}: {[node['html'][:150] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in GRAVE
    ]


@pytest.fixture(scope="module")
def dark_page(browser: Browser, server: Server):
    """One dark page for all tests of this module."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme="dark")
    watched = opened(context, server)
    watched.page.add_style_tag(content="* { transition: none !important; }")  # or axe meets colours on their way
    yield watched
    context.close()
    assert watched.problems == []


@pytest.mark.parametrize("tab", READY)
def test_no_tab_violates_a_rule_and_the_keyboard_reaches_all_of_it(dark_page: Watched, tab: str) -> None:
    page = dark_page.page
    page.locator(f"#tabs > .tab-wrapper [role=tab][data-tab-id={tab}]").press("Enter")
    expect(page.locator(READY[tab]).first).to_be_visible(timeout=60_000)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
        assert grave_violations(page) == [], scheme
    page.emulate_media(color_scheme="dark")
    assert missed_by_the_tab_key(page) == []


def missed_by_the_tab_key(page: Page) -> list[str]:
    wanted = page.evaluate(MARK)
    assert len(wanted) > 5
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(len(wanted) + 15):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.place"))
    return [one for place, one in enumerate(wanted) if str(place) not in reached and not NOT_STOPS.search(one)]


def test_a_digit_is_drawn_by_keyboard(dark_page: Watched) -> None:
    page = dark_page.page
    page.locator("#tabs > .tab-wrapper [role=tab][data-tab-id=draw]").press("Enter")
    expect(page.locator("#networks .token").first).to_be_visible(timeout=30_000)
    canvas = page.locator("#pad canvas")
    for key in ["Space", *["ArrowDown"] * 20, "Space"]:
        canvas.press(key)
    expect(page.locator("#answer [data-answer='1']")).to_be_visible(timeout=30_000)


def test_a_number_is_written_by_keyboard_in_the_wide_field(dark_page: Watched) -> None:
    page = dark_page.page
    page.locator("#tabs > .tab-wrapper [role=tab][data-tab-id=draw]").press("Enter")
    expect(page.locator("#number-pad")).to_be_hidden()
    page.get_by_role("radio", name="A number").check()
    expect(page.locator("#readers .token").first).to_be_visible(timeout=30_000)
    expect(page.locator("#pad")).to_be_hidden()
    canvas = page.locator("#number-pad canvas")
    for key in ["Space", *["ArrowDown"] * 12, "Space", *["ArrowRight"] * 8, "Space", *["ArrowUp"] * 12, "Space"]:
        canvas.press(key)
    expect(page.locator("#reading section")).to_be_visible(timeout=30_000)
    expect(page.locator("#reading .line img")).to_be_visible()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
        assert grave_violations(page) == [], scheme
    page.emulate_media(color_scheme="dark")
    assert missed_by_the_tab_key(page) == []
    page.get_by_role("radio", name="A digit").check()
    expect(page.locator("#pad canvas")).to_be_visible()


def test_a_narrow_window_and_a_report_violate_no_rule(dark_page: Watched, server: Server) -> None:
    page = dark_page.page
    page.set_viewport_size({"width": 400, "height": 800})
    page.locator("#tabs > .tab-wrapper [role=tab][data-tab-id=lessons]").press("Enter")
    expect(page.locator("#lesson-picture svg").first).to_be_visible()
    assert grave_violations(page) == []
    report = page.context.new_page()
    report.goto(f"{server.address}/netgain/report/slow-learning")
    expect(report.locator("h1")).to_be_visible(timeout=60_000)
    assert grave_violations(report) == []
