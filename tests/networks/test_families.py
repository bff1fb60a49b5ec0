import math
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


OPENED: dict[str, dict[str, Any]] = {
    **{pooling: {"pooling": pooling} for pooling in ("max", "l2", "average", "none")},
    "residual, batch normalization": {"residual": True, "padding": "same", "batch_norm": True, "strides": 2},
    "separable, global pooling": {"separable": True, "batch_norm": "after", "global_pooling": "average"},
}


@pytest.mark.parametrize("fields", OPENED.values(), ids=OPENED)
def test_plain_keras_opens_every_form(fields: dict[str, Any], tmp_path) -> None:
    import keras

    model = ConvNet(filters=(3,), **fields).build(SHAPE, 10)
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
        (ConvNet(filters=(4, 4), kernel_size=3, strides=(3, 1)), "2 does not divide the 9×9 maps of block 1"),
        (
            ConvNet(filters=(4, 4), padding=("same", "valid"), pool_size=(7, 2)),
            "5×5 kernel of block 2 is larger than its 4",
        ),
        (ConvNet(padding="same", strides=4), "2 does not divide the 7×7 maps of block 1"),
    ],
)
def test_what_the_images_cannot_fill_is_refused(network: Network, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        network.check(SHAPE, 10)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"strides": 0}, r"strides: must be a whole number from 1 to 1000, or one for each block; received 0"),
        ({"pool_size": [2, 2.5]}, r"pool_size: must be a whole number from 1 to 1000, .*; received \[2, 2\.5\]"),
        ({"padding": "full"}, r"padding: must be 'valid' or 'same', or one of them for each block; received 'full'"),
        ({"filters": [4, 8], "strides": [1, 2, 1]}, r"strides: give one, or one for each of the 2 blocks; received"),
        ({"residual": True}, r"residual: .* needs padding='same'; set padding too"),
        ({"residual": True, "padding": "same", "batch_norm": "after"}, r"residual: needs batch_norm before the"),
        ({"batch_norm": "before"}, r"batch_norm: must be true, false or 'after' \(the activation\); received 'before'"),
        ({"batch_norm": 1}, r"batch_norm: must be true, false or 'after' \(the activation\); received 1"),
    ],
)
def test_fields_that_do_not_fit_each_other_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        ConvNet(**fields)


def test_equal_networks_have_equal_fields() -> None:
    assert ConvNet(filters=(4, 8), pool_size=(2, 2), strides=[1, 1], padding=("valid",) * 2) == ConvNet(filters=(4, 8))
    assert ConvNet(pool_size=3, pooling="average").identity()["pool_size"] == 3


@pytest.mark.parametrize("kind", ["average", "max"])
def test_global_pooling_gives_one_number_for_each_map(kind: str) -> None:
    network = ConvNet(filters=(5,), global_pooling=kind)  # pyright: ignore[reportArgumentType]
    assert network.build(SHAPE, 10).count_params() == (25 * 5 + 5) + (5 * 10 + 10)


def test_separable_convolutions_have_fewer_weights() -> None:
    network = ConvNet(filters=(5, 6), kernel_size=3, separable=True, global_pooling="max", l2=0.1)
    model = network.build(SHAPE, 10)
    assert model.count_params() == (9 + 5 + 5) + (5 * 9 + 5 * 6 + 6) + (6 * 10 + 10)
    assert all(layer.pointwise_regularizer for layer in model.layers if hasattr(layer, "pointwise_kernel"))


def test_what_fits_is_not_refused() -> None:
    ConvNet(filters=(4, 4, 4), padding="same", pool_size=(2, 2, 7)).check(SHAPE, 10)
    ConvNet(kernel_size=4, pooling="none").check(SHAPE, 10)
    ConvNet(filters=(4, 4)).check(SHAPE, 10)
    MLP().check((1, 1, 3), 2)


def test_an_mlp_has_no_maps_to_drop() -> None:
    with pytest.raises(RecipeError, match=r"dropout: conv is of convolutional networks, and an MLP has no maps"):
        MLP(dropout=Dropout(conv=0.2))


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_a_strength_below_zero_is_refused_when_the_network_is_made(penalty: str) -> None:
    with pytest.raises(RecipeError, match=rf"{penalty}\.output: must be greater than or equal to 0; received -0\.01"):
        MLP().change(f"{penalty}.output", -0.01)
    with pytest.raises(RecipeError, match=rf"{penalty}\.conv: must be greater than or equal to 0; received -1"):
        ConvNet(**{penalty: -1})


RECORD = {
    # ReLU and then batch normalization; a stride of 2 in place of pooling. 832 of the parameters are moving moments.
    "C": ConvNet(
        filters=(32, 32, 32, 64, 64, 64, 128),
        kernel_size=(3, 3, 5, 3, 3, 5, 4),
        strides=(1, 1, 2, 1, 1, 2, 1),
        padding=("valid", "valid", "same", "valid", "valid", "same", "valid"),
        pooling="none",
        batch_norm="after",
        dropout=Dropout(conv=0.4, hidden=0.4),
    ),
    "P": ConvNet(
        filters=(32, 32, 64, 64),
        kernel_size=3,
        padding="same",
        pool_size=(1, 2, 1, 2),
        dense=(512,),
        batch_norm=True,
        dropout=Dropout(conv=0.3, hidden=0.3),
    ),
}


@pytest.mark.parametrize(
    ("name", "num_weights", "num_trainable"), [("C", 327_242, 326_410), ("P", 1_678_378, 1_676_970)]
)
def test_networks_of_the_record(name: str, num_weights: int, num_trainable: int) -> None:
    RECORD[name].check(SHAPE, 10)
    model = RECORD[name].build(SHAPE, 10)
    assert model.count_params() == num_weights
    assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == num_trainable
    assert network_of(Network, RECORD[name].fields()) == RECORD[name]
    assert network_of(Network, RECORD[name].identity()) == RECORD[name]


def test_maps_are_dropped_after_each_block_that_makes_them_smaller() -> None:
    convolution = ["Conv2D", "BatchNormalization"]
    assert layers_of(RECORD["C"])[2:] == [
        *[*3 * convolution, "Dropout", *3 * convolution, "Dropout"],
        *[*convolution, "Flatten", "Dropout", "Dense"],
    ]
    network = ConvNet(filters=(4, 4), pool_size=(2, 1), kernel_size=3, dropout=Dropout(conv=0.3))
    assert layers_of(network)[2:] == ["Conv2D", "MaxPooling2D", "Dropout", "Conv2D", "Flatten", "Dense"]
    # The maps after the last block are what the next dense layer takes: they are dropped once.
    both = network.change("pool_size", 2).change("dropout.hidden", 0.2)
    assert layers_of(both).count("Dropout") == 2
    assert layers_of(both.change("dropout.hidden", 0.0)).count("Dropout") == 2
    with pytest.raises(RecipeError, match=r"dropout\.conv: drops maps after blocks that pool or have strides, and no"):
        ConvNet(pooling="none", dropout=Dropout(conv=0.1)).check(SHAPE, 10)


def test_batch_normalization_stands_before_or_after_the_activation() -> None:
    import keras

    before = ConvNet(dense=(5,), batch_norm=True)
    assert layers_of(before)[2:] == [
        *["Conv2D", "BatchNormalization", "Activation", "MaxPooling2D", "Flatten"],
        *["Dense", "BatchNormalization", "Activation", "Dense"],
    ]
    hidden = [layer for layer in before.build(SHAPE, 10).layers if hasattr(layer, "use_bias")]
    assert [layer.use_bias for layer in hidden] == [False, False, True]  # pyright: ignore[reportAttributeAccessIssue]
    after = before.change("batch_norm", "after").build(SHAPE, 10).layers
    activations = [keras.activations.serialize(layer.activation) for layer in after if hasattr(layer, "kernel")]
    assert activations == ["relu", "relu", "softmax"]
    assert sum(type(layer).__name__ == "BatchNormalization" for layer in after) == 2


def test_a_residual_block_adds_its_input_to_two_convolutions() -> None:
    network = ConvNet(
        filters=(4, 4, 6), kernel_size=3, padding="same", residual=True, strides=(1, 1, 2), pooling="none"
    )
    names = layers_of(network)
    assert (names.count("Add"), names.count("Activation"), names.count("Conv2D")) == (3, 3, 3 * 2 + 2)
    assert network.change("strides", 2).change("filters", [4, 4]).build(SHAPE, 10).count_params() == (
        (4 * 9 + 4 + 4 * 4 * 9 + 4 + 4 + 4) + (2 * (4 * 4 * 9 + 4) + 4 * 4 + 4) + 7 * 7 * 4 * 10 + 10
    )


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_residual_block_is_the_formula(batch_norm: bool) -> None:
    import keras

    network = ConvNet(filters=(3,), kernel_size=3, padding="same", residual=True, strides=2, pooling="none")
    model = network.change("batch_norm", batch_norm).build((7, 7, 1), 3)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 7, 1)).astype("float32")
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    shortcut = next(layer for layer in convolutions if layer.kernel_size == (1, 1))
    first, second = (layer for layer in convolutions if layer.kernel_size == (3, 3))
    scale = (1 + 1e-3) ** -0.5 if batch_norm else 1.0  # with its first moments, batch normalization divides by this

    def convolved(layer, x):
        maps = keras.ops.conv(x, layer.kernel, layer.strides[0], "same")
        return scale * np.asarray(maps)

    x = pixels / 255
    expected = np.maximum(convolved(shortcut, x) + convolved(second, np.maximum(convolved(first, x), 0)), 0)
    flat = keras.Model(model.input, next(x for x in model.layers if isinstance(x, keras.layers.Flatten)).output)
    assert (first.strides, second.strides, shortcut.strides) == ((2, 2), (1, 1), (2, 2))
    np.testing.assert_allclose(np.asarray(flat(pixels)), expected.reshape(5, -1), rtol=1e-4, atol=1e-5)
