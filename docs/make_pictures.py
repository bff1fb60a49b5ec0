"""Makes the pictures of the README and the docs from real results: `make pictures`, or with `STORE=my.db`.

What the store lacks of the dropout study, of five networks that read numbers, and of a generator, is trained. The
report and every tab of the page are photographed in Chromium as they stand, in a window of usual width and on a phone,
light and dark. Of each there are two pictures: the usual one, and a sheet of the other three.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

import netgain as ng
from netgain.data import LineForm, prepare_line

PICTURES = Path(__file__).parent / "pictures"
WIDTHS = (1280, 400)
SCHEMES = ("light", "dark")
MOST_HEIGHT = 1800
SHEET_WIDTHS = {1280: 640, 400: 250}
"""How wide a picture is on the sheet, by the width of its window."""

SEVEN = [(80, 60), (200, 60), (120, 230)]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(store: str) -> None:
    """Train what is missing, then take every picture; the store itself gets none of the page's own runs."""
    reader = ng.Study("reader", question="Which numbers does it read?", baseline=ng.load_recipe("reader"))
    ng.run(reader, seeds=5, store=store)
    ng.run(ng.Study("generator", baseline=ng.load_recipe("generator")), seeds=1, store=store)
    result = ng.run(ng.load_study("dropout"), seeds=5, store=store)
    result.chart("learning-curves").save(PICTURES / "dropout.png", ppi=144)
    with TemporaryDirectory() as folder:
        photos_of_numbers(Path(folder))
    with TemporaryDirectory() as folder, served(shutil.copy(store, folder)) as address, chromium() as browser:
        taken = Path(folder)
        for width in WIDTHS:
            for scheme in SCHEMES:
                window = {"width": width, "height": 900}
                page = browser.new_page(viewport=window, color_scheme=scheme)  # pyright: ignore[reportArgumentType]
                for name, show in SUBJECTS.items():
                    show(page, address)
                    take(page, taken / f"{name}-{width}-{scheme}.png")
                page.close()
        for name in SUBJECTS:
            finish(taken, name)


def photos_of_numbers(folder: Path) -> None:
    """Photos on ruled paper and others, each above what a reader is given of it."""
    program = Path(__file__).parents[1] / "tests" / "line_photos.py"
    subprocess.run([sys.executable, program, folder], check=True)  # noqa: S603 - our own
    picture = Image.new("RGB", (1000, 217), "white")
    for place, path in enumerate(sorted(folder.glob("*.jpg"))[:5]):
        with Image.open(path) as photo:
            picture.paste(photo.resize((188, 141)), (10 + 198 * place, 10))
        line = prepare_line(path.read_bytes(), LineForm(width=130)).image[..., 0]
        picture.paste(Image.fromarray(line[:, :130]).resize((188, 46)), (10 + 198 * place, 161))
    save(picture, "photos-of-numbers")


def report(page: Page, address: str) -> None:
    """The report of the dropout study, on a page of its own."""
    page.goto(f"{address}/netgain/report/dropout")
    page.wait_for_selector(".chart svg:visible")


def verdicts(page: Page, address: str) -> None:
    """The forest plot and the catalogue."""
    page.goto(f"{address}/?tab=verdicts")
    page.wait_for_selector("#forest svg", timeout=60_000)


def guess(page: Page, address: str) -> None:
    """A verdict that was opened without a guess, with its seed lottery."""
    page.goto(f"{address}/?tab=guess")
    page.wait_for_selector("#guess-question h3", timeout=60_000)
    page.locator("#just-show").click()
    page.locator("#draw-seeds").click()
    page.wait_for_selector("#lottery .drawn", timeout=60_000)


def run(page: Page, address: str) -> None:
    """A study of one's own while its curves grow: started once, and seen by every window."""
    page.goto(f"{address}/?tab=run")
    page.wait_for_selector("#start-study", timeout=60_000)
    page.wait_for_timeout(1500)
    if not page.locator("#live [data-state=running]").count():
        page.get_by_role("tab", name="Own recipe").click()
        page.locator("#epochs input").fill("3000")
        page.locator("#start-own").click()
    page.wait_for_selector("#live .netgain-chart svg", timeout=120_000)
    page.wait_for_timeout(4000)


def draw(page: Page, address: str) -> None:
    """A 7, drawn with the mouse."""
    page.goto(f"{address}/?tab=draw")
    page.wait_for_selector("#networks .token", timeout=120_000)
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


def number(page: Page, address: str) -> None:
    """The first of the numbers to begin with, and where a reader sees its digits."""
    page.goto(f"{address}/?tab=draw&what=number")
    page.wait_for_selector("#readers .token", timeout=120_000)
    page.locator("#number-pad .example").first.click()
    page.wait_for_selector("#reading section", timeout=120_000)


def generate(page: Page, address: str) -> None:
    """A place between four random vectors, and its ten digits."""
    page.goto(f"{address}/?tab=generate&x=0.6&y=0.35")
    page.wait_for_selector("#walk-digits [data-at='0.600 0.350']", timeout=120_000)
    page.wait_for_selector("#walk-map img", timeout=60_000)


def game(page: Page, address: str) -> None:
    """Three answers to the question whether a digit is real."""
    page.goto(f"{address}/?tab=generate&what=game")
    page.wait_for_selector("#game-tally .tally", timeout=120_000)
    for number in (1, 2, 3):
        page.locator("#say-real").click()
        page.locator("#game-tally").get_by_text(f"of {number} right").wait_for()


def fractions(page: Page, address: str) -> None:
    """Test images of MNIST, mixed unequally."""
    page.goto(f"{address}/?tab=fractions&sample=mnist:+half+of+the+test+images,+mixed+unequally")
    page.wait_for_selector("#estimate", timeout=60_000)
    page.wait_for_timeout(1500)
    page.locator("#estimate").click()
    page.wait_for_selector("#fractions [data-fractions]", timeout=120_000)


def neuron(page: Page, address: str) -> None:
    """The lecture's bad start."""
    page.goto(f"{address}/?tab=neuron")
    page.wait_for_selector("#neuron svg", timeout=60_000)


def lessons(page: Page, address: str) -> None:
    """The first lesson."""
    page.goto(f"{address}/?tab=lessons")
    page.wait_for_selector("#lesson-picture svg", timeout=60_000)


SUBJECTS: dict[str, Callable[[Page, str], None]] = {
    "report": report,
    "page-verdicts": verdicts,
    "page-guess": guess,
    "page-run": run,
    "page-draw": draw,
    "page-number": number,
    "page-generate": generate,
    "page-game": game,
    "page-fractions": fractions,
    "page-neuron": neuron,
    "page-lessons": lessons,
}


def take(page: Page, path: Path) -> None:
    """A picture of the page, or of its upper part where it is long, once its charts stand still."""
    page.wait_for_timeout(600)
    for chart in page.locator(".netgain-chart:visible").all():
        chart.locator("svg").first.wait_for(timeout=30_000)
    page.wait_for_timeout(600)
    width, height = page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": min(height, MOST_HEIGHT)}
    page.screenshot(path=path, clip=clip, full_page=True)


def finish(taken: Path, name: str) -> None:
    """The picture in a light window of usual width, and a sheet of the other three."""
    pictures = {
        (width, scheme): Image.open(taken / f"{name}-{width}-{scheme}.png").convert("RGB")
        for width in WIDTHS
        for scheme in SCHEMES
    }
    save(pictures.pop((WIDTHS[0], SCHEMES[0])), name)
    small = [
        one.resize((SHEET_WIDTHS[width], one.height * SHEET_WIDTHS[width] // one.width), Image.Resampling.LANCZOS)
        for (width, _), one in pictures.items()
    ]
    most = small[0].height
    sheet = Image.new("RGB", (sum(one.width for one in small) + 16 * (len(small) - 1), most), "#8b95a1")
    left = 0
    for one in small:
        sheet.paste(one.crop((0, 0, one.width, min(one.height, most))), (left, 0))
        left += one.width + 16
    save(sheet, f"{name}-dark-and-narrow")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture with 256 colours, each near its own: a third of the bytes."""
    few = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


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
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    path = shutil.which("chromium") or sys.exit("the pictures need chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "netgain.db")
