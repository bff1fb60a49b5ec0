from typing import Any

import numpy as np
import pytest
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import ScoreDistributions, right_class_log_odds
from netgain.stats import score_distributions as of_log_odds
from netgain.stats.score_distributions import ClassDistributions


def score_distributions(train, of_train, test, of_test):
    """From scores, as people have them."""
    train_odds, test_odds = right_class_log_odds(train, of_train), right_class_log_odds(test, of_test)
    return of_log_odds(train_odds, of_train, test_odds, of_test)


def slow_odds(scores, label):
    return [
        np.log(max(float(row[label]), 2.0**-126)) - np.log(max(sum(np.delete(row.astype(float), label)), 2.0**-126))
        for row in scores
    ]


def of_class(label, p_value):
    return ClassDistributions(label, 5, 5, 0.25, None, p_value, (0.0, 1.0), (5.0,), (5.0,))


def test_words_name_the_classes_below_the_limit_shared_by_all():
    calm = ScoreDistributions((of_class(0, 0.005), of_class(1, 0.5)))  # the limit itself does not stand out
    assert str(calm) == "scores on training and test images: no class differs significantly (every p above 0.005)"
    loud = ScoreDistributions((of_class(0, 0.001), of_class(1, 0.5), of_class(2, 0.002)))
    assert str(loud) == "scores on training and test images differ for 2 of 3 classes: 0 (KS 0.250), 2 (KS 0.250)"


def test_histograms_in_numbers():
    result = of_log_odds([[0.0, 4.0, 4.0, 3.99], [0.0, 0.0, 4.0, 4.0]], [0, 0, 0, 0], [[1.0], [2.0]], [0])
    (one,) = result.classes
    assert one.edges == pytest.approx(np.linspace(0, 4, 41))
    assert (one.train_counts[0], one.train_counts[39], sum(one.train_counts)) == (1.5, 2.5, 4)
    assert one.training == pytest.approx(abs(0.75 - 0.5) / 2)
    table: Any = result.histograms()
    assert table["part"].tolist() == ["train"] * 40 + ["test"] * 40
    row = table.iloc[39].to_dict()
    assert row == {
        "label": 0,
        "part": "train",
        "low": pytest.approx(3.9),
        "high": pytest.approx(4),
        "density": pytest.approx(2.5 / 0.4),
        "error": pytest.approx(2.5**0.5 / 0.4),
    }


def test_equal_values_are_one_bin_of_width_one():
    (one,) = of_log_odds([[2.0, 2.0]], [0, 0], [[2.0]], [0]).classes
    assert (one.edges, one.train_counts, one.test_counts) == ((1.5, 2.5), (2,), (1,))


def test_a_score_of_zero_counts_as_the_smallest_of_single_precision():
    assert right_class_log_odds([[0.0, 1.0], [1.0, 0.0]], [0, 0]).tolist() == [-126 * np.log(2), 126 * np.log(2)]


def test_single_precision_is_summed_in_double():
    scores = np.array([[0.5, 0.4999, 1e-8]], np.float32)
    assert right_class_log_odds(scores, [0]).tolist() == right_class_log_odds(scores.astype(float), [0]).tolist()


def test_single_precision_is_compared_in_double():
    """As the store keeps log-odds: the edges of the histograms too are those of the same numbers in double."""
    rng = np.random.default_rng(0)
    train, test = rng.normal(size=(2, 50)).astype(np.float32), rng.normal(size=(2, 20)).astype(np.float32)
    labels = np.zeros(50, int), np.zeros(20, int)
    single = of_log_odds(train, labels[0], test, labels[1])
    assert single == of_log_odds(train.astype(float), labels[0], test.astype(float), labels[1])


@pytest.mark.parametrize("images", [60, 900])
def test_agrees_with_scipy_class_by_class(toy_scores, images):
    rng = np.random.default_rng(images)
    train, of_train = toy_scores(rng, 1, 3 * images)
    test, of_test = toy_scores(rng, 1, images, signal=2.5)
    result = score_distributions(train, of_train, test, of_test)
    assert [one.label for one in result.classes] == [0, 1, 2, 3]
    for one in result.classes:
        first = slow_odds(train[0][of_train == one.label], one.label)
        second = slow_odds(test[0][of_test == one.label], one.label)
        exact: Any = stats.ks_2samp(first, second, method="exact")
        num = len(first) * len(second) / (len(first) + len(second))
        assert one.statistic == pytest.approx(exact.statistic)
        assert one.p_value == pytest.approx(float(stats.kstwobign.sf(np.sqrt(num) * exact.statistic)), rel=1e-9)
        assert one.p_value == pytest.approx(exact.pvalue, rel=0.5 if images == 60 else 0.3)
        assert one.p_value > exact.pvalue or exact.pvalue > 0.5
        assert (one.num_train, one.num_test, one.training) == (len(first), len(second), None)
        assert sum(one.train_counts) == len(first)


def test_scores_that_round_to_one_still_differ():
    rest = np.geomspace(1e-30, 1e-12, 50, dtype=np.float32)
    scores = np.stack([np.ones(50, np.float32), rest], axis=1)[np.newaxis]
    labels = np.zeros(50, int)
    result = score_distributions(scores[:, :25], labels[:25], scores[:, 25:], labels[25:])
    assert result.classes[0].statistic == 1
    assert "differ for 1 of 1 classes: 0 (KS 1.000)" in str(result)


def test_seeds_are_averaged_and_their_p_values_combined(toy_scores):
    rng = np.random.default_rng(3)
    train, of_train = toy_scores(rng, 3, 400)
    test, of_test = toy_scores(rng, 3, 200, signal=2.6)
    together = score_distributions(train, of_train, test, of_test).classes
    singly = [score_distributions(train[[s]], of_train, test[[s]], of_test).classes for s in range(3)]
    for one, parts in zip(together, zip(*singly, strict=True), strict=True):
        distances = [part.statistic for part in parts]
        assert one.statistic == pytest.approx(np.mean(distances))
        assert one.training == pytest.approx(np.std(distances, ddof=1) / np.sqrt(3))
        assert one.p_value == pytest.approx(min(1, 2 * np.mean([part.p_value for part in parts])))


def test_the_flag_is_rarely_raised_where_nothing_differs(toy_scores):
    rng = np.random.default_rng(6)
    raised = 0
    for _ in range(60):
        scores, labels = toy_scores(rng, 2, 600)
        result = score_distributions(scores[:, :400], labels[:400], scores[:, 400:], labels[400:])
        raised += "no class differs significantly" not in str(result)
    assert raised <= 3


def test_tables(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(1), 2, 300)
    result = score_distributions(scores[:, :200], labels[:200], scores[:, 200:], labels[200:])
    assert list(result.frame()["label"]) == [0, 1, 2, 3]
    histograms: Any = result.histograms()
    widths = histograms["high"] - histograms["low"]
    areas = (histograms["density"] * widths).groupby([histograms["label"], histograms["part"]]).sum()
    assert areas.tolist() == pytest.approx([1.0] * 8)


def test_one_image_and_identical_scores_are_fine():
    one = [[[0.5, 0.5]]]
    result = score_distributions(one, [0], one, [0])
    assert (result.classes[0].statistic, result.classes[0].p_value) == (0, 1)
    assert not result.histograms().isna().any().any()


def test_wrong_input_is_refused():
    odds, labels = np.zeros((2, 30)), np.zeros(30, int)
    with pytest.raises(StatisticsError, match="same seeds"):
        of_log_odds(odds, labels, odds[:1], labels)
    with pytest.raises(StatisticsError, match="no class has both"):
        of_log_odds(odds, labels, odds, labels + 1)
    with pytest.raises(StatisticsError, match="`test_labels` has shape"):
        of_log_odds(odds, labels, odds, labels[:-1])
    with pytest.raises(StatisticsError, match="`train_labels` has shape"):
        of_log_odds(odds, [], odds, labels)
    with pytest.raises(StatisticsError, match="`train_log_odds` has shape.*finite numbers"):
        of_log_odds(odds * np.nan, labels, odds, labels)
    with pytest.raises(StatisticsError, match="finite numbers"):
        of_log_odds(odds[0], labels, odds, labels)
