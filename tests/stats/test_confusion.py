from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from netgain.errors import StatisticsError
from netgain.stats import confusion, mean_accuracy


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), seeds=st.integers(1, 4), images=st.integers(1, 30))
def test_counts_are_those_of_sklearn(seed, seeds, images):
    rng = np.random.default_rng(seed)
    labels, answers = rng.integers(4, size=images), rng.integers(4, size=(seeds, images))
    result = confusion(answers, labels, 4)
    expected = np.mean([confusion_matrix(labels, one, labels=range(4)) for one in answers], axis=0)
    assert result.counts == pytest.approx(expected)
    frame: Any = result.frame()
    assert frame.groupby("label")["fraction"].sum().tolist() == pytest.approx([1.0] * len(np.unique(labels)))
    assert "nan" not in str(result)
    order = rng.permutation(images)
    assert confusion(answers[::-1][:, order], labels[order], 4) == result


def test_a_cell_has_the_errors_of_an_accuracy():
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=200)
    answers = np.where(rng.random((5, 200)) < 0.8, labels, rng.integers(3, size=(5, 200)))
    result = confusion(answers, labels, 3)
    assert result.cells[1, 1] == mean_accuracy((answers == labels)[:, labels == 1])
    assert result.cells[1, 2] == mean_accuracy((answers == 2)[:, labels == 1])
    row = result.frame().query("label == 1 and answer == 2").iloc[0].to_dict()
    cell, of_label = result.cells[1, 2], int((labels == 1).sum())
    assert row == {
        "label": 1,
        "answer": 2,
        "images": of_label,
        "count": pytest.approx(cell.value * of_label),
        "fraction": cell.value,
        "fraction_test_sample": cell.test_sample,
        "fraction_training": cell.training,
        "fraction_low": cell.interval().low,
        "fraction_high": cell.interval().high,
    }


def test_words_name_the_most_frequent_confusions():
    labels = np.repeat([0, 1], 50)
    answers = np.stack([np.where(np.arange(100) < wrong, 1, labels) for wrong in (2, 4)])
    text = str(confusion(answers, labels, 2))
    assert text.startswith("0 taken for 1: 6.00 ± ")
    assert text.endswith("(training) % of the 50 images of 0")
    # Ten of a hundred are more images than four of ten; both are named, a line each.
    labels = np.repeat([0, 1], [10, 100])
    answers = np.where((np.arange(110) < 4) | (np.arange(110) >= 100), 1 - labels, labels)
    lines = str(confusion(answers[np.newaxis], labels, 2)).split("\n")
    assert [line.split(":")[0] for line in lines] == ["1 taken for 0", "0 taken for 1"]
    pairs = np.arange(7)  # seven classes, each taken for the next: five are named
    assert str(confusion([(pairs + 1) % 7], pairs, 7)).count("taken for") == 5
    assert str(confusion(labels[np.newaxis], labels, 2)) == "no class is taken for another"


def test_wrong_input_is_refused():
    with pytest.raises(StatisticsError, match="`num_classes` is 1"):
        confusion([[0]], [0], 1)
    with pytest.raises(StatisticsError, match=r"expected whole numbers \[S, n\]"):
        confusion([0, 1], [0, 1], 2)
    with pytest.raises(StatisticsError, match="`answers` reaches from 0 to 2"):
        confusion([[0, 2]], [0, 1], 2)
    with pytest.raises(StatisticsError, match="`labels` reaches from -1"):
        confusion([[0, 1]], [0, -1], 2)
