import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import conformal_sets, conformal_thresholds


def slow_sets(validation, of_validation, test, alpha):
    """One network: sort, take the rank, try every class."""
    strangeness = sorted(1 - float(row[label]) for row, label in zip(validation, of_validation, strict=True))
    rank = math.ceil((len(strangeness) + 1) * (1 - alpha) - 1e-9)
    limit = strangeness[rank - 1] if rank <= len(strangeness) else math.inf
    return [[1 - float(score) <= limit for score in row] for row in test]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), images=st.integers(1, 30), alpha=st.sampled_from([0.01, 0.1, 0.3, 0.5, 0.9]))
def test_equals_plain_loops(seed, images, alpha):
    rng = np.random.default_rng(seed)
    validation, test = (rng.dirichlet(np.ones(3), size=(2, number)).round(2) for number in (images, 5))
    of_validation, of_test = rng.integers(3, size=images), rng.integers(3, size=5)
    result = conformal_sets(validation, of_validation, test, of_test, alpha)
    for mine, of_network, scores in zip(result.sets, validation, test, strict=True):
        assert mine.tolist() == slow_sets(of_network, of_validation, scores, alpha)
    assert result.size.value == pytest.approx(result.sets.sum(axis=2).mean())
    assert conformal_thresholds(validation, of_validation, alpha).tolist() == list(result.thresholds)
    frame: Any = result.frame()
    assert frame["fraction"].sum() == pytest.approx(1)
    assert "nan" not in str(result)


def test_agrees_with_mapie(toy_scores):
    mapie = pytest.importorskip("mapie.classification")
    pytest.importorskip("sklearn.base")
    assert mapie is not None
    rng = np.random.default_rng(2)
    scores, labels = toy_scores(rng, 1, 700)

    class Fixed:
        """A classifier whose input is its own output."""

        classes_ = np.arange(4)
        fitted_ = True

        def fit(self, x, y):
            return self

        def predict(self, x):
            return x.argmax(axis=1)

        def predict_proba(self, x):
            return x

    judge = mapie.SplitConformalClassifier(Fixed(), confidence_level=0.9, conformity_score="lac", prefit=True)
    judge.conformalize(scores[0, :300], labels[:300])
    _, expected = judge.predict_set(scores[0, 300:])
    mine = conformal_sets(scores[:, :300], labels[:300], scores[:, 300:], labels[300:], 0.1)
    assert (mine.sets[0] == expected[..., 0]).all()


@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_coverage_is_promised_over_samples_with_the_spread_of_beta(toy_scores, alpha):
    rng = np.random.default_rng(3)
    results = []
    for _ in range(300):
        scores, labels = toy_scores(rng, 1, 3100)
        results.append(conformal_sets(scores[:, :100], labels[:100], scores[:, 100:], labels[100:], alpha))
    covered = [result.coverage.value for result in results]
    assert 1 - alpha - 0.004 <= np.mean(covered) <= 1 - alpha + 1 / 101 + 0.006
    assert results[0].validation_error == pytest.approx(np.std(covered, ddof=1), rel=0.15)


def test_empty_sets_are_a_warning_in_words(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(1), 2, 2000, signal=6.0)
    parts = (scores[:, :1000], labels[:1000], scores[:, 1000:], labels[1000:])
    careless = conformal_sets(*parts, alpha=0.3)
    assert careless.empty.value > 0.2
    assert careless.warning == (
        f"{100 * careless.empty.value:.2f} % of the sets are empty; this happens if one answer alone is right about "
        "as often as the 70 % promised; choose an alpha below the networks' error rate"
    )
    assert str(careless).endswith(f"(training); {careless.warning}")
    scores, labels = toy_scores(np.random.default_rng(1), 2, 2000, signal=2.0)
    careful = conformal_sets(scores[:, :1000], labels[:1000], scores[:, 1000:], labels[1000:], alpha=0.05)
    assert careful.warning == ""
    assert str(careful) == (
        f"sets that promise 95 % contain the right class for {careful.coverage}, "
        f"± {100 * careful.validation_error:.2f} (validation sample); mean size {careful.size}"
    )
    assert 0 in careless.frame()["size"].tolist()


def test_the_error_of_the_validation_sample_is_that_of_beta():
    scores = np.tile([0.7, 0.2, 0.1], (1, 9, 1))
    result = conformal_sets(scores, [0] * 9, scores, [0] * 9, alpha=0.2)
    assert result.validation_error == pytest.approx(float(stats.beta(8, 2).std()))  # rank 8 of 9


def test_too_few_validation_images_put_every_class_into_every_set():
    scores = np.tile([0.7, 0.2, 0.1], (1, 5, 1))
    result = conformal_sets(scores, [0] * 5, scores, [2] * 5, alpha=0.1)
    assert result.sets.all()
    assert (result.coverage.value, result.size.value, result.validation_error) == (1, 3, 0)


def test_wrong_input_is_refused(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(1), 2, 30)
    with pytest.raises(StatisticsError, match="`alpha` is 1"):
        conformal_sets(scores, labels, scores, labels, 1)
    with pytest.raises(StatisticsError, match="same seeds and classes"):
        conformal_sets(scores[..., :3], np.zeros(30, int), scores, labels, 0.1)
    with pytest.raises(StatisticsError, match="`validation_scores` reaches"):
        conformal_sets(2 * scores, labels, scores, labels, 0.1)
    with pytest.raises(StatisticsError, match="`test_labels` has shape"):
        conformal_sets(scores, labels, scores, labels[1:], 0.1)


def test_thresholds_alone_refuse_what_cannot_be():
    scores = np.full((1, 2, 2), 0.5)
    with pytest.raises(StatisticsError, match="`alpha` is 1"):
        conformal_thresholds(scores, [0, 1], alpha=1.0)
    with pytest.raises(StatisticsError, match="labels"):
        conformal_thresholds(scores, [0, 1, 1], alpha=0.1)
    with pytest.raises(StatisticsError, match="softmax"):
        conformal_thresholds(3 * scores, [0, 1], alpha=0.1)
