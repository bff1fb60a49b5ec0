"""The support vector machine against scikit-learn's own, and as a separate recipe."""

import numpy as np
import pytest
from sklearn.svm import SVC

from netgain.data import load_dataset
from netgain.engine.kernels import PLAIN_JAX
from netgain.engine.versions import engine_version
from netgain.errors import RecipeError
from netgain.runs.record import RunStatus
from netgain.runs.training import train
from netgain.tasks.catalogue import task_of
from netgain.tasks.svm import SVM


@pytest.mark.parametrize("classes", [10, 3, 2])
def test_scores_order_the_classes_as_scikit_learn_does(classes: int) -> None:
    digits = load_dataset("digits")
    train, test = (labels < classes for labels in (digits.y_train, digits.y_test))
    score = SVM(c=2.0, gamma=0.05).fit(digits.x_train[train], digits.y_train[train], classes)
    images = digits.x_test[test]
    scores = score(images)
    flat = [part.reshape(len(part), -1) / 255 for part in (digits.x_train[train], images)]
    machine = SVC(C=2.0, gamma=0.05).fit(flat[0], digits.y_train[train])  # pyright: ignore[reportArgumentType]
    decided = machine.decision_function(flat[1])
    if classes == 2:
        assert (scores.argmax(axis=1) == (decided > 0)).all()
    else:
        powers = np.exp(decided - decided.max(axis=1, keepdims=True))
        assert scores == pytest.approx(powers / powers.sum(axis=1, keepdims=True), abs=1e-6)
    assert scores.sum(axis=1) == pytest.approx(np.ones(len(images)), abs=1e-6)


def test_a_class_without_training_images_is_never_the_answer() -> None:
    digits = load_dataset("digits")
    some = digits.y_train != 4
    scores = SVM().fit(digits.x_train[some], digits.y_train[some], 10)(digits.x_test)
    assert scores.shape == (len(digits.x_test), 10)
    assert (scores[:, 4] == 0).all()


def test_odd_values_are_refused() -> None:
    with pytest.raises(RecipeError, match=r"gamma: must be greater than 0; received -1"):
        SVM(gamma=-1)
    with pytest.raises(RecipeError, match=r"c: must be greater than 0; received 0"):
        SVM(c=0)
    with pytest.raises(RecipeError, match=r"kernel: there is no such field.* Fields: dataset, train_size, .*c, gamma"):
        SVM(kernel="linear")  # pyright: ignore[reportCallIssue]
    with pytest.raises(RecipeError, match="epochs: there is no such field"):
        SVM().change("epochs", 3)


def test_the_digest_follows_every_field_but_the_dataset_and_is_not_that_of_a_network() -> None:
    changes = {"c": 1.0, "gamma": 0.1, "train_size": 9, "validation_size": 9, "split": "stratified"}
    digests = {SVM().change(field, value).digest for field, value in changes.items()}
    assert len(digests | {SVM().digest}) == 1 + len(changes)
    assert SVM(dataset="digits").digest == SVM().digest
    assert SVM().identity() == {"task": "svm"}  # a network's recipe names none


def test_it_has_one_epoch_updates_that_nobody_counts_and_a_rehearsal() -> None:
    assert (SVM().num_epochs, SVM().stops_early) == (1, None)
    assert SVM().quick(900) == SVM(train_size=300)
    assert SVM(train_size=600, c=2.0).quick(900) == SVM(train_size=200, c=2.0)
    with pytest.raises(RecipeError, match="a recipe of the task 'svm' does not count updates, so none can be matched"):
        SVM().same_updates_as(SVM(c=2.0))


def test_a_fit_leaves_the_record_that_any_classifier_leaves() -> None:
    machine, digits = SVM(dataset="digits", train_size=300, validation_size=100), load_dataset("digits")
    run = train(machine, 3, watch_test=True)
    assert run.history.keys() == {"train", "validation", "test"}
    assert all(set(columns) == {"loss", "accuracy"} for columns in run.history.values())
    assert (run.status, run.best_epoch, run.num_epochs, run.num_parameters) == (RunStatus.FINISHED, 1, 1, 0)
    assert (run.engine_version, run.model) == (engine_version(None), b"")  # no kernels, and no network to save
    parts = machine.parts_of(digits)
    scores_of = machine.fit(parts.x_train, parts.y_train, 10)
    labels = {"train": parts.y_train, "validation": parts.y_validation, "test": digits.y_test}
    images = {"train": parts.x_train, "validation": parts.x_validation, "test": digits.x_test}
    for part, truth in labels.items():
        scores = scores_of(images[part])
        loss = -np.log(np.maximum(scores[np.arange(len(truth)), truth], 1e-7)).mean()
        assert run.history[part]["loss"] == pytest.approx([loss], rel=1e-5)
        assert run.history[part]["accuracy"] == [(scores.argmax(axis=1) == truth).mean()]
        right = task_of(machine).right(machine, digits, {**run.arrays, "test_right": run.right}, part)
        np.testing.assert_array_equal(right, scores.argmax(axis=1) == truth)
    np.testing.assert_array_equal(run.arrays["validation_scores"], scores_of(parts.x_validation))
    np.testing.assert_array_equal(run.test_scores, scores_of(digits.x_test))
    assert train(machine.change("validation_size", 0), 0).arrays["validation_scores"].shape == (0, 0)


def test_seeds_and_kernels_make_no_difference() -> None:
    machine = SVM(dataset="digits", train_size=200)
    first, other = train(machine, 0), train(machine, 1, kernels=PLAIN_JAX)
    np.testing.assert_array_equal(first.test_scores, other.test_scores)
    assert (first.history, first.engine_version) == (other.history, other.engine_version)
