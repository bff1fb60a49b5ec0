"""Systematic errors of an accuracy: by hand, by slow sums, and by toys whose truth is known."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest
from scipy import special

from netgain.errors import StatisticsError
from netgain.stats import Estimate, ShiftedAnswers, Systematics, difference, mean_accuracy, systematics

NODES, WEIGHTS = np.polynomial.hermite.hermgauss(7)
NODES, WEIGHTS = math.sqrt(2) * NODES, WEIGHTS / math.sqrt(math.pi)


def fixed(right: np.ndarray, amount: float = 1.0) -> ShiftedAnswers:
    return ShiftedAnswers(right[None], np.ones(1), (amount,), right[None])


class Toy(NamedTuple):
    """Networks of which seed s has image i right where mean + z_i + e_si + b_s > hurt · θ²."""

    mean: float = 1.5
    hurt: float = 0.25
    network: float = 0.6  # standard deviation of e
    seed: float = 0.08  # of b

    def margins(self, seeds: int, images: int, generator: np.random.Generator, groups: int = 0) -> np.ndarray:
        z = generator.normal(size=images)
        if groups:
            z = generator.normal(size=groups).repeat(images // groups)
        noise = generator.normal(0, self.network, (seeds, images))
        return self.mean + z + noise + generator.normal(0, self.seed, (seeds, 1))

    def right(self, margins: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        return margins > self.hurt * np.reshape(amounts, (-1, 1, 1)) ** 2

    def accuracy(self, amounts: np.ndarray) -> np.ndarray:
        width = math.sqrt(1 + self.network**2 + self.seed**2)
        return special.ndtr((self.mean - self.hurt * amounts**2) / width)

    @property
    def truth(self) -> tuple[float, float]:
        """Mean and variance of δ over a standard normal amount."""
        delta = self.accuracy(NODES) - self.accuracy(np.zeros(1))
        mean = float(WEIGHTS @ delta)
        return mean, float(WEIGHTS @ (delta - mean) ** 2)

    def answers(self, margins: np.ndarray) -> ShiftedAnswers:
        steps = (-1.0, 1.0)
        return ShiftedAnswers(self.right(margins, NODES), WEIGHTS, steps, self.right(margins, np.array(steps)))


def of(toy: Toy, margins: np.ndarray, groups: np.ndarray | None = None) -> Systematics:
    return systematics(margins > 0, {"θ": toy.answers(margins)}, groups=groups)


@pytest.fixture(scope="module")
def toys() -> list[Systematics]:
    generator, toy = np.random.default_rng(1), Toy()
    return [of(toy, toy.margins(5, 300, generator)) for _ in range(300)]


def test_the_interval_of_the_bias_covers_the_truth(toys: list[Systematics]) -> None:
    mean, _ = Toy().truth
    intervals = [found.sources[0].bias.interval() for found in toys]
    assert np.mean([interval.low <= mean <= interval.high for interval in intervals]) == pytest.approx(0.95, abs=0.03)
    pulls = [pull(found.sources[0].bias, mean) for found in toys]
    assert np.std(pulls) == pytest.approx(1, abs=0.12)
    assert np.mean(pulls) == pytest.approx(0, abs=0.15)


def pull(estimate: Estimate, truth: float) -> float:
    """Normally distributed where Student's t is right with these degrees of freedom."""
    t = (estimate.value - truth) / estimate.standard_error
    return float(special.ndtri(special.stdtr(estimate.degrees_of_freedom, t)))


def test_ideal_minus_real_covers_the_truth_as_well(toys: list[Systematics]) -> None:
    mean, _ = Toy().truth
    assert np.mean([found.loss.interval().low <= -mean <= found.loss.interval().high for found in toys]) > 0.92
    assert np.mean([found.real.value for found in toys]) == pytest.approx(
        Toy().accuracy(np.zeros(1))[0] + mean, abs=4e-3
    )


def test_the_spread_is_unbiased_and_without_its_correction_is_not(toys: list[Systematics]) -> None:
    _, truth = Toy().truth
    variances = np.array([found.sources[0].variance for found in toys])
    error = variances.std() / math.sqrt(len(variances))
    assert variances.mean() == pytest.approx(truth, abs=3 * error)
    # A shift that does nothing on average has no spread, whatever single images do: only the correction says so.
    generator, seeds, images = np.random.default_rng(3), 3, 200
    corrected, plain = [], []
    for _ in range(100):
        right = generator.random((seeds, images)) < 0.9
        other = generator.random((7, seeds, images)) < 0.9
        source = systematics(right, {"noise": ShiftedAnswers(other, WEIGHTS, (1.0,), other[:1])}).sources[0]
        delta = other.mean(axis=(1, 2)) - right.mean()
        plain.append(float(WEIGHTS @ (delta - WEIGHTS @ delta) ** 2))
        corrected.append(source.variance)
    error = np.std(corrected) / math.sqrt(len(corrected))
    assert abs(np.mean(corrected)) < 3 * error
    assert np.mean(plain) > 8 * error


def test_joint_draws_have_the_same_mean_and_spread_and_an_error_of_their_own() -> None:
    generator, toy = np.random.default_rng(2), Toy()
    mean, truth = toy.truth
    found = []
    for _ in range(200):
        margins = toy.margins(3, 200, generator)
        joint = toy.right(margins, generator.normal(size=40))
        found.append(systematics(margins > 0, {"θ": toy.answers(margins)}, joint=joint))
    joints = [one.joint for one in found if one.joint]
    variances = np.array([joint.variance for joint in joints])
    assert variances.mean() == pytest.approx(truth, abs=3 * variances.std() / math.sqrt(len(joints)))
    covered = [one.loss.interval().low <= -mean <= one.loss.interval().high for one in found]
    assert np.mean(covered) > 0.88  # the effect is skewed, so that 0.95 takes more draws
    blind = [math.hypot(one.loss.test_sample, one.loss.training or 0.0) for one in found]
    assert np.mean([abs(one.loss.value + mean) < 1.96 * error for one, error in zip(found, blind, strict=True)]) < 0.7


def test_images_of_one_group_are_not_counted_as_independent() -> None:
    generator, toy = np.random.default_rng(4), Toy(network=0.2, seed=0.05)
    groups = np.arange(50).repeat(8)
    found = [(of(toy, m, groups), of(toy, m)) for m in (toy.margins(3, 400, generator, 50) for _ in range(100))]
    mean, _ = toy.truth

    def coverage(which: int) -> float:
        intervals = [pair[which].sources[0].bias.interval() for pair in found]
        truth = float(np.mean([pair[0].sources[0].bias.value for pair in found]))
        assert truth == pytest.approx(mean, abs=0.02)
        return float(np.mean([one.low <= truth <= one.high for one in intervals]))

    assert coverage(0) > 0.86
    assert coverage(1) < 0.75


def test_one_network_at_a_fixed_amount_is_the_paired_difference() -> None:
    generator = np.random.default_rng(5)
    right, other = (generator.random((1, 500)) < share for share in (0.9, 0.8))
    source = systematics(right, {"blur=1": fixed(other)}).sources[0]
    paired = difference(right, other)
    assert source.bias.value == pytest.approx(paired.effect)
    assert source.bias.test_sample == pytest.approx(paired.test_sample)
    assert source.bias.training is None
    assert (source.spread, source.up, source.down) == (0, 0, pytest.approx(-paired.effect))


def test_up_and_down_are_the_effects_of_one_standard_deviation() -> None:
    right = np.array([[True] * 600 + [False] * 400] * 2)
    better, worse = right.copy(), right.copy()
    better[:, 600:700], worse[:, :200] = True, False
    for steps, up, down in (((worse, better), 0.1, 0.2), ((worse, worse), 0, 0.2), ((better, better), 0.1, 0)):
        answers = ShiftedAnswers(right[None], np.ones(1), (-1.0, 1.0), np.stack(steps))
        source = systematics(right, {"θ": answers}).sources[0]
        assert (source.up, source.down) == (pytest.approx(up), pytest.approx(down))


def test_independent_sources_add_in_quadrature() -> None:
    right = np.array([[True] * 800 + [False] * 200] * 2)
    first, second = right.copy(), right.copy()
    first[:, :300], second[:, :400] = False, False
    found = systematics(right, {"a": fixed(first), "b": fixed(second)})
    assert (found.up, found.down) == (0, pytest.approx(0.5))
    assert found.loss.value == pytest.approx(0.7)
    assert found.real.value == pytest.approx(0.1)


def test_what_acts_together_need_not_be_the_sum() -> None:
    right = np.array([[True] * 800 + [False] * 200] * 2)
    first, both = right.copy(), right.copy()
    first[:, :300], both[:, :400] = False, False
    sources = {"a": fixed(first), "b": fixed(first)}
    assert systematics(right, sources).loss.value == pytest.approx(0.6)
    found = systematics(right, sources, both)
    assert (found.loss.value, found.real.value) == (pytest.approx(0.4), pytest.approx(0.4))


def test_the_mean_by_amounts_of_their_own_is_that_of_the_quadrature() -> None:
    generator, toy = np.random.default_rng(11), Toy()
    mean, _ = toy.truth
    found = []
    for _ in range(150):
        margins = toy.margins(4, 250, generator)
        own = margins > toy.hurt * generator.normal(size=250) ** 2
        found.append(systematics(margins > 0, {"θ": toy.answers(margins)}, own).loss)
    assert np.mean([one.value for one in found]) == pytest.approx(-mean, abs=0.005)
    assert np.mean([one.interval().low <= -mean <= one.interval().high for one in found]) > 0.91


def test_a_passed_check_adds_nothing_and_says_what_it_may_hide() -> None:
    generator = np.random.default_rng(6)
    right = generator.random((3, 1000)) < 0.9
    noise = right ^ (generator.random((3, 1000)) < 0.02) & (generator.random((3, 1000)) < 0.5)
    noise = np.where(generator.random((3, 1000)) < 0.5, noise, right)
    worse = right & (np.arange(1000) > 100)
    found = systematics(right, {"harmless": fixed(right.copy()), "real": fixed(worse)})
    harmless, real = found.sources
    assert (harmless.has_effect, harmless.up, harmless.down) == (False, 0, 0)
    assert harmless.limit == pytest.approx(1 - 0.025 ** (1 / 1000))  # nothing of 1000 changed: Clopper and Pearson
    assert "no effect seen, so it adds nothing; it may be up to 0.37 (95 %)" in str(harmless)
    assert real.has_effect
    assert found.down == pytest.approx(real.down) != 0
    small = systematics(right, {"slight": fixed(noise)}).sources[0]
    interval = small.bias.interval()
    assert small.has_effect == (interval.low > 0 or interval.high < 0)


def test_passed_checks_are_few_where_nothing_happens_and_none_where_it_does() -> None:
    generator, seen = np.random.default_rng(7), 0
    for _ in range(150):
        base = generator.random((4, 300))
        right = base < 0.9
        steps = [np.where(generator.random((4, 300)) < 0.1, generator.random((4, 300)), base) < 0.9 for _ in range(2)]
        answers = ShiftedAnswers(np.stack(steps), np.full(2, 0.5), (-1.0, 1.0), np.stack(steps))
        seen += systematics(right, {"θ": answers}).sources[0].has_effect
    assert seen / 150 < 0.08
    generator, toy = np.random.default_rng(8), Toy()
    assert all(of(toy, toy.margins(5, 300, generator)).sources[0].has_effect for _ in range(50))


def test_without_sources_it_is_the_accuracy_alone() -> None:
    right = np.random.default_rng(9).random((3, 100)) < 0.8
    found = systematics(right, {})
    assert (found.up, found.down, found.loss.value) == (0, 0, 0)
    assert str(found) == f"accuracy {mean_accuracy(right)}"
    assert list(found.frame()["source"]) == ["test sample", "training"]


def test_the_table_has_a_row_for_each_error() -> None:
    generator, toy = np.random.default_rng(10), Toy()
    margins = toy.margins(3, 200, generator)
    joint = toy.right(margins, generator.normal(size=4))
    found = systematics(margins > 0, {"θ": toy.answers(margins)}, joint=joint)
    rows = {row["source"]: row for row in found.frame().to_dict("records")}
    assert list(rows) == ["test sample", "training", "θ", "all together"]
    assert (rows["θ"]["bias"], rows["θ"]["down"]) == (found.sources[0].bias.value, found.sources[0].down)
    assert found.joint
    assert found.joint.middle
    assert rows["all together"]["down"] == found.down == -found.joint.middle[0]
    assert "(draws) %" in str(found).splitlines()[1]
    assert "differs by" in str(found).splitlines()[-1]


@pytest.mark.parametrize(
    ("right", "says"),
    [
        (np.ones((1, 3, 10), bool), r"expected booleans \[amounts, 2, 10\]"),
        (np.ones((1, 2, 10)), "hold float64"),
        (np.ones((2, 10), bool), "expected booleans"),
    ],
)
def test_answers_of_other_networks_or_images_are_refused(right: np.ndarray, says: str) -> None:
    plain = np.ones((2, 10), bool)
    with pytest.raises(StatisticsError, match=says):
        systematics(plain, {"blur": ShiftedAnswers(right, np.ones(1), (1.0,), right)})


def test_one_joint_draw_has_no_spread() -> None:
    plain = np.ones((2, 10), bool)
    with pytest.raises(StatisticsError, match="expected at least 2"):
        systematics(plain, {}, joint=plain[None])
