import dataclasses

import numpy as np
import pytest
from scipy import special

from netgain.errors import StatisticsError
from netgain.stats import Nuisance, class_fractions
from netgain.stats.fractions import TARGETS

CLASSES = 4
SHARES = np.array([0.5, 0.3, 0.2, 0.0])


def scores_of(labels, rng, signal=2.5, sharpness=1.0, rotation=0.0):
    """Softmax scores; a rotation takes signal from the even classes and gives noise."""
    logits = rng.normal(size=(len(labels), CLASSES))
    lost = np.where(labels % 2 == 0, rotation, 0.3 * rotation)
    logits[np.arange(len(labels)), labels] += signal - lost
    return special.softmax(sharpness * logits, axis=1)


def labels_of(count, shares, rng):
    return rng.choice(CLASSES, size=count, p=shares)


def fit(templates, sample, nuisances=()):
    return class_fractions(templates[0], templates[1], sample, nuisances)


@pytest.fixture(scope="module")
def templates():
    rng = np.random.default_rng(0)
    labels = np.arange(4000) % CLASSES
    return scores_of(labels, rng), labels


@pytest.fixture(scope="module")
def fitted(templates):
    rng = np.random.default_rng(1)
    labels = labels_of(3000, SHARES, rng)
    return fit(templates, scores_of(labels, rng)), labels


def test_fractions_are_found_within_their_errors(fitted):
    found, labels = fitted
    realised = np.bincount(labels, minlength=CLASSES) / len(labels)
    assert found.fractions.sum() == pytest.approx(1)
    assert found.fractions.min() >= 0
    assert (found.num_images, found.num_template_images) == (3000, 4000)
    assert np.abs((found.signed - realised) / found.errors("sample").total).max() < 3.5
    assert np.abs((found.signed - SHARES) / found.errors("population").total).max() < 3.5
    assert found.familiar
    assert found.doubts == ()


def test_a_class_that_the_sample_lacks_is_compatible_with_zero(fitted):
    found, _ = fitted
    for target in TARGETS:
        interval = found.interval(target=target)
        assert interval.low[3] == 0
        assert 0 < interval.high[3] < 0.02


def test_errors_add_in_quadrature_and_the_population_has_the_larger_one(fitted):
    found, _ = fitted
    sample, population = (found.errors(target) for target in ("sample", "population"))
    for errors in (sample, population):
        squares = errors.data**2 + errors.templates**2 + errors.systematics**2
        assert squares == pytest.approx(errors.total**2)
        assert not errors.systematics.any()
    counting = found.fractions * (1 - found.fractions) / found.num_images
    assert population.data**2 - sample.data**2 == pytest.approx(counting)
    assert np.sqrt(np.diag(found.covariance("sample"))) == pytest.approx(sample.total)


def test_the_interval_is_as_long_as_the_error_far_from_the_borders(fitted):
    found, _ = fitted
    for target in TARGETS:
        interval = found.interval(0.6827, target)
        lengths = (interval.high - interval.low)[:3] / found.errors(target).total[:3]
        assert lengths == pytest.approx([2, 2, 2], rel=0.03)


def test_an_absent_class_keeps_an_error_where_no_template_image_looks_like_it():
    labels = np.arange(400) % CLASSES
    found = class_fractions(np.eye(CLASSES)[labels], labels, np.eye(CLASSES)[np.repeat([0, 1], [900, 100])])
    # Half an image in 100 for the first class, of which a quarter is of class 3: 900 of them may have one or two.
    assert found.errors("sample").total[3] == pytest.approx(0.9 / 100 * np.sqrt(0.5 / 4), rel=0.3)


def test_fractions_that_sum_to_one_are_correlated(fitted):
    found, _ = fitted
    for target in TARGETS:
        assert found.covariance(target).sum(axis=0) == pytest.approx(np.zeros(CLASSES), abs=1e-8)
        correlation = found.correlation(target)
        assert np.diag(correlation) == pytest.approx(np.ones(CLASSES))
        assert correlation[0, 1] < 0


def test_intervals_grow_with_the_level_and_contain_the_fit(fitted):
    found, _ = fitted
    narrow, wide = found.interval(0.68), found.interval(0.95)
    assert (wide.low <= narrow.low).all()
    assert (narrow.high <= wide.high).all()
    assert (narrow.low[:3] < found.signed[:3]).all()
    assert (found.signed[:3] < narrow.high[:3]).all()
    with pytest.raises(StatisticsError, match="between 0 and 1"):
        found.interval(95)


@pytest.mark.parametrize("sharpness", [0.4, 3.0])
def test_scores_need_not_be_calibrated(templates, sharpness):
    rng = np.random.default_rng(2)
    labels = labels_of(3000, SHARES, rng)
    state = rng.bit_generator.state
    plain = fit(templates, scores_of(labels, rng))
    rng.bit_generator.state = state
    sample = scores_of(labels, rng, sharpness=sharpness)
    known = np.random.default_rng(0)
    changed = class_fractions(scores_of(templates[1], known, sharpness=sharpness), templates[1], sample)
    assert changed.signed == pytest.approx(plain.signed, abs=0.3 * plain.errors().total.max())


def test_more_images_shrink_their_own_part_of_the_error():
    rng = np.random.default_rng(3)

    def errors(num_templates, num_images):
        known = np.arange(num_templates) % CLASSES
        labels = labels_of(num_images, SHARES, rng)
        return class_fractions(scores_of(known, rng), known, scores_of(labels, rng)).errors("sample")

    few, more_images, more_templates = errors(1000, 1000), errors(1000, 9000), errors(9000, 1000)
    assert few.data[:3] / more_images.data[:3] == pytest.approx(3, rel=0.2)
    assert few.templates[:3] / more_templates.templates[:3] == pytest.approx(3, rel=0.35)
    assert few.data[:3] == pytest.approx(more_templates.data[:3], rel=0.2)


def test_a_perfect_network_counts():
    labels = np.arange(400) % CLASSES
    sample = np.repeat(np.arange(CLASSES), [50, 30, 20, 0])
    found = class_fractions(np.eye(CLASSES)[labels], labels, np.eye(CLASSES)[sample])
    assert found.fractions == pytest.approx([0.5, 0.3, 0.2, 0.0], abs=0.01)
    binomial = np.sqrt(found.fractions * (1 - found.fractions) / 100)
    assert found.errors("population").data[:3] == pytest.approx(binomial[:3], rel=0.05)
    assert found.errors("sample").data.max() < 0.01
    assert found.familiar


def test_images_of_no_class_are_noticed(templates):
    rng = np.random.default_rng(4)
    labels = labels_of(2000, SHARES, rng)
    strange = special.softmax(0.3 * rng.normal(size=(200, CLASSES)), axis=1)
    found = fit(templates, np.concatenate([scores_of(labels, rng), strange]))
    assert not found.familiar
    assert found.goodness.p_value < 1e-4
    assert "does not look like the templates (p < 0.0001" in found.doubts[0]
    assert "get an unsure answer, where the templates expect" in found.doubts[1]
    assert found.doubts[0] in str(found)


def rotation_of(templates, sigma=1.0, values=(-2.0, -1.0, 0.0, 1.0, 2.0)):
    # The same noise for every amount: the same images, changed.
    _, labels = templates
    scores = np.stack([scores_of(labels, np.random.default_rng(0), rotation=max(value, -0.5)) for value in values])
    return Nuisance("rotation", "degrees", values, scores, 0.0, sigma)


def test_a_nuisance_is_found_and_without_it_the_fractions_are_wrong(templates):
    rng = np.random.default_rng(5)
    labels = labels_of(4000, SHARES, rng)
    sample = scores_of(labels, rng, rotation=1.0)
    without, found = fit(templates, sample), fit(templates, sample, [rotation_of(templates)])
    assert np.abs((without.signed - SHARES) / without.errors().total).max() > 5
    assert not without.familiar
    assert np.abs((found.signed - SHARES) / found.errors().total).max() < 3
    assert found.familiar
    (rotation,) = found.nuisances
    assert rotation.value == pytest.approx(1.0, abs=4 * rotation.error)
    assert 0 < rotation.error < 0.3
    assert rotation.pull == pytest.approx(rotation.value)
    assert np.abs(rotation.correlation).max() <= 1
    assert (found.errors().systematics > 0).all()
    assert str(rotation) == f"rotation {rotation.value:.2f} ± {rotation.error:.2f} degrees (pull {rotation.pull:+.2f})"
    assert str(rotation) in str(found)


def test_a_nuisance_that_changes_nothing_keeps_its_prior_and_the_errors(templates, fitted):
    rng = np.random.default_rng(1)
    sample = scores_of(labels_of(3000, SHARES, rng), rng)
    idle = Nuisance("blur", "pixels", (0.0, 1.0), np.stack([templates[0]] * 2), 0.4, 0.2)
    found = fit(templates, sample, [idle])
    (blur,) = found.nuisances
    assert (blur.value, blur.error, blur.pull) == (pytest.approx(0.4), pytest.approx(0.2, rel=0.2), pytest.approx(0))
    plain = fitted[0].errors()
    assert np.abs(found.signed - fitted[0].signed).max() < plain.total.max()
    assert found.errors().data[:3] == pytest.approx(plain.data[:3], rel=0.1)
    assert found.errors().systematics.max() < 1e-9


def test_the_error_of_a_nuisance_that_acts_alike_to_both_sides_reaches_the_other_minimum(templates):
    values, labels = (-2.0, -1.0, 0.0, 1.0, 2.0), templates[1]
    scores = np.stack([scores_of(labels, np.random.default_rng(0), rotation=0.5 * value**2) for value in values])
    tilt = Nuisance("tilt", "degrees", values, scores, 0.0, 1.0)
    rng = np.random.default_rng(5)
    (found,) = fit(templates, scores_of(labels_of(4000, SHARES, rng), rng, rotation=0.5), [tilt]).nuisances
    assert abs(found.value) == pytest.approx(1, abs=0.2)
    assert 0.8 < found.error < 2  # the curvature of χ² would say 0.07


def test_a_nuisance_is_found_beyond_a_minimum_that_is_nearer_to_its_mean(templates):
    values, labels = (-2.0, -1.0, 0.0, 1.0, 2.0), templates[1]
    effects = (0.2, 0.7, 0.4, 0.3, 1.2)  # from 0 it is downhill to -1, where the effect is still not that of the sample
    scores = np.stack([scores_of(labels, np.random.default_rng(0), rotation=effect) for effect in effects])
    rng = np.random.default_rng(5)
    sample = scores_of(labels_of(4000, SHARES, rng), rng, rotation=1.0)
    (found,) = fit(templates, sample, [Nuisance("tilt", "degrees", values, scores, 0.0, 1.0)]).nuisances
    assert found.value == pytest.approx(1.8, abs=0.2)


def test_the_table_has_a_row_for_each_class(fitted):
    table = fitted[0].frame()
    assert table["label"].tolist() == [0, 1, 2, 3]
    assert table["fraction"].sum() == pytest.approx(1)
    assert (table["sample_total"] <= table["population_total"]).all()
    assert (table["population_low"] <= table["population_high"]).all()


def test_the_words_split_the_error(fitted):
    lines = str(fitted[0]).splitlines()
    assert lines[0] == "class fractions of the population from 3,000 images:"
    assert lines[1].startswith("class 0: ")
    assert lines[1].endswith("(templates) %")
    assert repr(fitted[0]).startswith("<ClassFractions: class fractions of the population")


BAD = {
    "another number of classes": (lambda t, y, s: (t, y, s[:, :3] / s[:, :3].sum(axis=1, keepdims=True)), "4 classes"),
    "a class without templates": (lambda t, y, s: (t[y != 2], y[y != 2], s), "0 images of class 2"),
    "fewer images than classes": (lambda t, y, s: (t, y, s[:3]), "3 images, expected at least one for each of the 4"),
    "labels of other images": (lambda t, y, s: (t, y[:-1], s), "`template_labels` has shape"),
    "several networks": (lambda t, y, s: (t[np.newaxis], y, s), "the scores of one network"),
    "not finite": (lambda t, y, s: (t, y, np.where(s > 0.9, np.nan, s)), "not finite"),
    "not probabilities": (lambda t, y, s: (t, y, 10 * s), "expected probabilities between 0 and 1"),
    "sums of another kind": (lambda t, y, s: (t / 2, y, s), "sum to 0.5"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_one_message(templates, name):
    change, message = BAD[name]
    sample = scores_of(np.arange(500) % CLASSES, np.random.default_rng(6))
    changed = change(templates[0], templates[1], sample)
    with pytest.raises(StatisticsError, match=message):
        fit(changed[:2], changed[2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": (-2.0, 1.0, 0.0, 1.5, 2.0)}, "rising amounts, 0 among them"),
        ({"values": (1.0, 2.0, 3.0, 4.0, 5.0)}, "rising amounts, 0 among them"),
        ({"scores": np.zeros((5, 10, CLASSES))}, "for each amount those of all template images"),
        ({"sigma": 0.0}, "expected a sigma above 0"),
        ({"mean": 3.0}, "a mean among the amounts"),
    ],
)
def test_a_bad_nuisance_is_refused(templates, change, message):
    bad = dataclasses.replace(rotation_of(templates), **change)
    with pytest.raises(StatisticsError, match=message):
        fit(templates, templates[0], [bad])


def test_another_target_is_refused(fitted):
    with pytest.raises(StatisticsError, match="expected 'population' or 'sample'"):
        fitted[0].errors("images")
