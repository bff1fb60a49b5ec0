import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import suspected_labels


def slow_suspects(scores, labels, confidence):
    found = []
    for i, label in enumerate(labels):
        means = [np.mean([network[i] for network in of_recipe], axis=0) for of_recipe in scores.values()]
        answers = {int(mean.argmax()) for mean in means}
        if len(answers) == 1 and label not in answers:
            (answer,) = answers
            lowest = min(float(mean[answer]) for mean in means)
            if lowest >= confidence:
                found.append((-lowest, max(float(mean[label]) for mean in means), i))
    return [i for _, _, i in sorted(found)]


@pytest.fixture
def recipes(toy_scores):
    """Two recipes that see the same images, with 12 wrong labels put in."""
    scores, labels = toy_scores(np.random.default_rng(0), 5, 1500, signal=7.0)
    planted = np.arange(0, 1200, 100)
    labels[planted] = (labels[planted] + 1) % 4
    return {"mlp": scores[:2], "convnet": scores[2:]}, labels, planted


@pytest.mark.parametrize("confidence", [0.5, 0.9])
def test_equals_plain_loops(recipes, confidence):
    scores, labels, _ = recipes
    result = suspected_labels(scores, labels, confidence)
    assert [suspect.image for suspect in result.suspects] == slow_suspects(scores, labels, confidence)


def test_a_suspect_in_numbers_and_a_doubt_elsewhere():
    """Image 0 is doubted with just the confidence asked for; on image 1 the recipes disagree."""
    first, second = [[[0.25, 0.75], [0.9, 0.1]]], [[[0.1, 0.9], [0.2, 0.8]], [[0.125, 0.875], [0.2, 0.8]]]
    result = suspected_labels({"a": first, "b": second}, [0, 1], confidence=0.75)
    assert result.suspects == ((0, 0, 1, 0.75, 0.25, 3),)
    assert result.expected_by_chance == 0.25
    assert result.frame().to_dict("records") == [result.suspects[0]._asdict()]


def test_planted_errors_are_found_and_rank_before_the_others(recipes):
    scores, labels, planted = recipes
    result = suspected_labels(scores, labels)
    images = [suspect.image for suspect in result.suspects]
    assert len(set(planted) & set(images)) >= 10
    assert result.expected_by_chance < 0.75 * len(images) + 10
    first = result.suspects[0]
    assert first.confidence >= result.suspects[-1].confidence
    assert (first.num_agreeing, result.num_networks, result.num_recipes) == (5, 5, 2)
    assert first.label != first.answer
    assert result.frame()["image"].tolist() == images
    assert str(result).startswith(f"{len(images)} labels suspected: all 2 recipes (5 networks) agree")


def test_what_calibrated_networks_would_list_by_chance():
    # The labels are drawn as the networks say: as many disagree as 1 - confidence adds up to.
    rng = np.random.default_rng(2)
    sure = 0.9 + 0.1 * rng.random(20_000)
    scores = np.stack([sure, 1 - sure], axis=1)[np.newaxis]
    result = suspected_labels({"a": scores, "b": scores}, (rng.random(20_000) > sure).astype(int))
    assert result.expected_by_chance == pytest.approx(1000, rel=0.05)
    assert len(result.suspects) == pytest.approx(result.expected_by_chance, rel=0.12)


def test_one_recipe_alone_or_in_doubt_suspects_nothing():
    sure, unsure = [[[0.02, 0.98]]], [[[0.4, 0.6]]]
    assert suspected_labels({"a": sure, "b": sure}, [0]).suspects
    assert not suspected_labels({"a": sure, "b": unsure}, [0]).suspects
    assert not suspected_labels({"a": sure, "b": sure}, [1]).suspects
    empty = suspected_labels({"a": sure, "b": unsure}, [0]).frame()
    assert len(empty) == 0
    assert list(empty) == ["image", "label", "answer", "confidence", "label_score", "num_agreeing"]


def test_wrong_input_is_refused(recipes):
    scores, labels, _ = recipes
    with pytest.raises(StatisticsError, match="names 1 recipes, expected at least two"):
        suspected_labels({"mlp": scores["mlp"]}, labels)
    with pytest.raises(
        StatisticsError, match=r"`scores\['convnet'\]` has shape \(3, 1499, 4\), expected \[S, 1500, 4\]"
    ):
        suspected_labels({"mlp": scores["mlp"], "convnet": scores["convnet"][:, 1:]}, labels)
    with pytest.raises(StatisticsError, match=r"`scores\['convnet'\]` reaches"):
        suspected_labels({"mlp": scores["mlp"], "convnet": 2 * scores["convnet"]}, labels)
    with pytest.raises(StatisticsError, match="`confidence` is 1.5"):
        suspected_labels(scores, labels, confidence=1.5)
