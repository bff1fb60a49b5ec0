"""`netgain new study`, and studies in a user's own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .program import netgain, refused

SMALL = ["--data", "digits", "--set", "epochs=1", "--seeds", "1", "--workers", "1"]


def test_a_new_study_runs_and_is_reported_by_its_file(tmp_path: Path) -> None:
    said = netgain("new", "study", "hidden-size", cwd=tmp_path)
    assert said.stderr == f"The study is in {tmp_path / 'hidden_size.py'}. Run it with: netgain study hidden_size.py\n"
    done = netgain("study", "hidden_size.py", *SMALL, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Does a hidden layer of 100 neurons beat one of 30?" in done.stdout
    again = "netgain study hidden_size.py --seeds 1 --data digits --set epochs=1"
    assert again in (tmp_path / "hidden-size.html").read_text()
    reported = netgain("report", "hidden_size.py", *SMALL[:4], "-o", "again.html", cwd=tmp_path)
    assert reported.returncode == 0, reported.stderr
    found = json.loads(netgain("study", "hidden_size.py", *SMALL, "--json", cwd=tmp_path).stdout)
    assert found["trained_now"] == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("taken-file", "exists already: choose another name, or remove the file"),
        ("dropout", "the catalogue has a study 'dropout' already"),
        ("Hidden Size", "must be small letters, digits and dashes, such as hidden-size; received 'Hidden Size'"),
        ("../above", "must be small letters"),
        ("", "must be small letters"),
    ],
)
def test_what_cannot_be_written_gets_one_message(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "taken_file.py").write_text("mine")
    said = refused("new", "study", name, cwd=tmp_path)
    assert words in said
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["taken_file.py"]
    assert (tmp_path / "taken_file.py").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no file 'own.py'"),
        ("x = 1", "must define STUDY"),
        ("STUDY = 'dropout'", "must define STUDY"),
        ("import nothing_of_this_name", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("STUDY = (", "SyntaxError"),
        ("import netgain as ng\nSTUDY = ng.Study('s', baseline=ng.Recipe(epochs=0))", "epochs: must be greater than 0"),
    ],
)
def test_a_file_without_a_study_gets_one_message(tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "own.py").write_text(text)
    said = refused("study", "own.py", cwd=tmp_path)
    assert words in said
    assert said.count("\n") == 1
    assert not list(tmp_path.glob("*.html"))
