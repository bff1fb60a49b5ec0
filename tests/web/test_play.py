"""Guessing, the seed lottery, examples, the challenge and pixels of maps, as a person uses them in a real browser."""

from __future__ import annotations

import io
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import httpx
import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from netgain.experiment.study import Study
from netgain.results.run import run
from netgain.runs.execute.options import RunOptions
from netgain.studies import CatalogueEntry
from netgain.web.page import make_app
from netgain.web.server import listening

from .conftest import CUT_OFF, WINDOW, Server, Watched, open_tab, opened, reload

# Gradio counts its requests with what pandas has given up; in this process a warning would be an error.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


@pytest.fixture(scope="module")
def served(
    digit_store: Path, small_study: Study, here: Executor, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The page, served by this process, with a study that has its verdict and networks that know digits."""
    store = Path(shutil.copy(digit_store, tmp_path_factory.mktemp("play")))
    run(small_study, 5, RunOptions(store=str(store), executor=here))
    app = make_app(str(store), entries={"small": CatalogueEntry(small_study, "Does a wider layer help?")})
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", store.parent, store)
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture
def playing(browser: Browser, served: Server) -> Iterator[Watched]:
    """The page in a new browser profile; whatever goes wrong on it fails the test."""
    context = browser.new_context(viewport=WINDOW)  # pyright: ignore[reportArgumentType]
    watched = opened(context, served)
    yield watched
    context.close()
    assert watched.problems == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_verdict_is_guessed_once_and_single_runs_are_drawn(playing: Watched) -> None:
    page = playing.page
    open_tab(page, "Guess")
    verdict, tally = page.locator("#guess-verdict"), page.locator("#guess-tally .tally")
    expect(verdict).to_contain_text("The verdict is closed")
    expect(tally).to_contain_text("You have not guessed yet")
    page.locator("#bet").click()
    expect(verdict).to_contain_text("No guess is chosen")
    better, worse = (page.locator("#guess").get_by_label(name) for name in ("better", "worse"))
    better.focus()  # by keyboard alone from here
    press(page, "Tab", "Space")
    expect(worse).to_be_checked()
    page.locator("#bet").focus()
    press(page, "Enter")
    expect(verdict).to_contain_text("You guessed: worse.")
    expect(tally).to_contain_text("of 1 right")
    said = tally.inner_text()
    better.click()
    page.locator("#bet").click()
    expect(verdict).to_contain_text("You have already guessed this verdict: worse. A second guess does not count.")
    assert tally.inner_text() == said
    expect(page.locator("#lottery")).to_contain_text("Of all 25 pairs (5 × 5 seeds)")
    page.locator("#draw-seeds").focus()
    press(page, "Enter")
    expect(page.locator("#lottery .drawn")).to_contain_text("With these two runs alone")
    expect(page.locator("#lottery svg").first).to_be_visible()
    reload(playing)  # into the same tab
    expect(verdict).to_contain_text("You guessed: worse.")  # the browser kept it


def challenge_follows_the_drawing(page: Page) -> None:
    title = page.locator("#challenge button").first
    expect(title).to_contain_text("Challenge: draw a digit that fools", timeout=30_000)
    title.focus()
    press(page, "Enter")
    page.get_by_role("button", name="example: 7").click()
    said = page.locator("#challenge-said .challenge")
    expect(said).to_contain_text(re.compile("Not yet: both say|They disagree"), timeout=30_000)
    found = re.search(r"says (\d) .*says (\d) ", said.inner_text().replace("\n", " "))
    assert found
    fooled, other = found.groups()
    page.locator("#challenge-digit input").click()
    page.get_by_role("option", name=other, exact=True).click()
    expect(said).to_contain_text("both see your" if fooled == other else "Done: your")


def test_a_cell_of_a_map_outlines_its_pixels_and_the_challenge_follows(playing: Watched) -> None:
    page = playing.page
    open_tab(page, "Draw")
    expect(page.locator("#pad .hint")).to_be_visible()
    expect(page.locator("#networks .token").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="example: 7").focus()
    press(page, "Enter")
    expect(page.locator("#answer [data-answer='7']")).to_be_visible(timeout=30_000)
    expect(page.locator("#pad .hint")).to_be_hidden()
    status, outline = page.locator("#answer [role=status]"), page.locator("#answer .outline path")
    maps = page.locator("#answer .map")
    box = maps.nth(2).bounding_box()
    assert box is not None
    cell = box["width"] / 24
    maps.nth(2).hover(position={"x": 3.5 * cell, "y": 10.5 * cell})
    expect(status).to_have_text(
        "Convolution 1, map 3, row 11, column 4 sees 5 × 5 pixels of the drawing: "
        "rows 11 to 15, columns 4 to 8, counted from 1."
    )
    expect(outline).to_have_attribute("d", "M3 10h5v5h-5z")
    page.locator("#angle input[type=range]").focus()
    page.mouse.move(0, 0)
    for _ in range(20):  # the Tab key stops once, at the first map
        press(page, "Tab")
        if page.evaluate("document.activeElement.classList.contains('map')"):
            break
    expect(status).to_contain_text("map 1, row 13, column 13")
    press(page, "ArrowUp", "ArrowLeft")
    expect(status).to_contain_text("map 1, row 12, column 12")
    expect(outline).to_have_attribute("d", "M11 11h5v5h-5z")
    press(page, *["ArrowRight"] * 13)
    expect(status).to_contain_text("map 2, row 12, column 1 ")
    challenge_follows_the_drawing(page)
    page.locator("#pad button.clear").click()
    expect(page.locator("#pad .hint")).to_be_visible()


def test_another_browser_knows_nothing_of_it_and_on_a_phone_nothing_scrolls_sideways(
    browser: Browser, served: Server
) -> None:
    context = browser.new_context(viewport={"width": 400, "height": 800}, color_scheme="dark")
    watched = opened(context, served)
    page = watched.page
    open_tab(page, "Guess")
    expect(page.locator("#guess-tally")).to_contain_text("You have not guessed yet")
    page.locator("#just-show").click()
    expect(page.locator("#guess-verdict")).to_contain_text("Opened without a guess")
    page.locator("#guess").get_by_label("worse").click()
    page.locator("#bet").click()
    expect(page.locator("#guess-verdict")).to_contain_text("You have already seen this verdict")
    expect(page.locator("#guess-tally")).to_contain_text("You have not guessed yet")
    page.locator("#draw-seeds").click()
    expect(page.locator("#lottery svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    open_tab(page, "Draw")
    expect(page.locator("#networks .token").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="example: 3").click()
    page.locator("#answer .map").first.click(timeout=30_000)
    expect(page.locator("#answer [role=status]")).to_contain_text("sees")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    context.close()
    assert watched.problems == []


def test_the_address_keeps_the_verdict_that_is_guessed(playing: Watched, served: Server) -> None:
    page = playing.page
    open_tab(page, "Guess")
    expect(page).to_have_url(f"{served.address}/?tab=guess&study=small&arm=wider")
    page.go_back()
    expect(page).to_have_url(f"{served.address}/")
    page.goto(f"{served.address}/?tab=guess&study=small")
    expect(page.locator("#guess-on input")).to_have_value("small: wider", timeout=20_000)
    expect(page.locator("#guess-question")).to_contain_text("Does a wider layer help?")
    expect(page).to_have_url(f"{served.address}/?tab=guess&study=small&arm=wider")
    playing.problems[:] = [said for said in playing.problems if not CUT_OFF.search(said)]


def test_a_link_to_a_result_has_a_preview_with_its_card(served: Server) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as client:
        page, start = client.get("/?study=small&arm=wider").text, client.get("/").text
        report = client.get("/netgain/report/small").text
        card = client.get("/netgain/card/small.png")
        assert client.get("/netgain/card/nope.png").status_code == 404
    address = f'<meta property="og:image" content="{served.address}/netgain/card/small.png">'
    assert page.count('property="og:image"') == 1
    assert address in page
    assert address in report
    assert "og:image" not in start
    assert "githubusercontent" not in page.partition("<script")[0]
    with Image.open(io.BytesIO(card.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
