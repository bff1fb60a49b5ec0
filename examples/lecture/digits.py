"""The lecture's digits: images `[n, 28, 28]` with pixels 0 to 1, and each label as ten numbers of which one is 1."""

import numpy as np

import netgain as ng

_MNIST = ng.load_dataset("mnist")

x_train, x_test = _MNIST.x_train[..., 0] / 255.0, _MNIST.x_test[..., 0] / 255.0
y_train, y_test = np.eye(10)[_MNIST.y_train], np.eye(10)[_MNIST.y_test]
