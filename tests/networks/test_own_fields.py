"""What a network of the user's own says of itself, and which images and files it takes."""

import json
from collections.abc import Iterator
from typing import Any

import keras
import pytest
from keras import layers

from netgain.errors import RecipeError
from netgain.networks.families.own import KerasNetwork
from netgain.networks.keras_settings import STANDARD

SHAPE = (6, 6, 1)


def squared(x: Any) -> Any:
    return x * x


def ends_in_softmax(*inner: layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input(SHAPE), layers.Flatten(), *inner, layers.Dense(3, activation="softmax")])


def test_model_from_a_file(tmp_path) -> None:
    plain = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dense(3, activation="softmax")])
    plain.save(tmp_path / "plain.keras")
    network = KerasNetwork(tmp_path / "plain.keras")
    assert network.fields() == {"family": "keras", "model": str(tmp_path / "plain.keras")}
    assert network.fingerprint == KerasNetwork(plain).fingerprint
    assert not network.in_memory
    assert KerasNetwork(plain).in_memory


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ([layers.Dense(3, activation="softmax")], "softmax"),
        ([layers.Dense(3), layers.Softmax()], "softmax"),
        ([layers.Dense(3), layers.Activation("sigmoid")], "sigmoid"),
        ([layers.Dense(3)], "linear"),
        ([layers.Dense(3, activation=squared)], None),
    ],
)
def test_output_activation(tail: list[layers.Layer], expected: str | None) -> None:
    model = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), *tail])
    assert KerasNetwork(model).output_activation == expected


def taking(*shape: int | None) -> KerasNetwork:
    x = inputs = keras.Input(shape)
    x = layers.GlobalAveragePooling2D()(x) if None in shape else layers.Flatten()(x)
    return KerasNetwork(keras.Model(inputs, layers.Dense(3, activation="softmax")(x)))


@pytest.mark.parametrize("shape", [(12, 20, 1), (12, 20), (240,), (None, None, 1), (12, None, 1)])
def test_images_as_they_are_flat_or_without_a_channel(shape: tuple[int | None, ...]) -> None:
    taking(*shape).check((12, 20, 1), 3)


def test_colours_may_be_flat_but_not_left_out() -> None:
    taking(12 * 20 * 3).check((12, 20, 3), 3)
    with pytest.raises(
        RecipeError, match=r"takes inputs of shape \(12, 20\), but .*Input\(\(12, 20, 3\)\), or resize the images"
    ):
        taking(12, 20).check((12, 20, 3), 3)


@pytest.mark.parametrize(
    "shape", [(20, 12, 1), (15, 16, 1), (20, 12), (240, 1), (12, 20, 3), (None, None, 3), (1, 12, 20)]
)
def test_another_shape_with_as_many_pixels_is_refused(shape: tuple[int | None, ...]) -> None:
    """Fault 4: the pixels were poured row by row into the other shape."""
    with pytest.raises(RecipeError, match=r"takes inputs of shape .*, but the images have \(12, 20, 1\)"):
        taking(*shape).check((12, 20, 1), 3)


def test_models_that_do_not_fit_are_refused() -> None:
    network = KerasNetwork(ends_in_softmax())
    network.check(SHAPE, 3)
    with pytest.raises(
        RecipeError, match=r"^invalid network: .*inputs of shape \(6, 6, 1\), but the images have \(28, 28, 1\)"
    ):
        network.check((28, 28, 1), 3)
    with pytest.raises(
        RecipeError,
        match=r"^invalid network: .*but the dataset has 10 classes; end it with Dense\(10, 'softmax'\)",
    ):
        network.check(SHAPE, 10)


def test_what_is_no_model_is_refused(tmp_path) -> None:
    text, missing = tmp_path / "text.keras", tmp_path / "missing.keras"
    text.write_text("hello")
    with pytest.raises(RecipeError) as error:
        KerasNetwork(text)
    assert str(error.value).startswith(f"invalid network: model: {str(text)!r} cannot be opened as a Keras model: F")
    assert str(error.value).endswith("load_model(path, custom_objects=...) and pass it")
    with pytest.raises(RecipeError) as error:
        KerasNetwork(missing)
    assert str(error.value) == f"invalid network: model: there is no file {str(missing)!r}; give a .keras file"
    with pytest.raises(RecipeError, match="no input shape"):
        KerasNetwork(keras.Sequential([layers.Dense(3)]))
    with pytest.raises(RecipeError, match=r"must be a keras\.Model or a path; received 3"):
        KerasNetwork(3)  # pyright: ignore


def test_a_model_that_ends_in_a_model() -> None:
    head = keras.Sequential([keras.Input((36,)), layers.Dense(3)])
    nested = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), head])
    assert KerasNetwork(nested).output_activation == "linear"


def test_the_range_of_pixels_is_a_part_of_the_network() -> None:
    model = ends_in_softmax()
    said = KerasNetwork(model, pixels="0..255")
    assert said.identity() == {**KerasNetwork(model).identity(), "pixels": "0..255"}
    with pytest.raises(RecipeError, match="pixels"):
        KerasNetwork(model, pixels="0..2")


def test_a_model_that_was_never_saved_goes_by_its_fingerprint() -> None:
    network = KerasNetwork(ends_in_softmax())
    assert network.fields() == network.identity() == {"family": "keras", "fingerprint": network.fingerprint}


def test_a_file_and_its_range_of_pixels_say_what_is_trained(tmp_path) -> None:
    ends_in_softmax().save(tmp_path / "net.keras")
    network = KerasNetwork(str(tmp_path / "net.keras"), pixels="0..1")
    assert network.fields() == {"family": "keras", "model": str(tmp_path / "net.keras"), "pixels": "0..1"}


@pytest.fixture
def another_epsilon() -> Iterator[None]:
    keras.config.set_epsilon(1e-3)
    yield
    keras.config.set_epsilon(STANDARD.epsilon)


@pytest.mark.usefixtures("another_epsilon")
def test_settings_of_keras_count_where_own_code_may_depend_on_them() -> None:
    of_keras, own = (KerasNetwork(ends_in_softmax(layers.Dense(4, activation=name))) for name in ("relu", squared))
    assert of_keras.identity() == {"family": "keras", "fingerprint": of_keras.fingerprint}
    assert own.identity()["keras_settings"] == {**STANDARD.model_dump(), "epsilon": 1e-3}


def test_the_order_in_which_a_config_is_written_does_not_matter() -> None:
    network = KerasNetwork(ends_in_softmax())
    turned = dict(reversed(json.loads(network.config).items()))
    assert KerasNetwork(**{**network.model_dump(), "config": json.dumps(turned)}).fingerprint == network.fingerprint


def test_what_a_model_was_compiled_with_does_not_matter(tmp_path) -> None:
    """In memory the loss counted as own code; in the file it is not found."""

    def own_loss(given: Any, scores: Any) -> Any:
        return keras.ops.mean(given - scores)

    model: Any = ends_in_softmax()
    fingerprint = KerasNetwork(model).fingerprint
    model.compile("sgd", loss=own_loss, metrics=[own_loss])
    model.save(tmp_path / "net.keras")
    assert KerasNetwork(tmp_path / "net.keras").fingerprint == KerasNetwork(model).fingerprint == fingerprint
