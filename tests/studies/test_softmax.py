import keras
import numpy as np

from netgain.studies.softmax import binary_accuracy


def test_binary_accuracy_is_the_one_of_keras() -> None:
    generator = np.random.default_rng(0)
    scores, labels = generator.random((50, 10)), generator.integers(0, 10, 50)
    theirs = keras.metrics.BinaryAccuracy()(np.eye(10)[labels], scores)
    assert abs(binary_accuracy(scores, labels) - float(theirs)) < 1e-6
