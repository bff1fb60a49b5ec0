import numpy as np
import pytest
from sklearn.svm import SVC

from netgain.data import load_dataset
from netgain.errors import RecipeError
from netgain.networks.svm import SVM


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


def test_it_is_no_keras_model_and_refuses_odd_values() -> None:
    with pytest.raises(RecipeError, match="no layers"):
        SVM().build((8, 8, 1), 10)
    with pytest.raises(RecipeError, match=r"gamma: must be greater than 0; received -1"):
        SVM(gamma=-1)
