"""What a person waits for: `python -m benchmarks.faces` times the page's first paint, a drawing's answer, a report.

The drawing is answered by 5 convolutional networks trained on 2,000 images of MNIST, feature maps included; the
time is that of the server, from the picture's bytes to the finished HTML. The first paint is Chromium's own. The
report is that of the study `dropout` with 5 seeds, from the command to the written file.
"""

import base64
import io
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageDraw

import netgain as ng

REPEATS = 15
NETGAIN = [sys.executable, "-c", "from netgain.cli import main; main()"]
RECIPE = ng.Recipe(
    dataset="mnist",
    train_size=2000,
    network=ng.ConvNet(filters=(16,), dropout=0.2),
    optimizer=ng.Optimizer("adam", 0.003),
    epochs=3,
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "netgain.db")
        ng.run(ng.Study("faces", baseline=RECIPE), 5, store=store)
        print(f"drawing answered by 5 networks: {told(time_answers(store), 1000, 'ms')}")
        print(f"first paint of the page: {told(time_paints(store), 0.001, 's')}")
        print(f"report of the study dropout: {told(time_reports(folder), 1, 's')}")


def told(values: list[float], factor: float, unit: str) -> str:
    """Median and range."""
    shown = [factor * value for value in values]
    return (
        f"{statistics.median(shown):.2f} {unit} (median of {len(shown)}; {min(shown):.2f} to {max(shown):.2f} {unit})"
    )


def time_answers(store: str) -> list[float]:
    """Seconds from a drawing to its answer, networks loaded."""
    from netgain.web.draw import answer_to
    from netgain.web.shelf import Shelf

    shelf = Shelf(store, {})
    name = str(shelf.favourite())
    answer_to(shelf, drawing(0), 0, [name])
    seconds = []
    for shift in range(REPEATS):
        start = time.perf_counter()
        said = answer_to(shelf, drawing(shift), 0, [name])
        seconds.append(time.perf_counter() - start)
        assert "data-answer" in said
        assert "of 5" in said
    return seconds


def drawing(shift: int) -> str:
    """A 7 as the page sends it."""
    picture = Image.new("L", (280, 280))
    ImageDraw.Draw(picture).line([(80 + shift, 60), (200, 60), (120, 230)], fill=255, width=22)
    buffer = io.BytesIO()
    picture.save(buffer, "png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def time_paints(store: str) -> list[float]:
    """Milliseconds to the first contentful paint, each in a browser without a cache."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or sys.exit("the first paint needs chromium: apt-get install chromium")
    command = [*NETGAIN, "serve", "--port", "0", "--store", store]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        assert server.stderr is not None
        address = re.search(r"http://\S+", server.stderr.readline())
        assert address
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        paints = []
        for _ in range(5):
            context = browser.new_context()
            page = context.new_page()
            page.goto(address.group())
            page.wait_for_selector("#catalogue table")
            paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            context.close()
        browser.close()
        server.terminate()
    return paints


def time_reports(folder: str) -> list[float]:
    """Seconds of the whole command, imports and all."""
    store, seconds = str(Path(folder) / "dropout.db"), []
    ng.run(ng.load_study("dropout"), 5, store=store)
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([*NETGAIN, "report", "dropout", "--store", store, "-o", f"{folder}/dropout.html"], check=True)
        seconds.append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    main()
