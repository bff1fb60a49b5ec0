"""One store with a network that knows digits, one server, one browser, for all tests of this folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.generators import generator_bytes

from netgain.data import LineForm
from netgain.engine.ambient import keras_alone
from netgain.engine.saving import model_bytes
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.generator import ConvCritic, ConvGenerator
from netgain.networks.families.rnn import RNN
from netgain.networks.strings import Stem
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.generation.recipe import Generator
from netgain.tasks.reading.recipe import Reader

WINDOW = {"width": 1200, "height": 900}

expect.set_options(timeout=20_000)  # what is expected comes at once, unless the computer has much else to do


class Server(NamedTuple):
    """The page as it runs in a process of its own."""

    address: str
    folder: Path
    store: Path


@pytest.fixture(scope="session")
def digit_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two small convolutional networks, trained on 2,000 images of MNIST."""
    path = tmp_path_factory.mktemp("page") / "netgain.db"
    recipe = Recipe(
        dataset="mnist",
        train_size=2000,
        network=ConvNet(filters=(8,), dropout=0.2),
        optimizer=Optimizer("adam", 0.003),
        epochs=4,
    )
    store = Store(path)
    for seed in (0, 1):
        store.add(train(recipe, seed), recipe)
    return path


@pytest.fixture(scope="session")
def reader_store(digit_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same store with two readers and a generator, which nobody trained: large random weights, so that what they
    read differs.
    """
    path = Path(shutil.copy(digit_store, tmp_path_factory.mktemp("readers")))
    recipe = Reader(network=RNN(cell="simple", units=8, stem=Stem(filters=(4,), pools=((8, 4),))))
    for seed in (0, 1):
        Store(path).add(untrained(recipe, seed), recipe)
    add_generator(Store(path))
    return path


def add_generator(store: Store, *, conditional: bool = True) -> None:
    """A run of a generator of 8 x 8 pixels, as if its random weights were its last ones."""
    networks = {"generator": ConvGenerator(latent=6, filters=(4,), batch_norm=False), "critic": ConvCritic()}
    recipe = Generator(dataset="digits", conditional=conditional, **networks)
    run = RunResult(
        recipe_digest=recipe.digest,
        seed=0,
        dataset_digest="digits",
        engine_version="1",
        status=RunStatus.FINISHED,
        right=np.zeros(3, bool),
        arrays={"figure two-sample AUC": np.array([0.875, 0.01, 0.02, 0.5, 0.01, 180])},
        model=generator_bytes(conditional=conditional),
    )
    store.add(run, recipe)


def untrained(recipe: Reader, seed: int) -> RunResult:
    """A run of a reader of digits in lines of 32 x 96 pixels, as if its random weights were its last ones."""
    with keras_alone(seed=seed):
        model = recipe.network.build_reader((32, 96, 1), 10)
    model.set_weights([4 * weights for weights in model.get_weights()])
    form = LineForm(width=96, takes_longer=recipe.network.reads_by == "ctc")
    note = {"reads": "0123456789", "reads_by": recipe.network.reads_by, "decoding": "greedy", "line": asdict(form)}
    return RunResult(
        recipe_digest=recipe.digest,
        seed=seed,
        dataset_digest="strings",
        engine_version="1",
        status=RunStatus.FINISHED,
        right=np.zeros(3, bool),
        model=model_bytes(model, note),
    )


@pytest.fixture(scope="session")
def server(reader_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`netgain serve` on a copy of that store: what is run on the page is not in the store of the other tests."""
    with served(Path(shutil.copy(reader_store, tmp_path_factory.mktemp("served")))) as server:
        yield server


@pytest.fixture(scope="session")
def public_server(digit_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`netgain serve --read-only` on another copy."""
    with served(Path(shutil.copy(digit_store, tmp_path_factory.mktemp("public"))), "--read-only") as server:
        yield server


@contextmanager
def served(store: Path, *options: str) -> Iterator[Server]:
    """The page of a store in a process of its own."""
    command = [sys.executable, "-c", "from netgain.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--store", str(store), *options],
        cwd=store.parent,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://[\d.]+:\d+", said)
        assert address, said + process.stderr.read()
        threading.Thread(target=process.stderr.read, daemon=True).start()  # or it stops where the pipe is full
        try:
            yield Server(address.group(), store.parent, store)
        finally:
            process.terminate()
            process.wait(timeout=20)


class Watched(NamedTuple):
    """A page, and everything that went wrong on it so far."""

    page: Page
    problems: list[str]


CUT_OFF = re.compile("AbortError|Connection errored out")
"""What Gradio says of a request that was under way when the page was left."""


def opened(context: BrowserContext, server: Server, query: str = "") -> Watched:
    """A new page of the server at one of its addresses, watched."""
    page, problems = context.new_page(), list[str]()

    def heard(kind: str, text: str) -> None:
        if kind == "error":
            problems.append(f"console {kind}: {text}")

    def asked(url: str) -> None:
        if not url.startswith((server.address, "data:", "blob:", "about:")):
            problems.append(f"request to another host: {url}")

    page.on("console", lambda message: heard(message.type, message.text))
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on("request", lambda request: asked(request.url))
    page.goto(f"{server.address}/{query}")
    page.wait_for_selector("#catalogue table", timeout=20_000, state="attached")
    return Watched(page, problems)


def reload(watched: Watched) -> None:
    """Load the page again; what is cut off by that is no problem."""
    heard = len(watched.problems)
    watched.page.reload()
    watched.page.wait_for_selector("#catalogue table", timeout=20_000, state="attached")
    watched.problems[heard:] = [said for said in watched.problems[heard:] if not CUT_OFF.search(said)]


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile for the tests that leave nothing in it: the page's scripts are read and compiled once."""
    context = browser.new_context(viewport=WINDOW)  # pyright: ignore[reportArgumentType]
    yield context
    context.close()


@pytest.fixture
def watched(profile: BrowserContext, server: Server) -> Iterator[Watched]:
    """The page in a window of usual size; whatever goes wrong on it fails the test."""
    watched = opened(profile, server)
    yield watched
    watched.page.close()
    assert watched.problems == []


def open_tab(page: Page, name: str) -> None:
    """Press a tab."""
    page.get_by_role("tab", name=name, exact=True).click()
