"""A read-only page: what a stranger sends is refused by the server, whatever the page itself shows."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import httpx
import pytest

from netgain.errors import StoreError
from netgain.experiment.study import Study
from netgain.results.run import run
from netgain.runs.execute.options import RunOptions
from netgain.runs.store import Store
from netgain.studies import CatalogueEntry
from netgain.web.runner import ReadOnlyError, Runner
from netgain.web.shelf import Shelf

from .conftest import Server


@pytest.fixture(scope="module")
def small_store(small_study: Study, tmp_path_factory: pytest.TempPathFactory, here: Executor) -> Path:
    path = tmp_path_factory.mktemp("public") / "netgain.db"
    run(small_study, 2, RunOptions(store=path, executor=here))
    return path


class Page:
    """The read-only page as a program sees it that knows Gradio's protocol."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._config = client.get("/config").json()

    def buttons(self) -> dict[str, int]:
        """The function that a press on each button starts, by the button's id in the page."""
        names = {each["id"]: each["props"].get("elem_id") for each in self._config["components"]}
        return {
            names[target]: each["id"]
            for each in self._config["dependencies"]
            for target, event in each["targets"]
            if event == "click" and names.get(target)
        }

    def press(self, button: str, values: list[Any]) -> str:
        """What comes back where a press on the button is sent with these values of the fields."""
        asked = {"data": values, "fn_index": self.buttons()[button], "session_hash": "stranger"}
        assert self._client.post("/gradio_api/queue/join", json=asked).status_code == 200
        with self._client.stream("GET", "/gradio_api/queue/data?session_hash=stranger") as answers:
            for line in answers.iter_lines():
                said = json.loads(line.removeprefix("data: ")) if line else {}
                if said.get("msg") == "process_completed":
                    return json.dumps(said)
        raise AssertionError("no answer")


@pytest.mark.parametrize(
    ("button", "values"),
    [
        ("start-study", ["dropout", 2, "digits", 1]),
        (
            "start-own",
            [
                "digits",
                "mlp",
                "8",
                "sigmoid",
                "softmax",
                "categorical_crossentropy",
                "sgd",
                0.5,
                100,
                1,
                30,
                "dropout",
                0.2,
                1,
            ],
        ),
    ],
)
def test_a_start_that_is_sent_without_the_button_is_refused(
    public_server: Server, button: str, values: list[Any]
) -> None:
    before = public_server.store.read_bytes()
    with httpx.Client(base_url=public_server.address, timeout=60) as client:
        page = Page(client)
        assert "this page is read-only" in page.press(button, values)
        assert "stop" not in page.buttons()
    assert public_server.store.read_bytes() == before
    assert list(public_server.folder.iterdir()) == [public_server.store]


def test_the_runner_itself_refuses(small_study: Study, tmp_path: Path) -> None:
    runner = Runner(str(tmp_path / "netgain.db"), read_only=True)
    with pytest.raises(ReadOnlyError, match="starts nothing"):
        runner.start(small_study, 1)
    assert not (tmp_path / "netgain.db").exists()


def test_results_are_loaded_and_the_store_refuses_every_write(small_study: Study, small_store: Path) -> None:
    shelf = Shelf(str(small_store), {"small": CatalogueEntry(small_study, "Does a wider layer help?")}, read_only=True)
    result = shelf.results()["small"]
    (one, *_) = result.runs["baseline"]
    store = Store(small_store, read_only=True)
    with pytest.raises(StoreError):
        store.check_writable()
    with pytest.raises(StoreError):
        store.add(one, small_study.baseline.change("epochs", 1))
