from typing import Any

import numpy as np
import pytest

from netgain.errors import RecipeError
from netgain.networks import Network, families_of, network_of
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.network import Dropout, Strengths

SHAPE = (28, 28, 1)


@pytest.mark.parametrize(
    ("network", "num_weights"),
    [
        (MLP(hidden=(30,)), 23_860),
        (MLP(hidden=(512, 512)), 669_706),
        (MLP(hidden=()), 7_850),
        (ConvNet(filters=(16,)), 23_466),  # the slide's figure
        (ConvNet(filters=(32, 32), dense=(512, 512)), 556_906),
    ],
)
def test_number_of_weights(network: Network, num_weights: int) -> None:
    assert network.build(SHAPE, 10).count_params() == num_weights


@pytest.mark.parametrize("family", sorted(set(families_of(Network)) - {"keras"}))
def test_every_family_gives_scores_of_pixels_and_survives_its_fields(family: str) -> None:
    kind: type[Any] = families_of(Network)[family]
    network = kind()
    scores = np.asarray(network.build(SHAPE, 7)(np.full((3, *SHAPE), 255, np.uint8)))
    assert scores.shape == (3, 7)
    assert np.isfinite(scores).all()
    assert network_of(Network, network.fields()) == network
    assert network_of(Network, network.identity()) == network


def test_a_convnet_has_a_kernel_size_for_each_block() -> None:
    assert ConvNet(filters=(4, 8), kernel_size=3).change("filters", [2, 2, 2]).kernel_size == (3, 3, 3)
    with pytest.raises(RecipeError, match="each of the 2 blocks"):
        ConvNet(filters=(4, 8), kernel_size=(3, 5, 7))


def layers_of(network: Network) -> list[str]:
    return [type(layer).__name__ for layer in network.build(SHAPE, 10).layers]


def test_dropout_stands_on_inputs_and_behind_hidden_layers() -> None:
    assert layers_of(MLP(hidden=(5, 4), dropout=0.2)) == [
        *["InputLayer", "Rescaling", "Dropout", "Flatten"],
        *["Dense", "Dropout", "Dense", "Dropout", "Dense"],
    ]
    assert layers_of(ConvNet(dense=(5,), dropout=Dropout(hidden=0.2))) == [
        *["InputLayer", "Rescaling", "Conv2D", "MaxPooling2D", "Flatten"],
        *["Dropout", "Dense", "Dropout", "Dense"],
    ]
    assert "Dropout" not in layers_of(MLP())


def test_penalties_stand_on_the_chosen_layers() -> None:
    model = ConvNet(dense=(5,), l1=Strengths(conv=0.1), l2=Strengths(output=0.3)).build(SHAPE, 10)
    conv, hidden, output = (layer for layer in model.layers if hasattr(layer, "kernel"))
    assert (conv.kernel_regularizer.l1, conv.kernel_regularizer.l2) == pytest.approx((0.1, 0))
    assert hidden.kernel_regularizer is None
    assert (output.kernel_regularizer.l1, output.kernel_regularizer.l2) == pytest.approx((0, 0.3))


def test_unit_normal_weights_have_unit_variance() -> None:
    kernel = np.asarray(MLP(initial_weights="unit_normal").build(SHAPE, 10).layers[-2].kernel)
    scaled = np.asarray(MLP(initial_weights="lecun_normal").build(SHAPE, 10).layers[-2].kernel)
    assert kernel.std() == pytest.approx(1, rel=0.02)
    assert scaled.std() == pytest.approx(784**-0.5, rel=0.02)


def test_l2_pooling_is_the_root_of_the_sum_of_squares() -> None:
    import keras

    network = ConvNet(filters=(2,), kernel_size=3, pooling="l2", activation="linear")
    model = network.build((4, 4, 1), 3)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 1)).astype("float32")
    conv = next(layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D))
    maps = np.asarray(conv(pixels / 255)).reshape(5, 4, 2)
    flat = keras.Model(model.input, next(x for x in model.layers if isinstance(x, keras.layers.Flatten)).output)
    np.testing.assert_allclose(np.asarray(flat(pixels)), np.sqrt((maps**2).sum(axis=1)), rtol=1e-5)


@pytest.mark.parametrize("pooling", ["max", "l2", "average", "none"])
def test_plain_keras_opens_every_pooling(pooling: str, tmp_path) -> None:
    import keras

    model = ConvNet(filters=(3,), pooling=pooling).build(SHAPE, 10)  # pyright: ignore
    model.save(tmp_path / "model.keras")
    pixels = np.random.default_rng(0).integers(0, 256, (4, *SHAPE)).astype("float32")
    opened = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(np.asarray(model(pixels)), np.asarray(opened(pixels)))  # pyright: ignore


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (ConvNet(kernel_size=29), "29×29 kernel of block 1 is larger than its 28×28 input"),
        (ConvNet(filters=(4, 4), kernel_size=(5, 13)), "13×13 kernel of block 2 is larger than its 12×12"),
        (ConvNet(kernel_size=4), "2 does not divide the 25×25 maps of block 1"),
        (ConvNet(filters=(4, 4, 4)), "5×5 kernel of block 3 is larger than its 4×4"),
    ],
)
def test_what_the_images_cannot_fill_is_refused(network: Network, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        network.check(SHAPE, 10)


def test_what_fits_is_not_refused() -> None:
    ConvNet(kernel_size=4, pooling="none").check(SHAPE, 10)
    ConvNet(filters=(4, 4)).check(SHAPE, 10)
    MLP().check((1, 1, 3), 2)


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_a_strength_below_zero_is_refused_when_the_network_is_made(penalty: str) -> None:
    with pytest.raises(RecipeError, match=rf"{penalty}\.output: must be greater than or equal to 0; received -0\.01"):
        MLP().change(f"{penalty}.output", -0.01)
    with pytest.raises(RecipeError, match=rf"{penalty}\.conv: must be greater than or equal to 0; received -1"):
        ConvNet(**{penalty: -1})
