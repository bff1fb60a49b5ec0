"""The page's address: it keeps what is shown, the browser's buttons work, and an address that is wrong is told so."""

from __future__ import annotations

import re
from concurrent.futures import Executor
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from netgain.experiment.study import Study
from netgain.results.run import run
from netgain.runs.execute.options import RunOptions
from netgain.studies import CatalogueEntry
from netgain.web.address import AddressError, link, number_in, one_of
from netgain.web.guess import named_verdict
from netgain.web.preview import preview_tags
from netgain.web.run import started_by_row
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf
from netgain.web.study_view import study_view
from netgain.web.verdicts import ALL, catalogue_table

from .conftest import Server, Watched, open_tab, opened, reload

TABS = ("Verdicts", "Run", "Draw", "Fractions", "Neuron", "Lessons")


def expect_tab(page: Page, name: str) -> None:
    expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")


def test_the_address_follows_the_tabs_and_back_returns(watched: Watched, server: Server) -> None:
    page = watched.page
    places = set()
    for name in TABS[1:]:
        open_tab(page, name)
        expect_tab(page, name)
        expect(page).to_have_url(f"{server.address}/?tab={name.lower()}")
        box = page.get_by_role("tab", name="Run", exact=True).bounding_box()
        assert box is not None
        places.add((box["x"], box["y"], box["width"]))
    assert len(places) == 1  # the tab bar stands still
    page.go_back()
    expect_tab(page, "Neuron")
    page.go_back()
    expect_tab(page, "Fractions")
    page.go_forward()
    expect_tab(page, "Neuron")


def test_a_slider_stays_over_a_reload(watched: Watched, server: Server) -> None:
    page = watched.page
    open_tab(page, "Neuron")
    slider = page.locator("#weight-0 input[type=number]")
    slider.fill("5")
    slider.press("Enter")
    expect(page).to_have_url(f"{server.address}/?tab=neuron&w1=5")
    expect(page.locator("#neuron svg").first).to_be_visible(timeout=60_000)
    reload(watched)
    expect_tab(page, "Neuron")
    expect(slider).to_have_value("5", timeout=20_000)
    expect(page.locator("#weight-1 input[type=number]")).to_have_value("3")
    page.go_back()  # the value replaced the tab's own address: one step leads out of the tab
    expect_tab(page, "Verdicts")


def test_a_row_of_the_catalogue_leads_to_its_study(watched: Watched, server: Server) -> None:
    page = watched.page
    page.locator("#catalogue tr", has_text="early-stopping").get_by_role("link", name="set it up").press("Enter")
    expect(page).to_have_url(f"{server.address}/?tab=run&study=early-stopping")
    expect(page.locator("#study input")).to_have_value("early-stopping")
    page.go_back()
    demonstration = page.locator("#catalogue tr", has_text="slow-learning")
    open_tab(page, "Verdicts")
    for _ in range(60):  # demonstrations without networks are examined once the server has time
        if "hold" in demonstration.inner_text():
            break
        page.locator("#look-again").click()
        page.wait_for_timeout(1000)
    expect(demonstration).to_contain_text("3 of 3 statements hold")
    demonstration.get_by_role("link", name="slow-learning").press("Enter")
    report = page.frame_locator("#opened iframe")
    expect(report.locator("h1").first).to_contain_text("learn", timeout=60_000)
    expect(page.locator("#overview")).to_be_hidden()
    page.get_by_role("link", name="All verdicts").press("Enter")
    expect(page.locator("#overview")).to_be_visible()
    expect(page).to_have_url(f"{server.address}/")


def test_one_press_on_a_row_of_the_catalogue_starts_its_study(watched: Watched, server: Server) -> None:
    page = watched.page
    row = page.locator("#catalogue tr", has_text="early-stopping")
    row.locator("td").nth(1).click(force=True)  # anywhere in the row: its link lies over it
    expect(page).to_have_url(f"{server.address}/?tab=run&study=early-stopping")
    expect(page.locator("#live")).to_contain_text("early-stopping", timeout=30_000)
    page.go_back()
    row.get_by_role("link", name="Start early-stopping with 5 seeds").press("Enter")
    expect(page.locator("#run-message")).to_contain_text("It has been started already.")
    page.locator("#stop").click()
    expect(page.locator("#live")).to_contain_text("stopped", timeout=30_000)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?tab=verdicts&study=dropuot", "there is no study 'dropuot'; did you mean 'dropout'?"),
        ("?tab=draw&angle=200", "angle must be a number from -90 to 90; the address asks for '200'."),
        ("?tab=draw&what=numbre", "there is no drawing 'numbre'; did you mean 'number'?"),
        ("?tab=lotery", "there is no tab 'lotery'."),
        ("?tab=guess&study=dropuot", "there is no study 'dropuot'; did you mean 'dropout'?"),
        ("?tab=guess&study=early-stopping", "the study 'early-stopping' has no verdict to guess here; measure it"),
    ],
)
def test_an_address_that_is_not_there_gets_one_message(
    profile: BrowserContext, server: Server, query: str, said: str
) -> None:
    watched = opened(profile, server, query)
    alert = watched.page.get_by_role("alert")
    expect(alert).to_contain_text(said, timeout=20_000)
    expect(alert).to_have_count(1)
    watched.page.get_by_role("link", name="Show all verdicts").click()
    expect(alert).to_have_count(0)
    expect(watched.page.locator("#catalogue table")).to_be_visible(timeout=20_000)
    watched.page.close()
    assert watched.problems == []


@pytest.mark.parametrize("text", ["91", "-1e9", "nan", "five", ""])
def test_numbers_that_a_slider_cannot_show_are_refused(text: str) -> None:
    with pytest.raises(AddressError, match="angle must be a number from -90 to 90; the address asks for"):
        number_in("angle", -90, 90)(text)
    assert number_in("angle", -90, 90)("-90") == -90


def test_names_that_are_not_there_get_the_nearest_one() -> None:
    with pytest.raises(AddressError, match="there is no lesson 'Dropuot'; did you mean 'Dropout'"):
        one_of("lesson", ["Dropout", "Momentum"])("Dropuot")
    assert one_of("lesson", ["Dropout"])("Dropout") == "Dropout"


@pytest.fixture(scope="module")
def two_arms(small_study: Study, tmp_path_factory: pytest.TempPathFactory, here: Executor) -> tuple[Shelf, Runner]:
    """A store with a study of two judged arms, and a catalogue that has another one besides."""
    arms = {"wider": small_study.arms["wider"], "8 <neurons>": small_study.baseline.change("network.hidden", [8])}
    study, store = small_study.with_arms(arms), tmp_path_factory.mktemp("arms") / "netgain.db"
    run(study, 2, RunOptions(store=store, executor=here))
    other = small_study.change("name", "other").change_recipes("epochs", 2)
    entries = {each.name: CatalogueEntry(each, "Does it help?") for each in (study, other)}
    return Shelf(str(store), entries), Runner(str(store), read_only=True)


def test_an_arm_of_the_address_is_told_before_the_report(two_arms: tuple[Shelf, Runner]) -> None:
    whole, of_arm = study_view(*two_arms, "small"), study_view(*two_arms, "small", "8 <neurons>")
    assert "headline" not in whole
    assert of_arm.count('class="headline"') == 1
    assert "8 &lt;neurons&gt;:" in of_arm
    assert "<neurons>" not in of_arm
    assert link("verdicts", study="small", arm="8 <neurons>").replace("&", "&amp;") in whole
    with pytest.raises(AddressError, match="the study 'small' has no arm 'widr'; did you mean 'wider'"):
        study_view(*two_arms, "small", "widr")
    with pytest.raises(AddressError, match="there is no study 'smal'; did you mean 'small'"):
        study_view(*two_arms, "smal")


def test_a_study_that_is_not_measured_says_how_to(two_arms: tuple[Shelf, Runner], tmp_path: Path) -> None:
    shelf, read_only = two_arms
    assert "netgain study other" in study_view(shelf, read_only, "other")
    assert "in the tab Run" not in study_view(shelf, read_only, "other")
    assert "in the tab Run" in study_view(shelf, Runner(str(tmp_path / "netgain.db")), "other")


def test_rows_of_the_catalogue_lead_to_what_is_known(two_arms: tuple[Shelf, Runner]) -> None:
    shelf, runner = two_arms
    table = catalogue_table(shelf, runner, shelf.results(), ALL)
    assert f'href="{link("verdicts", study="small").replace("&", "&amp;")}"' in table
    assert f'href="{link("run", study="other").replace("&", "&amp;")}"' in table
    assert "this page starts nothing" in table
    assert "data-start" not in table
    assert "small" not in catalogue_table(shelf, runner, shelf.results(), [])


def test_what_a_row_starts_is_checked(two_arms: tuple[Shelf, Runner], tmp_path: Path) -> None:
    shelf, read_only = two_arms
    table = catalogue_table(shelf, Runner(str(tmp_path / "netgain.db")), shelf.results(), ALL)
    assert table.count("data-start=") == 1
    assert 'data-start="other" aria-label="Start other with 5 seeds"' in table
    assert "this page is read-only" in started_by_row(shelf, read_only, "other 1")
    runner = Runner(str(tmp_path / "netgain.db"))
    assert "there is no study &#x27;othr&#x27;; did you mean &#x27;other&#x27;" in started_by_row(
        shelf, runner, "othr 1"
    )
    assert runner.jobs() == []


def test_the_address_of_a_verdict_to_guess(two_arms: tuple[Shelf, Runner]) -> None:
    shelf, _ = two_arms
    results = shelf.results()
    assert named_verdict(shelf, results, {"study": "small"}) == "small: wider"
    assert named_verdict(shelf, results, {"study": "small", "arm": "8 <neurons>"}) == "small: 8 <neurons>"
    for values, said in (
        ({"study": "smal"}, "there is no study 'smal'; did you mean 'small'"),
        ({"study": "small", "arm": "widr"}, "the study 'small' has no arm 'widr'; did you mean 'wider'"),
        ({"study": "other"}, "the study 'other' has no verdict to guess here; measure it: netgain study other"),
        ({"arm": "wider"}, "there is no study ''"),
    ):
        with pytest.raises(AddressError, match=said):
            named_verdict(shelf, results, values)


def test_the_preview_of_a_link_has_the_verdict_card(two_arms: tuple[Shelf, Runner]) -> None:
    shelf, runner = two_arms

    def tags(query: str) -> dict[str, str]:
        return dict(re.findall(r'property="([^"]+)" content="([^"]*)"', preview_tags(shelf, runner, query, "http://h")))

    of_arm = tags("study=small&arm=8+%3Cneurons%3E")
    assert of_arm["og:image"] == "http://h/netgain/card/small.png"
    assert of_arm["og:title"] == "Does a wider layer help?"
    assert "8 &lt;neurons&gt;:" in of_arm["og:description"]
    assert tags("tab=verdicts&study=small")["og:description"].startswith("Of 2 arms: ")
    for other in ("", "study=other", "study=nope", "tab=guess&study=small"):  # a closed verdict stays closed
        assert "og:image" not in tags(other)
        assert tags(other)["og:title"] == "netgain"
