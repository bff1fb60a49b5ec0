"""`ng.fit` as a user types it: callbacks in Keras' order, what is shown, and one clear refusal for the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import netgain as ng

IMAGES = np.random.default_rng(0).random((50, 6)).astype(np.float32)
LABELS = np.random.default_rng(1).integers(0, 3, 50)

EVERY_TEN: Any = 10
ENOUGH: Any = 0.05
QUIET: Any = 0


def network(**compiled: Any) -> keras.Model:
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"], **compiled)
    return model


class Watching(keras.callbacks.Callback):
    """Notes which hooks are called, and the weights that are there then."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Any] = []

    def _note(self, name: str, *values: Any) -> None:
        weights = round(float(np.abs(self.model.get_weights()[0]).sum()), 3)  # pyright: ignore
        self.calls.append((name, *[sorted(each) if isinstance(each, dict) else each for each in values], weights))

    def on_train_begin(self, logs: Any = None) -> None:
        self._note("train begin", logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._note("epoch begin", epoch, logs)

    def on_test_begin(self, logs: Any = None) -> None:
        self._note("test begin", logs)

    def on_test_end(self, logs: Any = None) -> None:
        self._note("test end", logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._note("epoch end", epoch, logs)

    def on_train_end(self, logs: Any = None) -> None:
        self._note("train end", logs)


def both(fit: Callable[[keras.Model, bool], Any]) -> tuple[Any, Any]:
    """What a function gives with `model.fit` and with `ng.fit`, from the same first weights."""
    results = []
    for by_netgain in (False, True):
        keras.utils.set_random_seed(1)
        results.append(fit(network(), by_netgain))
    return results[0], results[1]


def train(model: keras.Model, by_netgain: bool, **how: Any) -> Any:
    how = {"epochs": 6, "batch_size": 8, "validation_split": 0.2, "verbose": 0} | how
    return ng.fit(model, IMAGES, LABELS, **how) if by_netgain else model.fit(IMAGES, LABELS, **how)


def test_callbacks_are_called_in_keras_order_with_the_weights_of_their_epoch() -> None:
    def calls(model: keras.Model, by_netgain: bool) -> list[Any]:
        watching = Watching()
        train(model, by_netgain, callbacks=[watching], epochs=3)
        return watching.calls

    slow, fast = both(calls)
    assert fast == slow
    assert len({call[-1] for call in fast}) > 3


def test_early_stopping_and_a_falling_rate_decide_as_in_keras() -> None:
    def decided(model: keras.Model, by_netgain: bool) -> Any:
        stop = keras.callbacks.EarlyStopping(patience=1, min_delta=ENOUGH, restore_best_weights=True)
        reduce = keras.callbacks.ReduceLROnPlateau(patience=0, min_delta=0.03, factor=0.5)
        history = train(model, by_netgain, callbacks=[reduce, stop], epochs=30)
        rate = float(model.optimizer.learning_rate.value)  # pyright: ignore
        return len(history.epoch), stop.stopped_epoch, rate, history.history["learning_rate"], model.get_weights()

    slow, fast = both(decided)
    assert fast[:3] == pytest.approx(slow[:3])
    assert fast[3] == pytest.approx(slow[3])
    assert fast[0] < 30
    for given, expected in zip(fast[4], slow[4], strict=True):
        np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-6)


def test_checkpoints_logs_and_lambdas_are_written(tmp_path: Path) -> None:
    def written(model: keras.Model, by_netgain: bool) -> Any:
        folder, told = tmp_path / str(by_netgain), []
        folder.mkdir()
        callbacks = [
            keras.callbacks.ModelCheckpoint(folder / "{epoch}.weights.h5", save_weights_only=True),
            keras.callbacks.CSVLogger(str(folder / "log.csv")),
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: told.append((epoch, sorted(logs)))),
            keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2),
            keras.callbacks.BackupAndRestore(folder / "backup"),
        ]
        train(model, by_netgain, callbacks=callbacks, epochs=2)
        rows = [[round(float(value), 4) for value in row.split(",")] for row in _lines(folder / "log.csv")[1:]]
        return told, rows, _lines(folder / "log.csv")[0], sorted(path.name for path in folder.iterdir())

    slow, fast = both(written)
    assert fast == slow
    assert len(fast[1]) == 2


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def test_the_bar_counts_mini_batches(capsys: pytest.CaptureFixture[str]) -> None:
    train(network(), by_netgain=True, epochs=1, verbose=2)
    assert capsys.readouterr().out.startswith("5/5 - ")
    train(network(), by_netgain=True, epochs=1, verbose=1)
    assert "5/5" in capsys.readouterr().out
    train(network(), by_netgain=True, epochs=1)
    assert not capsys.readouterr().out


class AtEveryBatch(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        raise AssertionError("not reached")


@pytest.mark.parametrize(
    ("callback", "why"),
    [
        (AtEveryBatch(), "AtEveryBatch acts at every mini-batch \\(on_train_batch_end\\)"),
        (keras.callbacks.TerminateOnNaN(), "TerminateOnNaN .*on_batch_end"),
        (keras.callbacks.ModelCheckpoint("a.keras", save_freq=EVERY_TEN), "ModelCheckpoint .*save_freq=10"),
        (keras.callbacks.BackupAndRestore("folder", save_freq=EVERY_TEN), "BackupAndRestore .*save_freq=10"),
        (keras.callbacks.LambdaCallback(on_train_batch_begin=print), "LambdaCallback .*on_train_batch_begin"),
        (keras.callbacks.TensorBoard(update_freq="batch"), "TensorBoard .*update_freq="),
        ("early stopping", "received str"),
    ],
)
def test_a_callback_that_acts_at_a_mini_batch_is_refused(callback: Any, why: str) -> None:
    with pytest.raises(ng.NetgainError, match=why):
        train(network(), by_netgain=True, callbacks=[callback])


def test_tensorboard_that_writes_once_an_epoch_is_taken() -> None:
    from netgain.api.fitting import check_callbacks

    check_callbacks(keras.callbacks.TensorBoard())
    check_callbacks(keras.callbacks.CallbackList([keras.callbacks.EarlyStopping()]))
    check_callbacks(None)


def _one_by_one() -> Any:
    yield IMAGES, LABELS


@pytest.mark.parametrize(
    ("model", "data", "why"),
    [
        (keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)]), (IMAGES, LABELS), "is not compiled; call"),
        ("model.keras", (IMAGES, LABELS), "trains a keras.Model; received str"),
        (network(run_eagerly=True), (IMAGES, LABELS), "compiled with run_eagerly=True"),
        (network(jit_compile=False), (IMAGES, LABELS), "compiled with jit_compile=False"),
        (network(), (_one_by_one(),), "x must be an array, .*received generator"),
        (network(), (keras.utils.PyDataset(),), "x must be an array, .*received keras.*PyDataset"),
        (network(), ([1.0, 2.0], LABELS), "x must be an array, .*received float"),
        (network(), (IMAGES, LABELS[:20]), "same number of items.*; received x 50, y 20"),
        (network(), (IMAGES[:0], LABELS[:0]), "at least one; received x 0, y 0"),
        (network(), (None,), "received no array"),
    ],
)
def test_what_it_cannot_train_is_refused(model: Any, data: tuple[Any, ...], why: str) -> None:
    with pytest.raises(ng.NetgainError, match=why):
        ng.fit(model, *data)


def test_other_wrong_arguments() -> None:
    with pytest.raises(ng.NetgainError, match="shuffle must be True or False; received 'batch'"):
        ng.fit(network(), IMAGES, LABELS, shuffle="batch")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ng.NetgainError, match="validation_data must be .*; received generator"):
        ng.fit(network(), IMAGES, LABELS, validation_data=_one_by_one())
    with pytest.raises(ng.NetgainError, match="validation x, validation y need .*; received validation x 50, valid"):
        ng.fit(network(), IMAGES, LABELS, validation_data=(IMAGES, LABELS[:7]))
    with pytest.raises(ValueError, match="expected shape|incompatible"):
        ng.fit(network(), np.zeros((50, 7)), LABELS, verbose=0)
    for size in (0, -3, 2.5):
        with pytest.raises(ng.NetgainError, match="batch_size must be a whole number above 0"):
            ng.fit(network(), IMAGES, LABELS, batch_size=size)  # pyright: ignore[reportArgumentType]


def test_a_model_is_whole_after_a_failure() -> None:
    model = network()
    with pytest.raises(ValueError, match="expected shape|incompatible"):
        ng.fit(model, np.zeros((50, 7)), LABELS, verbose=0)
    model.fit(IMAGES, LABELS, verbose=QUIET)
    assert ng.fit(model, IMAGES, LABELS, verbose=0).history["loss"]
