"""The tab Generate as a person uses it in a real browser: with the mouse, by keyboard, and as a game."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from .conftest import CUT_OFF, WINDOW, Server, Watched, opened, reload


@pytest.fixture
def generating(browser: Browser, server: Server) -> Iterator[Watched]:
    """The tab in a new browser profile; whatever goes wrong on it fails the test."""
    context = browser.new_context(viewport=WINDOW)  # pyright: ignore[reportArgumentType]
    watched = opened(context, server, "?tab=generate")
    yield watched
    context.close()
    assert watched.problems == []


def test_mouse_and_keyboard_walk_between_vectors_and_the_address_keeps_the_place(
    generating: Watched, server: Server
) -> None:
    page = generating.page
    digits, pad = page.locator("#walk-digits .digits"), page.locator(".walk-pad")
    expect(digits).to_have_attribute("data-at", "0.500 0.500", timeout=60_000)
    expect(page.locator("#walk-map img")).to_be_visible()
    assert digits.locator("img").count() == 10
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"], steps=5)
    expect(digits).to_have_attribute("data-at", re.compile(r"0\.2[45]\d 0\.7[45]\d"))
    page.mouse.move(0, 0)
    pad.focus()
    page.keyboard.press("ArrowRight")
    expect(digits).to_have_attribute("data-at", re.compile(r"0\.2[89]\d 0\.7[45]\d"))
    expect(page).to_have_url(re.compile(r"x=0\.2[89]"))
    place = digits.get_attribute("data-at")
    images = digits.inner_html()
    reload(generating)
    expect(digits).to_have_attribute("data-at", str(place), timeout=30_000)
    assert digits.inner_html() == images
    page.locator("#walk-again").click()
    expect(page).to_have_url(re.compile("corners="))
    page.goto(f"{server.address}/?tab=generate&x=7")
    expect(page.locator("#address-problem")).to_contain_text("x must be a number from 0 to 1")
    generating.problems[:] = [said for said in generating.problems if not CUT_OFF.search(said)]


def test_the_game_counts_and_the_browser_keeps_the_score_on_a_phone_too(generating: Watched) -> None:
    page = generating.page
    page.set_viewport_size({"width": 400, "height": 800})
    expect(page.locator("#walk-digits .digits")).to_be_visible(timeout=60_000)
    page.get_by_label("Real or generated?").check()
    expect(page.locator("#walk-digits")).to_be_hidden()
    tally = page.locator("#game-tally .tally")
    expect(tally).to_contain_text("No image is answered yet in this browser.")
    expect(tally).to_contain_text("AUC 0.875 ± 0.022")
    for number, button in enumerate(("#say-real", "#say-generated"), 1):
        page.locator(button).focus()
        page.keyboard.press("Enter")
        expect(tally).to_contain_text(f"of {number} right")
        expect(page.locator("#game-said")).to_contain_text(re.compile("(Right|Wrong): this one was (real|generated)"))
    said = tally.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    reload(generating)
    expect(tally).to_have_text(re.compile("of 2 right"), timeout=30_000)
    assert tally.inner_text() == said
