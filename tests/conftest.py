"""What every test shares: one thread of arithmetic, Keras on JAX, a small recipe that trains in a second."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from netgain.engine.setup import compiled_folder, prepare_jax, use_one_thread

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Most of the suite's time goes into compiling. XLA optimises less than it does by default, in a third less time:
# to the same numbers, which test_conftest.py holds.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=1")
# Programs that tests start keep and find compiled code where netgain does, also those that only use Keras.
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(compiled_folder()))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "0")
use_one_thread()
prepare_jax()
settings.register_profile("netgain", derandomize=True, deadline=None)  # the same examples on every machine
settings.load_profile("netgain")

from netgain.experiment.optimizer import Optimizer  # noqa: E402
from netgain.experiment.study import Study  # noqa: E402
from netgain.networks.families.mlp import MLP  # noqa: E402 - JAX must be told before anything imports it
from netgain.tasks.classification.recipe import Recipe  # noqa: E402


def pytest_collection_finish() -> None:
    """Looking for garbage among all that Keras, JAX and the tests import takes longer than most tests.

    Later too: what JAX keeps of each compiled function grows with the suite, and each look goes through all of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


TOGETHER = ("tests/web/", "tests/studies/", "tests/cli/")
"""Folders whose files share what takes long to make: a server and a browser, trained networks, a worker process."""
LONG = (*TOGETHER, "tests/runs/execute/test_executors.py", "tests/models/", "tests/results/", "tests/tasks/")
"""What takes longest is begun first, the longest before all: at the end no worker is left waiting for another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((place for place, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))

    items.sort(key=place)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give all tests of a file, or of such a folder, to one worker: what its fixtures make is made once.

    Instead of `--dist loadgroup`, which does nothing with pytest 9.2: pytest-xdist 3.8 writes the group into an
    attribute that is no longer read.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.split("::")[0])

    if config.getoption("dist") != "load":  # another way was asked for
        return None
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture(scope="session")
def here() -> Iterator[Executor]:
    """An executor that trains in this process, for tests that are not about workers: one takes seconds to start."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture(scope="session")
def small_recipe() -> Recipe:
    """A recipe on the digits that comes with scikit-learn, trained within a second."""
    return Recipe(
        dataset="digits",
        train_size=600,
        network=MLP(hidden=(12,), activation="relu"),
        optimizer=Optimizer("sgd", 0.5),
        batch_size=32,
        epochs=3,
    )


@pytest.fixture(scope="session")
def small_study(small_recipe: Recipe) -> Study:
    """A study of two arms on the digits."""
    return Study(
        "small",
        question="Does a wider layer help?",
        baseline=small_recipe,
        arms={"wider": small_recipe.change("network.hidden", [24])},
    )


CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window. The only one: Playwright refuses to be started twice in a process."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield browser
        browser.close()
