"""The lecture's scripts run with `ng.fit`, and `compare.py` sets it beside Keras."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import netgain as ng

FOLDER = Path(__file__).parents[1] / "examples" / "lecture"
COMPARE = runpy.run_path(str(FOLDER / "compare.py"))


@pytest.fixture(autouse=True)
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images of noise, so that the scripts take a moment and need no file."""
    digits: Any = ModuleType("digits")
    generator = np.random.default_rng(0)
    for part, size in (("train", 60), ("test", 20)):
        setattr(digits, f"x_{part}", generator.random((size, 28, 28)))
        setattr(digits, f"y_{part}", np.eye(10)[generator.integers(0, 10, size)])
    monkeypatch.setitem(sys.modules, "digits", digits)


@pytest.mark.parametrize("script", COMPARE["SCRIPTS"])
def test_a_script_runs(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if script == "early_stopping":  # it validates on the images from 50,000 on
        digits: Any = sys.modules["digits"]
        monkeypatch.setattr(digits, "x_train", np.zeros((50_020, 28, 28), np.float32))
        monkeypatch.setattr(digits, "y_train", np.eye(10, dtype=np.float32)[np.arange(50_020) % 10])
    trained = COMPARE["run"](script, ng.fit, epochs=1)
    assert trained
    assert all(np.isfinite(each.loss) and each.seconds > 0 for each in trained)
    assert ng.fit.__module__ == "netgain.api.fitting"


def test_the_comparison_begins_alike_and_ends_alike() -> None:
    slow = COMPARE["run"]("choice_of_loss", COMPARE["plain_fit"], epochs=5)
    fast = COMPARE["run"]("choice_of_loss", ng.fit, epochs=5)
    assert [each.loss for each in fast] == pytest.approx([each.loss for each in slow], rel=1e-4)
    assert len(fast) == 2


def test_the_page_names_every_script() -> None:
    page = (FOLDER.parents[1] / "docs" / "fit.md").read_text()
    assert all(f"{script}.py" in page for script in COMPARE["SCRIPTS"])
