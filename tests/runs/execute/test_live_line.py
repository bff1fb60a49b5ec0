"""What a command is doing, in a terminal and in a file."""

from __future__ import annotations

import contextlib
import io

import pytest

from netgain.runs.execute import live_line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")


def visible(text: str) -> str:
    """What stands in the line at last."""
    return text.rpartition("\r\x1b[K")[2]


def test_a_terminal_has_one_line_that_fits_and_goes() -> None:
    with contextlib.redirect_stderr(Terminal()) as shown:
        live_line.doing("reading dropout")
        live_line.announce("reading something with a very long name")
        assert visible(shown.getvalue()) == "reading something w"
        live_line.counting("drawing", 12, 40, "charts")
        assert visible(shown.getvalue()) == "drawing 12/40 chart"
        live_line.clear()
        assert visible(shown.getvalue()) == ""
    assert "\n" not in shown.getvalue()


def test_a_file_has_few_lines() -> None:
    with contextlib.redirect_stderr(io.StringIO()) as shown:
        live_line.doing("reading dropout")
        live_line.announce("preparing the report")
        for done in range(3):
            live_line.counting("drawing", done, 3, "charts")
        live_line.clear()
    assert [line.split(" ", 1)[1] for line in shown.getvalue().splitlines()] == ["reading dropout", "drawing 3 charts"]


def test_a_terminal_that_cannot_go_back_has_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with contextlib.redirect_stderr(Terminal()) as shown:
        live_line.doing("reading dropout")
    assert shown.getvalue().endswith(" reading dropout\n")
    assert "\x1b" not in shown.getvalue()
