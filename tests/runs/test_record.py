"""What the record of a run says of itself, whatever its task kept."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netgain.errors import OutputError, StatisticsError
from netgain.runs.record import RunResult, RunStatus


def a_run(**fields: Any) -> RunResult:
    key = {"recipe_digest": "a", "seed": 3, "dataset_digest": "b", "engine_version": "3+avx2"}
    return RunResult(**{**key, "status": RunStatus.FINISHED, **fields})


def test_accuracies_and_scores_are_those_of_the_arrays() -> None:
    scores = np.array([[0.9, 0.1], [0.6, 0.4]], np.float32)
    arrays = {"test_scores": scores, "train_right": np.array([True, True, True, False])}
    run = a_run(right=np.array([True, False]), arrays=arrays)
    assert (run.test_accuracy, run.train_accuracy) == (0.5, 0.75)
    assert run.test_scores is scores


def test_what_a_task_did_not_keep_is_said_to_be_missing() -> None:
    run = a_run(right=np.array([True]), arrays={"moves": np.zeros(3)})
    assert math.isnan(run.train_accuracy)
    with pytest.raises(StatisticsError, match=r"the run with seed 3 has no scores of test images \(finished\)"):
        run.test_scores  # noqa: B018
    with pytest.raises(StatisticsError, match=r"no scores of test images \(failed\)"):
        a_run(status=RunStatus.FAILED, failure="it died").test_scores  # noqa: B018


def test_epochs_are_counted_by_any_measurement_of_the_training_part() -> None:
    history = {"train": {"loss": [3.0, 2.0, 1.0]}, "validation": {"accuracy": [0.5]}}
    assert a_run(history=history).num_epochs == 3
    assert a_run(history={"validation": {"accuracy": [0.5]}}).num_epochs == 0
    assert a_run().num_epochs == a_run(history={"train": {}}).num_epochs == 0


def test_the_engine_in_words() -> None:
    words = {"3+avx2": "engine 3 with avx2 kernels", "3+none": "engine 3 on plain JAX", "3": "engine 3"}
    assert {version: a_run(engine_version=version).engine_in_words for version in words} == words


def test_a_network_is_written_whole_and_only_as_a_keras_file(tmp_path: Path) -> None:
    run = a_run(model=b"a network")
    run.save_model(tmp_path / "a.keras")
    assert (tmp_path / "a.keras").read_bytes() == b"a network"
    assert [path.name for path in tmp_path.iterdir()] == ["a.keras"]
    with pytest.raises(
        OutputError, match=r"the name must end in \.keras, or Keras cannot open the file; received .*a\.h5"
    ):
        run.save_model(tmp_path / "a.h5")
    with pytest.raises(OutputError, match="the network cannot be written to .*No such file"):
        run.save_model(tmp_path / "nowhere" / "a.keras")
    with pytest.raises(OutputError, match="the run with seed 3 finished and has no network to save"):
        a_run().save_model(tmp_path / "b.keras")


def test_nothing_is_shared_between_the_records_of_two_runs() -> None:
    one, other = a_run(), a_run()
    one.history["train"] = {"loss": [1.0]}
    one.versions["jax"] = "1"
    assert (other.history, other.versions) == ({}, {})
    assert one != other  # records are compared field by field by who needs it
