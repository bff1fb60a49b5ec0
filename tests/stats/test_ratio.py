"""The errors of a ratio of sums: by pseudo-experiments, beside a formula that takes all characters as independent."""

import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import mean_accuracy, ratio_estimate

NUM_TOYS, NUM_SEEDS, NUM_ITEMS = 1500, 4, 300
EASY, HARD, SHARE_OF_HARD = 0.01, 0.4, 0.06
TRUE_RATIO = (1 - SHARE_OF_HARD) * EASY + SHARE_OF_HARD * HARD


def toys() -> list[tuple[np.ndarray, np.ndarray]]:
    """Strings of 1 to 8 characters, a few of them hard as a whole; networks that err more or less than others."""
    generator, made = np.random.default_rng(0), []
    for _ in range(NUM_TOYS):
        lengths = generator.integers(1, 9, NUM_ITEMS)
        difficulty = np.where(generator.random(NUM_ITEMS) < SHARE_OF_HARD, HARD, EASY)
        skill = generator.uniform(0.5, 1.5, (NUM_SEEDS, 1))
        made.append((generator.binomial(lengths, difficulty * skill), lengths))
    return made


def coverage(holds: list[bool]) -> float:
    return float(np.mean(holds))


def test_intervals_cover_the_true_ratio_and_a_formula_of_independent_characters_does_not() -> None:
    experiments = toys()
    intervals = [ratio_estimate(*toy).interval() for toy in experiments]
    ours = coverage([one.low < TRUE_RATIO < one.high for one in intervals])
    # The control: every character of every seed as a trial of its own.
    naive = []
    for edits, lengths in experiments:
        trials, value = lengths.sum() * NUM_SEEDS, edits.sum() / (lengths.sum() * NUM_SEEDS)
        naive.append(abs(value - TRUE_RATIO) < 1.96 * np.sqrt(value * (1 - value) / trials))
    assert ours == pytest.approx(0.95, abs=0.02)
    assert coverage(naive) < 0.6


def test_errors_are_as_large_as_the_estimates_scatter() -> None:
    found = [ratio_estimate(*toy) for toy in toys()[:500]]
    scatter = np.std([one.value for one in found])
    assert np.sqrt(np.mean([one.standard_error**2 for one in found])) == pytest.approx(scatter, rel=0.07)


def test_with_a_denominator_of_one_it_is_the_mean_accuracy() -> None:
    right = np.random.default_rng(1).random((3, 50)) < 0.8
    ratio, accuracy = ratio_estimate(right, np.ones(50)), mean_accuracy(right)
    assert ratio.value == pytest.approx(accuracy.value)
    assert ratio.test_sample == pytest.approx(accuracy.test_sample)
    assert ratio.training == pytest.approx(accuracy.training)
    ours, theirs = ratio.interval(), accuracy.interval()
    assert (ours.low, ours.high) == (pytest.approx(theirs.low), pytest.approx(theirs.high))


def test_items_of_a_group_count_as_one() -> None:
    generator = np.random.default_rng(2)
    edits, lengths = generator.integers(0, 3, (1, 40)), generator.integers(3, 9, 40)
    alone = ratio_estimate(edits, lengths)
    fourfold = np.repeat(edits, 4, axis=1), np.repeat(lengths, 4)
    grouped = ratio_estimate(*fourfold, groups=np.repeat(np.arange(40), 4))
    assert grouped.test_sample == pytest.approx(alone.test_sample, rel=0.02)
    assert ratio_estimate(*fourfold).test_sample < 0.6 * grouped.test_sample


def test_no_edit_at_all_still_has_an_interval_and_says_so() -> None:
    nothing = ratio_estimate(np.zeros((3, 200)), np.full(200, 4))
    assert nothing.interval().high == pytest.approx(1 - 0.025 ** (1 / 200), rel=0.01)  # of 200 strings
    assert nothing.percent() == "0 % (95 %: 0–1.83)"


def test_a_ratio_above_one_and_a_single_seed() -> None:
    more = ratio_estimate([[9, 3, 4]], [2, 2, 2])
    assert more.value == pytest.approx(16 / 6)
    assert more.interval().low < 1 < more.value < more.interval().high
    assert more.percent().endswith("%, one seed: training not measured")


@pytest.mark.parametrize(
    ("numerators", "denominators", "message"),
    [
        ([1, 0], [1, 1], r"shapes \(2,\) and \(2,\)"),
        ([[1, 0]], [1, 1, 1], r"shapes \(1, 2\) and \(3,\)"),
        ([[1, -1]], [1, 1], "not below zero"),
        ([[1, np.nan]], [1, 1], "finite"),
        ([[0, 0]], [0, 0], "sum to zero"),
    ],
)
def test_what_is_no_ratio_is_refused(numerators: object, denominators: object, message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        ratio_estimate(numerators, denominators)  # pyright: ignore[reportArgumentType]
