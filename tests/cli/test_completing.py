"""What the Tab key completes, as bash asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from netgain.cli.app import app
from netgain.cli.completing import datasets, images
from netgain.data import list_sources
from netgain.data.strings.digit_strings import NAME


def completed(words: str) -> list[str]:
    asked = {
        "_NETGAIN_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    return CliRunner().invoke(app, [], prog_name="netgain", env=asked).stdout.split()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("netgain st", ["study"]),
        ("netgain study dropo", ["dropout"]),
        ("netgain study dropout --until", ["--until-known"]),
        ("netgain train small-s", ["small-sample"]),
        ("netgain report weight-decay-p", ["weight-decay-polynomial"]),
        ("netgain study dropout --data fash", ["fashion-mnist"]),
        ("netgain data fetch m", ["mnist"]),
        ("netgain study nothing-of-this-name", []),  # bash then offers files
    ],
)
def test_names_commands_and_options(words: str, found: list[str]) -> None:
    assert completed(words) == found


def test_folders_and_files_of_images_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("photos/discs", "photos/squares", ".hidden"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("mine.npz", "mail.txt"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    assert completed("netgain train baseline --data m") == ["mnist", "mine.npz"]
    assert completed("netgain train baseline --data p") == ["photos/"]
    assert completed("netgain train baseline --data photos/d") == ["photos/discs/"]
    assert completed("netgain train baseline --data nowhere/d") == []
    assert images("") == [*datasets(""), "mine.npz", "photos/"]


def test_every_dataset_with_a_name_is_completed() -> None:
    assert datasets("") == sorted([NAME, *(source.name for source in list_sources())])


def test_the_help_says_how_to_install_it() -> None:
    assert "--install-completion" in CliRunner().invoke(app, ["--help"]).stdout
