"""The examples that CONTRIBUTING shows: each is copied into a copy of netgain, and runs there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import netgain
from netgain.studies.new import TEMPLATE

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()


def examples(title: str) -> list[str]:
    """The code under a heading."""
    section = PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```python\n(.*?)```", section, re.S)


def example(title: str) -> str:
    return examples(title)[0]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of netgain with every example in its place."""
    package = tmp_path_factory.mktemp("copy") / "src" / "netgain"
    shutil.copytree(Path(netgain.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "studies" / "hidden_size.py").write_text(example("Add a study"))
    (package / "networks" / "families" / "coarse.py").write_text(example("Add a network"))
    (package / "data" / "sources" / "stripes.py").write_text(example("Add a dataset"))
    (package / "tasks" / "threshold.py").write_text(example("Add a kind of learner"))
    technique = textwrap.indent(example("Add a technique").rstrip(), "    ")
    _insert(package / "experiment" / "techniques.py", "_ALL", after=f"{technique},\n")
    code, entry = examples("Add an analysis")
    analyses = package / "results" / "analyses.py"
    _insert(analyses, "ANALYSES", before=code, after=entry)
    analyses.write_text(
        analyses.read_text().replace(
            "import annotations\n", "import annotations\n\nfrom dataclasses import dataclass\n", 1
        )
    )
    return package


def _insert(path: Path, name: str, before: str = "", after: str = "") -> None:
    """Put code before the list of that name, and an entry at its beginning."""
    text, found = re.subn(
        rf"^{name}\b.*[\[({{]$", lambda line: f"{before}\n\n{line[0]}\n{after}", path.read_text(), flags=re.M
    )
    assert found == 1
    path.write_text(text)


SCRIPT = """
import contextlib, io, json, re, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from netgain.cli import options
from netgain.cli.app import app
from netgain.runs.execute.pool import CorePool
import netgain
import netgain as ng
from netgain.studies.new import write_new_study
from netgain.experiment.techniques import TECHNIQUES
from netgain.tasks.threshold import ThresholdRecipe

worker = CorePool(1)  # for all commands: each would start one
options.core_pool = lambda num_workers: contextlib.nullcontext(worker)

def command(*words):
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        app(words)
    return said.getvalue()

told = {"list": json.loads(command("list", "--json"))}
one = ("--workers", "1", "--json")
short = ("--data", "digits", "--set", "epochs=1", "--seeds", "1")
told["study"] = json.loads(command("study", "hidden-size", *short, *one))
told["network"] = json.loads(command("train", "coarse.toml", *one))
told["toml"] = json.loads(command("train", "slow.toml", "--seeds", "2", *one))
told["toml in words"] = command("train", "slow.toml", "--seeds", "1")

here = {"executor": ThreadPoolExecutor(1)}
recipe = ng.Recipe(dataset="digits", network=ng.MLP(), optimizer="adam", epochs=1)
arm = TECHNIQUES["longer training"].apply(recipe, 2)
result = ng.run(ng.Study("s", baseline=recipe, arms={"longer": arm}), 2, store=None, **here)
told["technique"] = arm.epochs
told["analysis"] = [str(result.analyse("best-seed", "longer")), len(result.analyse("best-seed").frame())]

arms = {"small": ThresholdRecipe(rate=0.05)}
study = ng.Study("threshold", question="Does a small rate help?", baseline=ThresholdRecipe(rate=0.5), arms=arms)
results = [ng.run(study, seeds, store="toy.db", **here) for seeds in (5, 8, "until-known")]
results[1].report("toy.html")
first = results[0]
told["toy"] = {
    "trained": [result.num_trained for result in results], "verdict": first.verdicts["small"].outcome,
    "text": str(first), "json": first.as_dict(), "threshold": float(first.runs["small"][0].arrays["threshold"][0]),
    "history": first.runs["small"][0].history, "curves": list(first.frame("learning-curves")["part"].unique()),
}
root = Path(netgain.__file__).parents[2]
(root / "pyproject.toml").touch()
new = write_new_study("second-size", root)
told["new"] = [str(new.path), new.command]
print(json.dumps(told))
worker.shutdown()
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("here")
    recipe = 'dataset = "stripes"\nepochs = 3\noptimizer = {name = "adam"}\nnetwork = {family = "coarse", cell = 2}\n'
    (folder / "coarse.toml").write_text(recipe)
    (folder / "slow.toml").write_text('task = "threshold"\nrate = 0.05\nepochs = 9\n')
    return folder


@pytest.fixture(scope="module")
def told(copy: Path, here: Path) -> dict[str, Any]:
    """What the copy says, all of it in one process."""
    environment = {**os.environ, "PYTHONPATH": str(copy.parent)}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_new_study_is_the_example() -> None:
    assert TEMPLATE.replace("NAME", "hidden-size") == example("Add a study")


def test_a_new_study_of_a_checkout_is_in_its_catalogue(copy: Path, told: dict[str, Any]) -> None:
    assert told["new"] == [str(copy / "studies" / "second_size.py"), "netgain study second-size"]


def test_the_study(told: dict[str, Any]) -> None:
    assert len(example("Add a study").splitlines()) < 40
    names = [study["name"] for study in told["list"]["studies"]]
    assert names.index("hidden-size") == names.index("activation") + 1
    assert [row["arm"] for row in told["study"]["verdicts"]] == ["baseline", "100 neurons"]


def test_the_network_and_the_dataset(told: dict[str, Any]) -> None:
    assert told["network"]["dataset"]["name"] == "stripes"
    assert told["network"]["runs"][0]["test_accuracy"] > 40


def test_the_technique_and_the_analysis(told: dict[str, Any]) -> None:
    assert told["technique"] == 2
    said, rows = told["analysis"]
    assert re.fullmatch(r"seed [01] has \d+\.\d\d % right", said)
    assert rows == 1


def test_the_learner_is_short() -> None:
    assert len(example("Add a kind of learner").splitlines()) < 80


def test_the_learner_has_recipes_as_text(told: dict[str, Any]) -> None:
    assert len(told["toml"]["runs"][1]["history"]["train"]["accuracy"]) == 9
    assert "on the 500 test numbers of numbers, one seed: accuracy" in told["toml in words"]


def test_the_learner_trains_resumes_and_is_judged(told: dict[str, Any]) -> None:
    toy = told["toy"]
    assert toy["trained"] == [10, 6, 0]  # what is there is not trained again
    assert toy["verdict"] == "WORSE"  # five times too slow for three epochs
    assert 0.4 < toy["threshold"] < 0.6
    assert list(toy["history"]) == toy["curves"] == ["train", "test"]
    assert len(toy["history"]["train"]["accuracy"]) == 3


def test_the_learner_in_words_and_numbers(told: dict[str, Any]) -> None:
    toy = told["toy"]
    assert "on the 500 test numbers of numbers" in toy["text"]
    assert "image" not in toy["text"]
    assert [row["verdict"] for row in toy["json"]["verdicts"]][1] == "WORSE"
    assert len(toy["json"]["runs"]) == 10


def test_the_learner_has_a_report(told: dict[str, Any], here: Path) -> None:
    del told  # the report was written with it
    page = (here / "toy.html").read_text()
    assert "Does a small rate help?" in page
    assert "WORSE" in page
    assert "test numbers" in page
