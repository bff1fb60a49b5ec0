"""The whole sentence with which a network of the user's own is refused: what is wrong, and what to do."""

import threading
from pathlib import Path
from typing import Any

import keras
import pytest
from keras import layers

from netgain.errors import RecipeError
from netgain.networks.families.own import KerasNetwork

SHAPE = (6, 6, 1)


def ends_in_softmax(*inner: layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input(SHAPE), layers.Flatten(), *inner, layers.Dense(3, activation="softmax")])


def refusal(model: Any) -> str:
    with pytest.raises(RecipeError) as caught:
        KerasNetwork(model)
    return str(caught.value).removeprefix("invalid network: model: ")


def scores(inputs: Any, name: str) -> Any:
    return layers.Dense(3, activation="softmax", name=name)(layers.Flatten()(inputs))


ADVICE = "netgain trains classifiers with one input, the images, and one output, a score for each class"


def test_a_model_without_an_input_shape() -> None:
    said = "has no input shape; start it with inputs = keras.Input((28, 28, 1))"
    assert refusal(keras.Sequential([layers.Dense(3)])) == said

    class OfItsOwn(keras.Model):
        pass

    assert refusal(OfItsOwn()) == f"{said}, or wrap it: keras.Model(inputs, model(inputs))"


def test_several_inputs_and_outputs_are_named() -> None:
    one, other = keras.Input(SHAPE, name="one"), keras.Input(SHAPE, name="other")
    two_inputs: Any = keras.Model([one, other], scores(layers.Add()([one, other]), "scores"))
    assert refusal(two_inputs) == f"has 2 inputs (one, other); {ADVICE}: make a keras.Model with one of them"
    outputs = [scores(one, "first"), scores(one, "second")]
    names = ", ".join(output.name for output in outputs)
    said = refusal(keras.Model(one, outputs))
    assert said == f"has 2 outputs ({names}); {ADVICE}: make a keras.Model with one of them"


class WithItsOwnLoss(keras.Model):
    def compute_loss(self, *given: Any, **named: Any) -> Any:  # pyright: ignore
        return super().compute_loss(*given, **named)


def test_training_of_the_models_own() -> None:
    inputs = keras.Input(SHAPE)
    assert refusal(WithItsOwnLoss(inputs, scores(inputs, "scores"))) == (
        "its class 'WithItsOwnLoss' has its own compute_loss, which netgain does not call; put what it does into "
        "layers (add_loss, a regularizer), or give a model without it"
    )
    assert refusal(ends_in_softmax(layers.Dense(3, dtype="mixed_float16", name="half"))) == (
        "the layer 'half' computes in float16, for which Keras scales the loss; use float32, or mixed_bfloat16, which "
        "needs no loss scaling"
    )


class Raising(layers.Layer):
    """Fails where it is told to; its config is complete."""

    def __init__(self, error: Exception, where: str) -> None:
        super().__init__()
        self.error, self.where = error, where

    def call(self, inputs: Any, training: bool = False) -> Any:
        if training and self.where == "call":
            raise self.error
        return inputs

    def get_config(self) -> Any:
        if self.where == "get_config":
            raise self.error
        return super().get_config()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("no\n luck"), "no"),
        (ValueError("\n no luck "), "no luck"),
        (ValueError("x" * 400), "x" * 300),
        (NotImplementedError(), "NotImplementedError"),
    ],
)
def test_the_first_line_of_an_error_of_an_own_layer(error: Exception, said: str) -> None:
    assert refusal(ends_in_softmax(Raising(error, "get_config"))) == f"cannot be described: {said}"
    assert refusal(ends_in_softmax(Raising(error, "call"))) == f"cannot be called as in training: {said}"


def test_a_key_that_an_own_layer_does_not_find() -> None:
    for where, begun in (("call", "called as in training"), ("get_config", "described")):
        said = refusal(ends_in_softmax(Raising(KeyError("no such key"), where)))
        assert said == f"cannot be {begun}: no such key"


def test_a_file_that_an_own_layer_does_not_find() -> None:
    said = refusal(ends_in_softmax(Raising(FileNotFoundError(2, "No such file", "units.txt"), "get_config")))
    assert said == "cannot be described: [Errno 2] No such file: 'units.txt'"


class Unfinished(layers.Layer):
    """Its config lacks an argument."""

    def __init__(self, factor: float, **settings: Any) -> None:
        super().__init__(**settings)
        self.factor = factor

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor

    def get_config(self) -> Any:
        return {"name": self.name}


def test_a_config_that_lacks_an_argument() -> None:
    assert refusal(ends_in_softmax(Unfinished(2.0))) == (
        "cannot be made again from its config: Unfinished.__init__() missing 1 required positional argument: 'factor'; "
        "your own layer needs a get_config that returns all arguments of its __init__"
    )


def identity(x: Any) -> Any:
    return x


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    with (tmp_path / "open.txt").open("w") as file:
        said = refusal(ends_in_softmax(layers.Lambda(lambda x: x * len(file.name))))
    assert said.endswith(
        ": a result must record everything that it depends on; give it as a number, a text, an array or a file's "
        "content instead, which netgain can compare and copy"
    )


def test_what_cannot_be_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(identity.__annotations__, "x", threading.Lock())
    said = refusal(ends_in_softmax(layers.Dense(4, activation=identity)))
    assert said == "your own layers cannot be copied to another process: cannot pickle '_thread.lock' object"
