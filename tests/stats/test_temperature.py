from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from sklearn.metrics import log_loss

from netgain.errors import StatisticsError
from netgain.stats import calibration, temperature
from netgain.stats.estimate import columns


@pytest.fixture
def sharp(toy_scores):
    rng = np.random.default_rng(0)
    make = {"signal": 2.0, "sharpness": 3.0}
    return (*toy_scores(rng, 3, 600, **make), *toy_scores(rng, 3, 900, **make))


def slow_loss(scores, labels, value):
    powers = scores.astype(float) ** (1 / value)
    return log_loss(labels, powers / powers.sum(axis=1, keepdims=True), labels=range(scores.shape[1]))


def test_losses_are_those_of_sklearn_and_the_fit_is_the_minimum(sharp):
    validation, of_validation, test, of_test = sharp
    fitted = temperature(*sharp)
    assert fitted.loss_before.value == pytest.approx(np.mean([slow_loss(one, of_test, 1) for one in test]), abs=1e-6)
    after = [slow_loss(one, of_test, value) for one, value in zip(test, fitted.temperatures, strict=True)]
    assert fitted.loss_after.value == pytest.approx(np.mean(after), abs=1e-6)
    assert fitted.change.value == pytest.approx(fitted.loss_after.value - fitted.loss_before.value)
    for one, value in zip(validation, fitted.temperatures, strict=True):
        slow: Any = optimize.minimize_scalar(
            lambda t, one=one: slow_loss(one, of_validation, t), bounds=(0.5, 9), method="bounded"
        )
        assert value == pytest.approx(slow.x, rel=1e-3)


def test_the_change_is_paired_and_mends_the_calibration(sharp):
    fitted = temperature(*sharp)
    assert fitted.change.value < -5 * fitted.change.standard_error
    assert fitted.change.test_sample < fitted.loss_before.test_sample
    scaled = fitted.scaled(sharp[2])
    assert scaled.sum(axis=2) == pytest.approx(1)
    assert (scaled.argmax(axis=2) == sharp[2].argmax(axis=2)).all()
    before, after = (
        calibration(scores, sharp[3], generator=np.random.default_rng(0)).error.value for scores in (sharp[2], scaled)
    )
    assert after < 0.5 * before


def test_table_and_words(sharp):
    fitted = temperature(*sharp)
    mean = fitted.mean
    assert str(fitted) == (
        f"temperature {mean.value:.3f} ± {mean.test_sample:.3f} (validation sample) ± {mean.training:.3f} (training); "
        f"it changes the test loss by {fitted.change}"
    )
    losses = {"before": fitted.loss_before, "after": fitted.loss_after, "change": fitted.change}
    assert fitted.frame().to_dict("records") == [
        {"quantity": name, **columns("loss", loss)} for name, loss in losses.items()
    ]


def test_the_validation_error_is_that_of_the_influence_of_each_image(sharp):
    """The influence of an image on the minimum: its slope over the mean curvature, by finite differences in 1/T."""
    validation, of_validation = sharp[0][:1], sharp[1]
    fitted = temperature(validation, of_validation, validation, of_validation)
    inverse, step = 1 / fitted.temperatures[0], 1e-3

    def losses(at):
        powers = validation[0].astype(float) ** at
        return -np.log(powers[np.arange(len(of_validation)), of_validation] / powers.sum(axis=1))

    low, middle, high = (losses(inverse + change) for change in (-step, 0, step))
    slopes, curvature = (high - low) / (2 * step), ((high - 2 * middle + low) / step**2).mean()
    influence = slopes / curvature / inverse**2
    assert fitted.mean.test_sample == pytest.approx(influence.std(ddof=1) / len(influence) ** 0.5, rel=1e-3)
    assert fitted.mean.training is None


def test_an_end_of_the_search_does_not_move():
    scores = np.random.default_rng(0).dirichlet([9, 3, 1], size=(1, 20))
    first = scores.argmin(axis=2)[0]
    fitted = temperature(scores, first, scores, first)
    assert (fitted.temperatures, fitted.mean.test_sample) == ((20.0,), 0)


def test_the_validation_error_is_the_spread_of_the_fits(toy_scores):
    rng = np.random.default_rng(4)
    fits = []
    for _ in range(60):
        scores, labels = toy_scores(rng, 1, 300, signal=2.0, sharpness=3.0)
        fits.append(temperature(scores, labels, scores, labels))
    spread = np.std([fit.mean.value for fit in fits], ddof=1)
    assert np.mean([fit.mean.test_sample for fit in fits]) == pytest.approx(spread, rel=0.3)
    assert "(validation sample); it changes" in str(fits[0])


def test_without_a_wrong_image_the_search_ends_at_its_end():
    scores = np.tile([0.6, 0.3, 0.1], (2, 20, 1))
    zeros = np.zeros(20, int)
    assert temperature(scores, zeros, scores, zeros).temperatures == (0.05, 0.05)
    wrong = temperature(scores, zeros + 2, scores, zeros)
    assert wrong.temperatures == (20.0, 20.0)
    assert "nan" not in f"{wrong} {wrong.frame()}"


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000), images=st.integers(1, 10))
def test_zeros_and_any_order_are_fine(seed, images):
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet(np.ones(3) * 0.2, size=(2, images)).round(1)
    labels, order = rng.integers(3, size=images), rng.permutation(images)
    fitted = temperature(scores, labels, scores, labels)
    other = temperature(scores[:, order], labels[order], scores, labels)
    assert fitted.temperatures == pytest.approx(other.temperatures, rel=1e-6)
    assert np.isfinite(fitted.scaled(scores)).all()
    assert np.isfinite([fitted.loss_before.value, fitted.loss_after.value, fitted.change.standard_error]).all()


def test_wrong_input_is_refused(sharp):
    validation, of_validation, test, of_test = sharp
    with pytest.raises(StatisticsError, match="same seeds and classes"):
        temperature(validation[:2], of_validation, test, of_test)
    with pytest.raises(StatisticsError, match="`test_labels` has shape"):
        temperature(validation, of_validation, test, of_validation)
    with pytest.raises(StatisticsError, match="`validation_labels` has shape"):
        temperature(validation, of_test, test, of_test)
    with pytest.raises(StatisticsError, match="expected the 3 networks"):
        temperature(*sharp).scaled(test[:1])
