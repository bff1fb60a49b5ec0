"""Reading: a string is right where every character is read and none too many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from netgain.data import StringDataset, load_strings
from netgain.tasks.reading.decoding import beam, greedy
from netgain.tasks.reading.edits import edit_distances
from netgain.tasks.reading.parts import parts_of
from netgain.tasks.reading.recipe import Reader
from netgain.tasks.task import Evaluation, Measure, Metrics, Outcome, Task

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

    def save(self, state: Training, outcome: Outcome) -> bytes:
        return state.saved()
