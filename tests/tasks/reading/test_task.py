"""A reader learns to read, its answers are judged character by character, and what cannot be read is refused."""

import warnings
from typing import Any

import keras
import numpy as np
import pytest

from netgain.data import StringDataset
from netgain.engine.compiled import CompiledFunctions
from netgain.errors import DataError, RecipeError
from netgain.experiment.sizes import fitting_fractions
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.networks.strings import Stem
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.training import train
from netgain.tasks.catalogue import task_of
from netgain.tasks.reading.decoding import greedy
from netgain.tasks.reading.parts import groups_of, parts_of
from netgain.tasks.reading.recipe import Reader
from netgain.tasks.reading.task import Reading

from .conftest import NETWORK, make_strings, recipe_for


def test_a_reader_learns_to_read(trained: RunResult, strings: StringDataset) -> None:
    assert trained.status is RunStatus.FINISHED
    assert trained.test_accuracy > 0.9
    assert trained.history["train"]["accuracy"][0] < trained.history["train"]["accuracy"][-1]
    assert trained.history["validation"]["loss"][-1] < trained.history["validation"]["loss"][0]


def test_right_is_every_character_and_none_too_many(trained: RunResult, strings: StringDataset) -> None:
    answers = trained.arrays["test_answers"]
    texts = ["".join(strings.alphabet[label - 1] for label in row if label) for row in answers]
    assert trained.right.tolist() == [a == b for a, b in zip(texts, strings.texts_test, strict=True)]
    assert (trained.arrays["test_edits"] == 0).tolist() == trained.right.tolist()
    assert answers.dtype == np.int8
    assert len(trained.arrays["train_right"]) == 400
    assert len(trained.arrays["validation_right"]) == 80
    task = task_of(recipe_for(strings))
    np.testing.assert_array_equal(
        task.right(recipe_for(strings), strings, trained.arrays, "validation"), trained.arrays["validation_right"]
    )


def test_the_label_error_is_edits_over_characters(trained: RunResult, strings: StringDataset) -> None:
    recipe = recipe_for(strings)
    ratio = task_of(recipe).ratios(recipe, strings, trained.arrays)["label error"]
    assert ratio.numerator.sum() == trained.arrays["test_edits"].sum()
    assert ratio.denominator.sum() == sum(map(len, strings.texts_test))
    assert not ratio.higher_is_better


def test_plain_keras_opens_a_saved_reader_and_reads_the_same(
    trained: RunResult, strings: StringDataset, tmp_path
) -> None:
    trained.save_model(tmp_path / "reader.keras")
    model: Any = keras.saving.load_model(tmp_path / "reader.keras")
    read = greedy(np.asarray(model(strings.x_test.astype("float32"))))
    np.testing.assert_array_equal(read, trained.arrays["test_answers"])
    wider = np.pad(strings.x_test, ((0, 0), (0, 0), (0, 10), (0, 0)))
    assert np.asarray(model(wider.astype("float32"))).shape == (120, 14, 4)


def test_the_same_seed_gives_the_same_reader_to_the_bit_whatever_the_groups(strings: StringDataset) -> None:
    recipe, compiled = recipe_for(strings, batch_size=2, epochs=1), CompiledFunctions()
    first, second, other = (train(recipe, seed, compiled=compiled) for seed in (1, 1, 2))
    assert first.history == second.history
    assert first.history != other.history


def test_the_search_reads_the_test_strings(trained: RunResult, strings: StringDataset) -> None:
    searched = train(recipe_for(strings, train_size=160, epochs=1, decoding="beam"), seed=0)
    assert searched.arrays["test_answers"].shape[0] == 120
    assert searched.recipe_digest != trained.recipe_digest


def test_fixed_slots_learn_too_and_their_longest_string_is_told(strings: StringDataset) -> None:
    slots = FixedSlots(stem=Stem(filters=(8,), pools=((2, 2),)), dense=32, slots=3)
    run = train(recipe_for(strings, network=slots), seed=0)
    assert run.test_accuracy > 0.8
    assert (run.arrays["test_edits"] == 0).tolist() == run.right.tolist()


def test_strings_of_like_width_are_trained_together_and_none_is_lost(strings: StringDataset) -> None:
    recipe = recipe_for(strings, batch_size=2)
    groups, train_part = groups_of(recipe, strings), parts_of(recipe, strings)["train"]
    assert [group.images.shape[2] for group in groups] == [6, 12, 18, 18]
    assert sum(len(group.lengths) for group in groups) == len(train_part.lengths)
    assert sum(group.images.astype(int).sum() for group in groups) == train_part.images.astype(int).sum()
    assert all((group.labels > 0).sum() == group.lengths.sum() for group in groups)
    slots = recipe.change("network", FixedSlots(slots=3))
    assert len(groups_of(slots, strings)) == 1  # it takes one width only
    assert len(groups_of(recipe.change("batch_size", 8), strings)) == 1  # too few to be worth compiling for each width


def test_a_group_has_steps_enough_for_its_texts() -> None:
    crowded = make_strings(num_train=480)
    narrow = StringDataset(
        crowded.x_train, ["aa"] * 480, crowded.x_test, ["aa"] * 120, widths_train=np.arange(480) % 18 + 1, name="aa"
    )
    steps = [NETWORK.num_steps(group.images.shape[2]) for group in groups_of(recipe_for(narrow, batch_size=2), narrow)]
    assert min(steps) >= 3  # "aa" needs a blank in between


def test_longest_trains_on_short_strings_only_and_judges_on_all(strings: StringDataset) -> None:
    parts = parts_of(recipe_for(strings, longest=1, train_size=50, validation_size=100), strings)
    assert parts["train"].lengths.tolist() == [1] * 50
    assert parts["validation"].lengths.max() == 3
    assert len(parts["test"].lengths) == 120
    with pytest.raises(DataError, match=r"bars has \d+ training strings of at most 1 characters, the recipe wants 400"):
        parts_of(recipe_for(strings, longest=1, train_size=400), strings)
    with pytest.raises(DataError, match=r"480 validation strings, the recipe wants 1: make train_size"):
        parts_of(recipe_for(strings, validation_size=480), strings)


def test_a_text_with_too_few_steps_is_refused_before_anything_runs(strings: StringDataset) -> None:
    coarse = NETWORK.change("stem", Stem(filters=(8,), pools=((2, 6),)))
    message = r"'(\w)\1\1' needs 5 steps, one for each character and for a blank.*columns give 3; make the pooling"
    with pytest.raises(RecipeError, match=message):
        Reading().check(recipe_for(strings, network=coarse), strings)
    with pytest.raises(RecipeError, match=r"slots: '\w{3}' has 3 characters, but there are 2 slots; set network.slots"):
        Reading().check(recipe_for(strings, network=FixedSlots(slots=2)), strings)
    with pytest.raises(RecipeError, match="leaves nothing of images of 8×18 pixels"):
        Reading().check(recipe_for(strings, network=FixedSlots(stem=Stem(filters=(2, 2), pools=((4, 4),)))), strings)


def test_slots_for_short_strings_warn_that_long_ones_count_as_wrong(strings: StringDataset) -> None:
    recipe = recipe_for(strings, network=FixedSlots(slots=2), longest=2)
    with pytest.warns(UserWarning, match="up to 3 characters, the network has 2 slots, so longer strings count"):
        Reading().check(recipe, strings)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Reading().check(recipe_for(strings), strings)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"network": FixedSlots(), "decoding": "beam"}, "fixed slots leave nothing to search; use decoding='greedy'"),
        ({"early_stopping": {"patience": 2}}, "early stopping needs a validation part"),
        ({"network": {"family": "mlp"}}, "there is no network family 'mlp'"),
        ({"network": 3}, "an RNN or FixedSlots; received 3"),
        ({"dataset": 3}, "a name, a path or a StringDataset; received 3"),
        ({"augmentation": {"copies": [[5, 25]]}}, "strings have no rotated copies"),
    ],
)
def test_what_does_not_fit_is_refused_when_the_recipe_is_made(fields: dict, message: str) -> None:
    with pytest.raises(Exception, match=message):
        Reader(**{"network": NETWORK, **fields})


def test_a_recipe_survives_toml(strings: StringDataset) -> None:
    recipe = Reader(network=NETWORK, decoding="beam", longest=5, optimizer={"name": "adam", "clip_norm": 2.0})
    assert Reader.from_toml(recipe.to_toml()) == recipe
    assert recipe.to_toml().startswith('task = "reading"')
    with pytest.raises(RecipeError, match=r"StringDataset.save\('my.npz'\)"):
        recipe_for(strings).to_toml()


def test_a_rehearsal_and_a_smaller_dataset_take_fewer_strings(strings: StringDataset) -> None:
    recipe = recipe_for(strings, train_size=300, validation_size=90, epochs=8)
    assert (recipe.quick(480).train_size, recipe.quick(480).validation_size, recipe.quick(480).epochs) == (100, 30, 2)
    assert recipe_for(strings).quick(480).train_size == 160
    assert fitting_fractions([recipe], 130) == pytest.approx((1 / 3, 1 / 3))
