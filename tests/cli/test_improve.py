"""`netgain improve`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from netgain.experiment.techniques import TECHNIQUES
from netgain.tasks.recipes import load_recipe

from .program import netgain, refused

NOTHING = [word for name in TECHNIQUES for word in ("--without", name)]


def test_it_writes_the_network_the_recipe_and_the_report(tmp_path: Path) -> None:
    files = {"--save": "better.keras", "--save-recipe": "better.toml", "--report": "climb.html"}
    options = [word for pair in files.items() for word in pair]
    done = netgain("improve", "digits", "--minutes", "3", "--json", "--workers", "1", *NOTHING, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["steps"] == []
    assert told["test"]["start"]["accuracy"] > 0.8
    assert set(told["not_tried"].values()) == {"switched off"}
    assert all(f"is in {name}." in done.stderr for name in files.values())
    assert "one hidden layer of 64 neurons" in (tmp_path / "climb.html").read_text()
    assert load_recipe(tmp_path / "better.toml").dataset == "digits"
    assert (tmp_path / "better.keras").stat().st_size > 1000


def test_what_cannot_be_improved_is_refused_in_one_paragraph(tmp_path: Path) -> None:
    for arguments, message in {
        ("digits", "--without", "rotatoin"): "there is no technique 'rotatoin'; did you mean 'rotation'?",
        ("digits", "--start", "missing.keras"): "there is no file 'missing.keras'",
        ("digits", "--start", "reader"): "start: must be a recipe of networks that classify images",
        ("digits", "--minutes", "0"): "minutes: must be a number of minutes above 0; received 0",
        ("digits", "--save", "better.h5"): ".keras",
    }.items():
        assert message in refused("improve", *arguments, cwd=tmp_path)
