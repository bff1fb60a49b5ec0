"""Networks that read strings: log-probabilities at every step, whatever the width, and files that plain Keras opens."""

from typing import Any

import keras
import numpy as np
import pytest

from netgain.errors import RecipeError
from netgain.networks import StringNetwork, families_of, network_of
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.networks.families.rnn import RNN
from netgain.networks.strings import Stem

SHAPE = (16, 60, 1)
SMALL = Stem(filters=(3, 4), pools=((2, 2), (2, 1)))


@pytest.mark.parametrize(
    "network",
    [
        *(RNN(cell=cell, units=5, bidirectional=two) for cell in ("lstm", "gru", "simple") for two in (False, True)),
        RNN(cell="gru", units=4, layers=2, dropout=0.5, stem=SMALL),
        FixedSlots(stem=SMALL, dense=6, slots=7),
    ],
)
def test_every_reader_gives_log_probabilities_of_its_steps_and_plain_keras_opens_it(
    network: StringNetwork, tmp_path
) -> None:
    model = network.build_reader(SHAPE, 10)
    pixels = np.random.default_rng(0).integers(0, 256, (3, *SHAPE)).astype("float32")
    answers = np.asarray(model(pixels))
    assert answers.shape == (3, network.num_steps(60), 11)
    np.testing.assert_allclose(np.exp(answers).sum(axis=2), 1, rtol=1e-5)
    model.save(tmp_path / "reader.keras")
    opened: Any = keras.saving.load_model(tmp_path / "reader.keras")
    np.testing.assert_array_equal(np.asarray(opened(pixels)), answers)


def test_a_recurrent_reader_takes_every_width() -> None:
    network = RNN(cell="simple", units=3, stem=SMALL)
    model = network.build_reader(SHAPE, 2)
    for width in (60, 61, 90, 7):
        assert np.asarray(model(np.zeros((1, 16, width, 1)))).shape[1] == network.num_steps(width) == width // 2


def test_a_reader_sees_columns_and_a_classifier_rows() -> None:
    """What is drawn at the right, or at the bottom, comes last: earlier states of one direction do not know it."""
    network = RNN(cell="simple", units=4)
    blank, right = np.zeros((2, 1, *SHAPE))
    right[:, :, 40:] = 255
    model = network.build_reader(SHAPE, 2)
    same = np.isclose(model(blank), model(right)).all(axis=2)[0]  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert same[:40].all()
    assert not same[40:].any()
    classifier = network.build((4, 3, 1), 2)
    recurrent: Any = next(layer for layer in classifier.layers if isinstance(layer, keras.layers.SimpleRNN))
    assert recurrent.input.shape[1:] == (4, 3)  # 4 rows of 3 pixels each


@pytest.mark.parametrize("family", sorted(families_of(StringNetwork)))
def test_every_reader_survives_its_fields(family: str) -> None:
    kind: type[Any] = families_of(StringNetwork)[family]
    network = kind()
    assert network_of(StringNetwork, network.fields()) == network
    assert network_of(StringNetwork, network.identity()) == network
    assert network.reads_by in {"ctc", "slots"}


def test_number_of_weights() -> None:
    assert RNN().build((28, 28, 1), 10).count_params() == 81_674  # 4·128·(28 + 128 + 1) + 129·10
    assert RNN(cell="simple", units=7).build_reader((5, 9, 1), 3).count_params() == 7 * (5 + 7 + 1) + 8 * 4


def test_a_stem_has_a_window_for_each_block() -> None:
    assert Stem(filters=(4, 8, 9)).pools == ((2, 2),) * 3
    assert Stem(filters=(4, 8)).change("filters", [2, 2, 2]).pools == ((2, 2),) * 3
    with pytest.raises(RecipeError, match=r"pools: give one window, or one for each of the 3 blocks"):
        Stem(filters=(4, 8, 9), pools=((2, 2), (2, 1)))
    with pytest.raises(RecipeError, match="leaves nothing of images of 16×60 pixels"):
        RNN(stem=Stem(filters=(2,), pools=((20, 2),))).check_reader(SHAPE)
    with pytest.raises(RecipeError, match="leaves nothing"):
        RNN(stem=Stem(filters=(2,), pools=((20, 2),))).check(SHAPE, 10)
