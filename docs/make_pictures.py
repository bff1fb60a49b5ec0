"""Makes the pictures of the README and the docs from real results: `make pictures`, or with `STORE=my.db`.

What the store lacks of the dropout study is trained; every tab of the page and the report are photographed in
Chromium as they stand.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import FloatRect, Page, sync_playwright

import netgain as ng

PICTURES = Path(__file__).parent / "pictures"
WINDOW = {"width": 1200, "height": 900}
MOST_HEIGHT = 1800
SEVEN = [(80, 60), (200, 60), (120, 230)]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(store: str) -> None:
    """Train what is missing, then take every picture; the store itself gets none of the page's own runs."""
    result = ng.run(ng.load_study("dropout"), seeds=5, store=store)
    result.chart("learning-curves").save(PICTURES / "dropout.png", ppi=144)
    with TemporaryDirectory() as folder, served(shutil.copy(store, folder)) as address, photographer() as page:
        page.goto(address)
        page.wait_for_selector("#forest svg", timeout=60_000)
        take(page, "verdicts")
        page.goto(f"{address}/netgain/report/dropout")
        page.wait_for_timeout(1000)
        page.screenshot(
            path=PICTURES / "report.png", clip={"x": 0, "y": 0, "width": 1200, "height": 1500}, full_page=True
        )
        page.goto(address)
        run(page)
        draw(page)
        for tab, ready in (("Neuron", "#neuron svg"), ("Lessons", "#lesson-picture svg")):
            open_tab(page, tab)
            page.wait_for_selector(ready, timeout=60_000)
            take(page, tab.lower())


def run(page: Page) -> None:
    """A study of one's own while its curves grow, then stopped."""
    open_tab(page, "Run")
    page.get_by_role("tab", name="Own recipe").click()
    page.locator("#epochs input").fill("60")
    page.locator("#start-own").click()
    page.wait_for_selector("#live .netgain-chart svg", timeout=120_000)
    page.wait_for_timeout(4000)
    take(page, "run")
    page.locator("#stop").click()


def draw(page: Page) -> None:
    """A 7, drawn with the mouse."""
    open_tab(page, "Draw")
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    scale = box["width"] / 280
    places = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in SEVEN]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
    page.wait_for_selector("#answer [data-answer]", timeout=120_000)
    take(page, "draw")


def take(page: Page, name: str) -> None:
    """A picture of the page, or of its upper part where it is long, once its charts stand still."""
    page.wait_for_timeout(600)
    for chart in page.locator(".netgain-chart:visible").all():
        chart.locator("svg").first.wait_for(timeout=30_000)
    page.wait_for_timeout(600)
    height = min(page.evaluate("document.documentElement.scrollHeight"), MOST_HEIGHT)
    clip: FloatRect = {"x": 0, "y": 0, "width": WINDOW["width"], "height": height}
    page.screenshot(path=PICTURES / f"page-{name}.png", clip=clip, full_page=True)


def open_tab(page: Page, name: str) -> None:
    """Press a tab."""
    page.get_by_role("tab", name=name, exact=True).click()


@contextmanager
def served(store: str) -> Iterator[str]:
    """The address of `netgain serve` while it runs."""
    code = "from netgain.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--store", store]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own program
        assert server.stderr is not None
        address = re.search(r"http://\S+", said := server.stderr.readline())
        if address is None:
            sys.exit(said + server.stderr.read())
        try:
            yield address.group()
        finally:
            server.terminate()


@contextmanager
def photographer() -> Iterator[Page]:
    """A page of Debian's Chromium without a window."""
    chromium = shutil.which("chromium") or sys.exit("the pictures need chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser.new_page(viewport=WINDOW)  # pyright: ignore[reportArgumentType]
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "netgain.db")
