"""The user's own classes and functions in a model: found wherever a layer holds them, and left as they were."""

import enum
import pickle
import sys
import types
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from netgain.networks.families.own import KerasNetwork

SHAPE = (6, 6, 1)


def ends_in_softmax(*inner: layers.Layer) -> Any:
    return keras.Sequential([keras.Input(SHAPE), layers.Flatten(), *inner, layers.Dense(3, activation="softmax")])


def rebuilt(*inner: layers.Layer) -> Any:
    """The first inner layer of the model as another process makes it."""
    return pickle.loads(pickle.dumps(KerasNetwork(ends_in_softmax(*inner)))).build(SHAPE, 3).layers[1]


def halved(x: Any) -> Any:
    return x / 2


def tripled(x: Any) -> Any:
    return x * 3


class Steps(layers.Layer):
    """Functions in a list or in a dict."""

    def __init__(self, steps: Any, **settings: Any) -> None:
        super().__init__(**settings)
        self.steps = steps

    def call(self, inputs: Any) -> Any:
        for step in self.steps.values() if isinstance(self.steps, dict) else self.steps:
            inputs = step(inputs)
        return inputs

    def get_config(self) -> Any:
        return {**super().get_config(), "steps": keras.saving.serialize_keras_object(self.steps)}

    @classmethod
    def from_config(cls, config: Any) -> Any:
        return cls(keras.saving.deserialize_keras_object(config.pop("steps")), **config)


class ByLoss(Steps):
    """Holds its functions under a name that `compile` gives to what a model is trained with."""

    def __init__(self, steps: Any, **settings: Any) -> None:
        super().__init__([], **settings)
        self.loss = steps

    def call(self, inputs: Any) -> Any:
        return self.loss[1](self.loss[0](inputs))

    def get_config(self) -> Any:
        return {**super().get_config(), "steps": keras.saving.serialize_keras_object(self.loss)}


class Scaled:
    """An object of the user's own with a config."""

    def __init__(self, by: float) -> None:
        self.by = by

    def __call__(self, x: Any) -> Any:
        return x * self.by

    def get_config(self) -> Any:
        return {"by": self.by}

    @classmethod
    def from_config(cls, config: Any) -> Any:
        return cls(**config)


class Bent(Scaled, keras.regularizers.Regularizer):
    """A regularizer that holds a function."""

    def __init__(self, bend: Any) -> None:
        self.bend = bend

    def __call__(self, x: Any) -> Any:
        return keras.ops.sum(self.bend(x))

    def get_config(self) -> Any:
        return {"bend": keras.saving.serialize_keras_object(self.bend)}

    @classmethod
    def from_config(cls, config: Any) -> Any:
        return cls(keras.saving.deserialize_keras_object(config["bend"]))


@pytest.mark.parametrize(
    "steps", [[halved, tripled], (halved, tripled), {"one": halved, "other": tripled}, [halved, Scaled(3.0)]]
)
def test_functions_and_objects_with_a_config_are_found_in_a_layer(steps: Any) -> None:
    np.testing.assert_allclose(rebuilt(Steps(steps))(np.array([2.0, 4.0])), [3, 6])


def test_functions_that_a_layer_calls_its_loss_are_found() -> None:
    np.testing.assert_allclose(rebuilt(ByLoss([halved, tripled]))(np.array([2.0, 4.0])), [3, 6])


def test_functions_are_found_in_a_regularizer() -> None:
    penalty: Any = Bent(tripled)
    layer = rebuilt(layers.Dense(4, kernel_regularizer=penalty))
    assert layer.kernel_regularizer(np.array([1.0, 2.0])) == 9


def test_names_that_a_user_registered_stay_registered() -> None:
    @keras.saving.register_keras_serializable("mine")
    class Registered(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs

    class Unregistered(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs

    KerasNetwork(ends_in_softmax(Registered(), Unregistered()))
    assert keras.saving.get_registered_name(Registered) == "mine>Registered"
    assert keras.saving.get_registered_name(Unregistered) == "Unregistered"


def test_a_module_travels_by_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker need not find it."""
    module = types.ModuleType("only_here")
    exec("def bend(x): return x * 5", vars(module))
    monkeypatch.setitem(sys.modules, "only_here", module)
    content = pickle.dumps(KerasNetwork(ends_in_softmax(layers.Dense(4, activation=module.bend))))
    monkeypatch.delitem(sys.modules, "only_here")
    assert pickle.loads(content).build(SHAPE, 3).layers[1].activation(2.0) == 10


class Mode(enum.Enum):
    TWICE = 2

    def of(self, x: Any) -> Any:
        return x * self.value


class ByMode(layers.Layer):
    def call(self, inputs: Any) -> Any:
        return Mode.TWICE.of(inputs)


def test_an_enum_of_the_users_own_is_copied_and_left_alone() -> None:
    of = Mode.of
    assert rebuilt(ByMode())(np.float32(3)) == 6
    assert Mode.of is of
