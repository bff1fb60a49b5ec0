"""Real climbs, small: subsets of the digits, a network of one layer, two techniques."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from netgain.api.improving import Improvement as Shown
from netgain.data import Dataset, load_dataset
from netgain.errors import DataError, OutputError, RecipeError, UnknownNameError
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.techniques import TECHNIQUES
from netgain.networks.families.mlp import MLP
from netgain.report import improving
from netgain.results.improve.climb import Begun
from netgain.results.improve.journal import StoredJournal
from netgain.results.improve.run import STOPPED, improve
from netgain.runs.execute.options import RunOptions
from netgain.runs.store import RunKey, Store
from netgain.tasks.classification.recipe import Recipe

OTHERS = [name for name in TECHNIQUES if name not in {"learning rate", "L1 penalty"}]


def subset(first: int) -> Dataset:
    digits = load_dataset("digits")
    chosen = slice(first, first + 900)
    return Dataset(
        digits.x_train[chosen], digits.y_train[chosen], digits.x_test, digits.y_test,
        name=f"digits from {first}", value_range=(0, 255),
    )  # fmt: skip


def start(rate: float) -> Recipe:
    network = MLP(hidden=(12,), activation="relu", output="softmax")
    return Recipe(dataset="digits", network=network, optimizer=Optimizer("sgd", rate), batch_size=32, epochs=6)


def small(data, rate, store, here, **options):
    options = {"minutes": 4.0, "without": OTHERS, **options}
    return improve(data, start(rate), options=RunOptions(store=store, executor=here, workers=1), **options)


def test_a_bad_start_is_improved_and_the_second_call_trains_nothing(tmp_path, here):
    store, told = tmp_path / "store.db", []
    found = small(subset(0), 0.01, store, here, tell=told.append)
    assert found.steps[0].move.startswith("learning rate")
    assert found.verdict is not None
    assert found.verdict.difference.effect > 0.2
    assert found.seconds <= 1.05 * 60 * found.minutes
    assert found.recipe.optimizer.learning_rate > 0.01
    number = Store(store).num_runs()
    again = small(subset(0), 0.01, store, here)
    assert Store(store).num_runs() == number
    assert again.recipe.digest == found.recipe.digest
    assert [one.level for one in again.climb.attempts] == [one.level for one in found.climb.attempts]
    check_shown(Shown(**vars(found)), tmp_path)


def check_shown(found: Shown, folder):
    found.save_model(folder / "better.keras")
    network: Any = keras.saving.load_model(folder / "better.keras")
    right = np.argmax(network.predict(found.data.x_test, verbose=0), axis=1) == found.data.y_test
    assert np.array_equal(right, found.saved_network().right)
    assert found.steps[0].move in str(found)
    assert "Better than the start" in repr(found)
    found.report(folder / "page.html")
    page = (folder / "page.html").read_text()
    assert found.steps[0].move in page
    assert page.count("<svg") == len(found.rejected)
    assert found.as_dict()["attempts"][0]["accepted"]
    with pytest.raises(OutputError, match="cannot be written"):
        found.report(folder / "nowhere" / "page.html")


@pytest.mark.parametrize("first", [100, 400])
def test_where_nothing_is_proven_the_start_comes_back(tmp_path, here, first):
    without = [name for name in TECHNIQUES if name != "L1 penalty"]
    found = small(subset(first), 0.2, tmp_path / "store.db", here, without=without)
    assert found.steps == []
    assert found.recipe.change("dataset", "digits").digest == start(0.2).digest
    assert list(found.accuracies) == ["start"]
    assert found.verdict is None
    assert "the start comes back" in improving.headline(found)
    assert {entry.candidate.last for entry in found.rejected} == {f"L1 penalty {n:g}" for n in (0.0001, 0.001, 0.01)}


def test_ctrl_c_hands_back_what_there_is(tmp_path, here):
    def interrupt(words):
        if words.startswith("confirm"):
            raise KeyboardInterrupt

    found = small(subset(0), 0.01, tmp_path / "store.db", here, tell=interrupt)
    assert found.climb.ended == STOPPED
    assert not found.on_all_images
    assert found.saved_network().model
    assert found.verdict is None
    assert not found.accuracies


def test_nobody_sees_the_test_images_before_the_end(tmp_path, here, monkeypatch):
    from netgain.results.improve import training

    seen, plain = [], training.trained_runs

    def watched(recipes, data, seeds, means):
        seen.append(data.x_test)
        return plain(recipes, data, seeds, means)

    monkeypatch.setattr(training, "trained_runs", watched)
    data = subset(0)
    small(data, 0.2, tmp_path / "store.db", here, without=list(TECHNIQUES))
    assert [np.array_equal(images, data.x_test) for images in seen] == [False] * (len(seen) - 1) + [True]


def test_too_few_minutes_say_how_many_are_needed(tmp_path, here):
    message = r"minutes: must be at least [\d.]+ to train the start .* once .*; received 0\.0001"
    with pytest.raises(RecipeError, match=message):
        small(subset(0), 0.2, tmp_path / "store.db", here, minutes=0.0001)
    with pytest.raises(RecipeError, match="must be a number of minutes above 0; received -1"):
        small(subset(0), 0.2, tmp_path / "store.db", here, minutes=-1)


def test_what_cannot_be_improved_is_refused_before_anything_is_trained(tmp_path, here):
    layers = [keras.Input((9, 9, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    keras.Sequential(layers).save(tmp_path / "other.keras")
    options = RunOptions(store=tmp_path / "store.db", executor=here)
    with pytest.raises(RecipeError, match=r"takes inputs of shape \(9, 9, 1\), but the images have \(8, 8, 1\)"):
        improve("digits", tmp_path / "other.keras", options=options)
    few = Dataset(subset(0).x_train[:30], np.arange(30) % 10, subset(0).x_test, subset(0).y_test, value_range=(0, 255))
    with pytest.raises(DataError, match="at least 7 images of each class"):
        improve(few, start(0.2), options=options)
    with pytest.raises(UnknownNameError, match="did you mean 'rotation'"):
        improve("digits", start(0.2), without=["rotatoin"], options=options)
    assert Store(tmp_path / "store.db").num_runs() == 0


def test_the_journal_is_in_the_store_and_belongs_to_one_start(tmp_path, here):
    store = tmp_path / "store.db"
    small(subset(0), 0.2, store, here, without=list(TECHNIQUES))
    kept = Store(store)
    key = RunKey.of(next(iter(kept.find(run.key for run in kept.listing()).values())))
    journal, attempts = (
        StoredJournal(kept, key, "a" * 64),
        [Begun((), "dropout 0.2", 5), Begun(("dropout 0.2",), "x", 10)],
    )
    for attempt in attempts:
        journal.begin(attempt)
    assert StoredJournal(Store(store), key, "a" * 64).begun() == attempts
    assert StoredJournal(kept, key, "b" * 64).begun() == []
