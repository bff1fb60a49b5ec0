"""What tells fakes: each way finds what it looks at, and the critic's sign is that of the others."""

from dataclasses import replace

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.networks.families.mlp import MLP
from netgain.results.findings import OPEN, Statement
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import Estimate
from netgain.studies.examine.spot_the_fake import AGAINST, WAYS, linear_weights, statements, told_apart
from netgain.tasks.recipes import load_recipe

DIGITS = load_dataset("digits")
RUN = RunResult(recipe_digest="a", seed=0, dataset_digest="b", engine_version="1", status=RunStatus.FINISHED)


def areas(generated: np.ndarray) -> dict[tuple[str, str], float]:
    recipe = load_recipe("generator").change("dataset", "digits")
    judge = recipe.judge.change("network", MLP(hidden=(16,)))
    number, drawn = DIGITS.num_test, np.random.default_rng(0)
    critic = {
        "test": drawn.normal(2, 1, number),
        "generated": drawn.normal(-2, 1, number),
        "train": drawn.normal(2, 1, number),
    }
    arrays = {"generated": generated, **{f"critic_{name}": scores for name, scores in critic.items()}}
    (found,) = told_apart([(replace(RUN, arrays=arrays), recipe.change("judge", judge))], DIGITS)
    return {(way, other): found[row, column, 0] for row, way in enumerate(WAYS) for column, other in enumerate(AGAINST)}


def test_every_way_finds_bright_images_and_none_finds_training_images_so_well() -> None:
    bright = np.minimum(DIGITS.x_test.astype(int) + 60, 255).astype(np.uint8)
    found = areas(bright)
    for way in WAYS:
        assert found[way, AGAINST[0]] > 0.9, way
        assert abs(found[way, AGAINST[1]] - 0.5) < 0.2, way


def test_ink_does_not_see_what_a_linear_classifier_sees() -> None:
    turned = DIGITS.x_test[:, ::-1]
    found = areas(turned)
    assert abs(found["amount of ink", AGAINST[0]] - 0.5) < 0.1
    assert found["linear classifier", AGAINST[0]] > 0.75


def test_the_linear_classifier_is_fishers() -> None:
    drawn = np.random.default_rng(0)
    mixing = np.array([[1.0, 0.5], [0.0, 0.3]])
    first, second = (drawn.normal(size=(5000, 2)) @ mixing + shift for shift in ([0.0, 0.0], [1.0, 0.0]))
    wanted = np.linalg.solve(mixing.T @ mixing, [1.0, 0.0])
    weights = linear_weights(first, second)
    assert weights / np.linalg.norm(weights) == pytest.approx(wanted / np.linalg.norm(wanted), abs=0.05)


def test_ways_whose_intervals_overlap_leave_the_statement_open() -> None:
    def said(network: float) -> Statement:
        areas = {(way, other): Estimate(0.5, 0.004, 0.004, 4.0) for way in WAYS for other in AGAINST}
        areas["small network", AGAINST[0]] = Estimate(network, 0.004, 0.004, 4.0)
        return statements(areas)[0]

    assert said(0.6).holds
    assert OPEN not in said(0.6).measured
    assert not said(0.51).holds
    assert OPEN in said(0.51).measured
    assert not said(0.4).holds
    assert OPEN not in said(0.4).measured
