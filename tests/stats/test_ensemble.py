import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import accuracy_score

from netgain.errors import StatisticsError
from netgain.stats import ensemble, mean_accuracy


def test_is_the_mean_of_the_scores_with_image_errors_only(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 5, 800, signal=2.0)
    result = ensemble(scores, labels)
    answers = scores.mean(axis=0).argmax(axis=1)
    assert result.accuracy.value == accuracy_score(labels, answers)
    assert result.accuracy.training is None
    right = scores.argmax(axis=2) == labels
    assert result.single == mean_accuracy(right)
    paired = (answers == labels) - right.mean(axis=0)
    assert result.gain.effect == pytest.approx(paired.mean())
    assert result.gain.test_sample == pytest.approx(paired.std(ddof=1) / math.sqrt(800))
    assert result.gain.training is None
    assert result.gain.interval().low > 0
    assert result.gain.p_value < 0.01
    assert result.gain.accuracy_a.training is None
    assert result.gain.degrees_of_freedom == 799
    fixed, broken = int((paired > 0).sum()), int((paired < 0).sum())
    assert (result.gain.num_fixed, result.gain.num_broken) == (fixed, broken)
    assert result.gain.discordant_rms == pytest.approx(math.sqrt(np.square(paired).sum() / (fixed + broken)))
    assert result.gain.method == "crossed t"
    assert result.gain.p_value == pytest.approx(stats.ttest_1samp(paired, 0)[1])
    together, gain = result.accuracy, result.gain
    assert str(result) == (
        f"ensemble of 5: {100 * together.value:.2f} ± {100 * together.test_sample:.2f} (test sample) %, 95 % interval "
        f"{100 * together.interval().low:.2f} to {100 * together.interval().high:.2f} %, one ensemble: training not "
        f"measured; against its mean single network {100 * gain.effect:+.2f} ± {100 * gain.test_sample:.2f} (test "
        "sample) percentage points"
    )
    quantities = {"ensemble": together, "single network": result.single, "gain": gain}
    for row, (name, quantity) in zip(result.frame().to_dict("records"), quantities.items(), strict=True):
        assert row["quantity"] == name
        assert row["value"] == (gain.effect if name == "gain" else quantity.value)
        assert row["test_sample"] == quantity.test_sample
        assert row["training"] == pytest.approx(quantity.training or math.nan, nan_ok=True)
        assert (row["low"], row["high"]) == (quantity.interval().low, quantity.interval().high)


def three_networks(discordant, alike):
    """Two of three networks are right on the first `discordant` images, all on the `alike` others; all labels are 0."""
    right, wrong = [0.9, 0.1], [0.2, 0.8]
    return np.array(
        [[wrong if s == i % 3 and i < discordant else right for i in range(discordant + alike)] for s in range(3)]
    )


@pytest.mark.parametrize(("discordant", "method"), [(24, "crossed t with exact sign test"), (25, "crossed t")])
def test_the_sign_test_has_its_say_below_25_images_that_differ(discordant, method):
    gain = ensemble(three_networks(discordant, 40), [0] * (discordant + 40)).gain
    assert (gain.num_fixed, gain.num_broken, gain.method) == (discordant, 0, method)
    assert gain.discordant_rms == pytest.approx(1 / 3)
    t = stats.ttest_1samp([1 / 3] * discordant + [0] * 40, 0)[1]
    assert gain.p_value == pytest.approx(t if discordant == 25 else max(t, 2 * 0.5**24))


def test_a_gain_without_spread_is_judged_by_the_sign_test():
    gain = ensemble(three_networks(30, 0), [0] * 30).gain
    assert (gain.effect, gain.variance) == (pytest.approx(1 / 3), 0)
    assert gain.p_value == pytest.approx(2 * 0.5**30)


def test_one_image_and_two():
    one = ensemble(three_networks(1, 0), [0]).gain
    assert (one.image_variance, one.degrees_of_freedom, one.p_value) == (0, 1, 1)
    two = ensemble(three_networks(1, 1), [0, 0]).gain
    assert (two.image_variance, two.degrees_of_freedom) == (pytest.approx(np.var([1 / 3, 0], ddof=1)), 1)
    error = f"{100 * two.test_sample:.2f}"
    assert str(ensemble(three_networks(1, 1), [0, 0])).endswith(f"± {error} (test sample) percentage points")
    three = ensemble(three_networks(1, 2), [0, 0, 0]).gain
    assert three.degrees_of_freedom == 2


def test_the_gain_covers_what_more_images_would_show(toy_scores):
    rng = np.random.default_rng(4)
    scores, labels = toy_scores(rng, 5, 60_000, signal=2.0)
    truth = ensemble(scores, labels).gain.effect
    hits = 0
    for part in np.split(np.arange(60_000), 200):
        interval = ensemble(scores[:, part], labels[part]).gain.interval()
        hits += interval.low <= truth <= interval.high
    assert 0.91 <= hits / 200 <= 0.99


def test_one_network_is_its_own_ensemble(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 1, 300)
    result = ensemble(scores, labels)
    assert result.accuracy == result.single
    assert (result.gain.effect, result.gain.p_value, result.gain.discordant_rms) == (0, 1, 1)
    interval = result.gain.interval()
    assert interval.low < 0 < interval.high


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), seeds=st.integers(1, 4), images=st.integers(1, 12))
def test_order_changes_nothing_and_everything_is_finite(seed, seeds, images):
    rng = np.random.default_rng(seed)
    scores, labels = rng.random((seeds, images, 3)), rng.integers(3, size=images)
    order = rng.permutation(images)
    result, other = ensemble(scores, labels), ensemble(scores[::-1][:, order], labels[order])
    assert other.gain.effect == pytest.approx(result.gain.effect)
    assert other.gain.variance == pytest.approx(result.gain.variance)
    interval = result.gain.interval()
    assert -1 <= interval.low <= result.gain.effect <= interval.high <= 1
    assert result.frame()["value"].tolist() == [result.accuracy.value, result.single.value, result.gain.effect]
    assert "nan" not in str(result)


def test_networks_that_diverged_are_refused(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 3, 30)
    scores[2] = np.nan
    with pytest.raises(StatisticsError, match=r"rows \[2\] of the seeds: such a network has diverged"):
        ensemble(scores, labels)
