"""Reading: a string is right where every character is read and none too many."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from netgain.data import StringDataset, load_strings
from netgain.errors import RecipeError
from netgain.tasks.reading.decoding import beam, greedy
from netgain.tasks.reading.edits import edit_distances
from netgain.tasks.reading.parts import Strings, parts_of, steps_needed
from netgain.tasks.reading.recipe import Reader
from netgain.tasks.task import Evaluation, Measure, Metrics, Outcome, Ratio, Task

if TYPE_CHECKING:
    from netgain.engine.compiled import CompiledFunctions
    from netgain.tasks.reading.training import Training


@final
class Reading(Task):
    """Networks that read strings of characters.

    Of every run it keeps "test_answers" int8 `[n, L']`, the labels that it reads, padded with 0, "test_edits" int16
    `[n]`, how many characters must be replaced, added or taken away to have the true text, "train_right" bool `[N]`,
    and "validation_right" bool `[m]` where there is a validation part.
    """

    measure: ClassVar[Measure] = Measure(item="test string")
    uses_kernels: ClassVar[bool] = True

    def load(self, recipe: Reader) -> StringDataset:
        return load_strings(recipe.dataset)

    def check(self, recipe: Reader, data: StringDataset) -> None:
        """Refuse sizes that do not fit, images that the network does not take, and texts that it has too few steps for.

        With too few steps, no path spells a text: its loss is a huge number whose gradient says nothing.

        Raises:
            DataError: where there are fewer strings than the recipe wants.
            RecipeError: with the text, its steps and what to change.
        """
        recipe.network.check_reader(data.image_shape)
        if recipe.augmentation:
            recipe.augmentation.check(data.image_shape)
        parts, steps = parts_of(recipe, data), recipe.network.num_steps(data.image_shape[1])
        for part, strings in parts.items():
            needed = steps_needed(recipe.network, strings.labels)
            if part != "test" and (needed > steps).any():
                raise _too_few_steps(recipe, data, strings, int(needed.argmax()), steps)
        slots = recipe.network.reads_by == "slots"
        if slots and (longest := int(parts["test"].lengths.max())) > steps:
            warnings.warn(
                f"{data.name}: test strings have up to {longest} characters, the network has {steps} slots, so longer "
                f"strings count as wrong",
                stacklevel=2,
            )

    def init(self, recipe: Reader, data: StringDataset, seed: int, compiled: CompiledFunctions) -> Training:
        from netgain.tasks.reading.training import start

        return start(recipe, data, seed, compiled)

    def epoch(self, state: Training) -> tuple[Training, Metrics]:
        return state.one_epoch()

    def evaluate(self, state: Training, part: str) -> Evaluation | None:
        return state.evaluated(part)

    def kept(self, state: Training) -> Training:
        return state.copied()

    def judge(self, state: Training, answers: Mapping[str, Any]) -> Outcome:
        parts, by_ctc = parts_of(state.recipe, state.data), state.recipe.network.reads_by == "ctc"
        read = {name: greedy(np.asarray(given), merge_repeats=by_ctc) for name, given in answers.items()}
        if state.recipe.decoding == "beam":
            read |= {name: beam(np.asarray(answers[name])) for name in answers if name != "train"}
        edits = {name: edit_distances(found, parts[name].labels) for name, found in read.items()}
        kept = {"test_answers": read["test"], "test_edits": edits["test"].astype(np.int16)}
        kept |= {f"{name}_right": edits[name] == 0 for name in edits if name != "test"}
        return Outcome(edits["test"] == 0, kept, state.model.count_params())

    def ratios(self, recipe: Reader, data: StringDataset, arrays: Mapping[str, np.ndarray]) -> Mapping[str, Ratio]:
        """The label error (Graves et al. 2006, equation 2): edits over characters, of all test strings together."""
        meaning = "characters to replace, add or take away per 100 characters of text"
        return {"label error": Ratio(arrays["test_edits"], data.lengths_test, meaning)}

    def save(self, state: Training, outcome: Outcome) -> bytes:
        return state.saved()


def _too_few_steps(recipe: Reader, data: StringDataset, strings: Strings, place: int, steps: int) -> RecipeError:
    """The error for the text that needs most."""
    labels = strings.labels[place]
    text = "".join(data.alphabet[label - 1] for label in labels if label)
    needed = int(steps_needed(recipe.network, labels[np.newaxis])[0])
    if recipe.network.reads_by == "slots":
        advice = f"{text!r} has {needed} characters, but there are {steps} slots; set network.slots to {needed}, or "
        return RecipeError("recipe", [("network.slots", f"{advice}longest to {steps} to leave such strings out")])
    why = f"{text!r} needs {needed} steps, one for each character and for a blank between equal neighbours"
    given = f"images of {data.image_shape[1]} columns give {steps}"
    advice = "make the pooling windows of network.stem narrower, such as [2, 1], or the images wider"
    return RecipeError("recipe", [("network", f"{why}, but {given}; {advice}")])
