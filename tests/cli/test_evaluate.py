"""`netgain evaluate`, and `--shift` of `netgain study` and `netgain report`, as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .program import netgain, refused

SMALL = ["--data", "digits", "--set", "epochs=2"]
SHIFT = ["--shift", "rotation=N(0,10)", "--shift", "blur=U(0,1)"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a store of two networks of `dropout` without and with it, and one of them as a file."""
    made = tmp_path_factory.mktemp("evaluate")
    done = netgain("study", "dropout", *SMALL, "--seeds", "2", "--json", cwd=made)
    assert done.returncode == 0, done.stderr
    trained = netgain("train", "small-sample", *SMALL, "--save", "one.keras", "--json", cwd=made)
    assert trained.returncode == 0, trained.stderr
    return made


def test_the_networks_of_a_recipe(folder: Path) -> None:
    done = netgain("evaluate", "small-sample", *SMALL, *SHIFT, "-o", "errors.png", cwd=folder)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "small-sample on the 360 test images of digits, 2 seeds"
    for words in ("(test sample)", "(training)", "(systematics) %"):
        assert words in lines[1]
    assert [line.partition(":")[0] for line in lines[2:]] == [
        "averaged over the shifts",
        "ideal minus real",
        "rotation=N(0,10)",
        "blur=U(0,1)",
    ]
    assert (folder / "errors.png").read_bytes()[1:4] == b"PNG"
    assert "errors.png" in done.stderr


def test_an_arm_of_a_study_and_json(folder: Path) -> None:
    done = netgain("evaluate", "dropout: dropout 0.2", *SMALL, *SHIFT, "--joint", "3", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["seeds"] == 2
    assert [source["source"] for source in found["sources"]] == [
        *["test sample", "training", "rotation=N(0,10)", "blur=U(0,1)", "all together"]
    ]
    assert found["ideal_minus_real"] == pytest.approx(found["accuracy"] - found["over_the_shifts"])


def test_without_a_shift_it_is_the_accuracy(folder: Path) -> None:
    done = netgain("evaluate", "small-sample", *SMALL, cwd=folder)
    assert done.stdout.splitlines()[1].startswith("accuracy ")
    assert "systematics" not in done.stdout


def test_a_keras_file(folder: Path) -> None:
    done = netgain("evaluate", "one.keras", "--data", "digits", "--shift", "noise=50", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "one.keras on the 360 test images of digits" in done.stdout
    assert "one seed: training not measured" in done.stdout


def test_a_study_under_a_shift_trains_nothing_and_names_it(folder: Path) -> None:
    done = netgain("study", "dropout", *SMALL, *SHIFT, "--seeds", "2", "-o", "shifted.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "4 of 4 networks came from" in done.stderr
    said = " ".join(done.stdout.split())
    assert "points without the shift" in said
    assert "on the 360 test images of digits shifted by rotation=N(0,10), blur=U(0,1)" in said
    assert "--shift &#39;rotation=N(0,10)&#39;" in (folder / "shifted.html").read_text()
    again = netgain("report", "dropout", *SMALL, *SHIFT, "-o", "again.html", cwd=folder)
    assert again.returncode == 0, again.stderr
    assert "shifted by rotation=N(0,10), blur=U(0,1)" in (folder / "again.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["evaluate", "small-sample", "--shift", "rotaton=3"], "there is no shift 'rotaton'; did you mean 'rotation'?"),
        (["evaluate", "small-sample", "--shift", "rotation=N(0"], "must be N(mean,sigma), U(low,high) or a number"),
        (["evaluate", "small-sample", "--shift", "scale=0"], "must be from 0.05 to 20"),
        (["evaluate", "small-sample", "--shift", "blur=1", "--joint", "0"], "joint: must be 2 to 1,000 draws"),
        (["evaluate", "small-sample", "--joint", "5"], "no shifts to draw"),
        (["evaluate", "one.keras"], "--data is missing: a .keras file does not say"),
        (["evaluate", "one.keras", "--data", "mnist"], "received images of shape (28, 28, 1)"),
        (["evaluate", "none.keras", "--data", "mnist"], "there is no file 'none.keras'"),
        (["evaluate", "dropout: dropot", *SMALL], "did you mean 'dropout 0.2'?"),
        (["evaluate", "small-sample"], "has no networks of 'small-sample' with these options"),
        (["evaluate", "small-sample", "-o", "chart.svg"], "must end in .png"),
        (["study", "vanishing-gradient", "--shift", "blur=1"], "is a demonstration: it has no verdicts"),
        (["study", "svm", "--shift", "blur=1"], "keeps no network that can be asked about changed test images"),
        (["study", "dropout", "--shift", "blur=1", "--until-known"], "decides by one set of test images"),
    ],
)
def test_a_mistake_gets_one_message(folder: Path, arguments: list[str], says: str) -> None:
    assert says in " ".join(refused(*arguments, cwd=folder).split())
