"""Ten models of other people's making: equal scores at every station from training to a prediction."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("stations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STATIONS = _module(Path(__file__).with_name("stations.py"))
BOUNDS = dict.fromkeys(STATIONS.IN_THE_SUITE, 1e-4) | {"mixed_precision": 0.02}
"""Rounding: of float32, and of bfloat16, which has 8 binary digits and is rounded wherever XLA does not fuse."""
EXPECT_255 = {"residual", "scaling_lambda", "own_module"}


def test_ten_models_have_equal_scores_at_every_station(tmp_path: Path) -> None:
    """One test, since all ten share the three processes, which take most of the time."""
    STATIONS.go(tmp_path, STATIONS.IN_THE_SUITE)
    trained, restarted = (json.loads((tmp_path / f"{stage}.json").read_text()) for stage in ("train", "restart"))
    assert (trained["num_trained"], restarted["num_trained"]) == (len(STATIONS.IN_THE_SUITE), 0)

    found = STATIONS.differences(tmp_path)
    assert {tuple(of_model) for of_model in found.values()} == {STATIONS.STATIONS}
    assert {name: of_model["restart"] for name, of_model in found.items()} == dict.fromkeys(found, 0)
    assert max(of_model["report"] for of_model in found.values()) < 1e-12  # percent, and back
    assert {name: of_model for name, of_model in found.items() if max(of_model.values()) > BOUNDS[name]} == {}

    scores = np.load(tmp_path / "train.npz")
    spread = {name: np.ptp(scores[name], axis=0).max() for name in STATIONS.IN_THE_SUITE}
    assert min(spread.values()) > 0.01, spread  # or equal scores would say nothing
    assert restarted["pixels"] == {name: "0..255" if name in EXPECT_255 else "0..1" for name in STATIONS.IN_THE_SUITE}
    page = (tmp_path / "residual.html").read_text()
    assert all(name in page for name in STATIONS.IN_THE_SUITE if name not in {"residual", *STATIONS.COLOUR})
