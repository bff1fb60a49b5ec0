"""The process that draws charts."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from netgain.errors import OutputError
from netgain.report.drawing import DrawingProcess

POINT = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}


@pytest.fixture
def process():
    made = DrawingProcess()
    yield made
    made.close()


def test_it_draws_as_vega_does_here(process: DrawingProcess) -> None:
    import vl_convert

    here = vl_convert.vegalite_to_svg(POINT)
    assert process.svg(POINT) == here
    assert process.svg(POINT) == here


def test_what_vega_refuses_is_told_and_the_next_is_drawn(process: DrawingProcess) -> None:
    with pytest.raises(ValueError, match=r"."):
        process.svg({"mark": 5})
    assert process.svg(POINT).startswith("<svg")


def test_text_of_any_language_and_missing_values_arrive(process: DrawingProcess) -> None:
    values = [{"a": "ψ − “é”\nзима"}, {"a": None}]
    text = {"field": "a", "type": "nominal"}
    drawn = process.svg({"mark": "text", "data": {"values": values}, "encoding": {"text": text}})
    assert "ψ − “é”" in drawn
    assert "зима" in drawn


def test_a_process_that_was_killed_is_replaced(process: DrawingProcess) -> None:
    process.start()
    assert process._process is not None
    process._process.kill()
    process._process.wait()
    assert process.svg(POINT).startswith("<svg")


def test_it_ends_with_its_parent() -> None:
    script = (
        "import os; from netgain.report.drawing import DRAWING; DRAWING.start(); "
        "print(DRAWING._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    parent = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    child = parent.stdout.strip()
    assert child
    assert _is_gone(child)


def test_dying_over_a_chart_is_one_message(process: DrawingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    process.start()
    assert process._process is not None
    process._process.kill()
    monkeypatch.setattr(process._process, "poll", lambda: None)  # it died a moment later than we looked
    with pytest.raises(OutputError, match="died"):
        process.svg(POINT)
    assert process.svg(POINT).startswith("<svg")


def _is_gone(pid: str) -> bool:
    for _ in range(100):
        state = Path("/proc", pid, "stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
