"""What the Tab key completes, as bash asks for it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from netgain.cli.app import app


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
        ("netgain report weight-d", ["weight-decay-polynomial"]),
        ("netgain study nothing-of-this-name", []),  # bash then offers files
    ],
)
def test_names_commands_and_options(words: str, found: list[str]) -> None:
    assert completed(words) == found


def test_the_help_says_how_to_install_it() -> None:
    assert "--install-completion" in CliRunner().invoke(app, ["--help"]).stdout
