"""Generation: a test image is right where a judge that has seen generated images only names its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, final

from netgain.data import Dataset, load_dataset, warn_of_split
from netgain.errors import RecipeError
from netgain.tasks.classification.judging import right_answers
from netgain.tasks.generation.figures import figures
from netgain.tasks.generation.recipe import Generator
from netgain.tasks.task import Evaluation, Figure, Measure, Metrics, Outcome, Task

if TYPE_CHECKING:
    import numpy as np

    from netgain.engine.compiled import CompiledFunctions
    from netgain.tasks.generation.training import Training


@final
class Generation(Task):
    """Networks that make images of random numbers, taught by a critic.

    The accuracy is that of a judge on the real test images, which was trained on generated images only, as many as
    there are training images (train on synthetic, test on real: Esteban, Hyland & Rätsch 2017, section 4).

    Of every run it keeps "test_scores" float32 `[n, K]`, the judge's, "validation_right" bool `[m]` where there is a
    validation part, "generated" uint8 `[n, H, W, C]` and "generated_labels" int32 `[n]`, other images than the
    judge's, "film" uint8 `[F, 40, H, W, C]`, the images of the same random numbers after F epochs, 4 rows of 10,
    "film_epochs" int32 `[F]`, "critic_train", "critic_test" and "critic_generated" float32 `[n]`, the critic's last
    logits of training, test and generated images, and what
    :func:`netgain.tasks.generation.measures.measure_sample` gives.
    """

    measure: ClassVar[Measure] = Measure(item="test image")
    uses_kernels: ClassVar[bool] = True

    def load(self, recipe: Generator) -> Dataset:
        return load_dataset(recipe.dataset)

    def check(self, recipe: Generator, data: Dataset) -> None:
        """Refuse images that the networks or the judge do not take, and fewer images than a step needs.

        Raises:
            DataError: as :func:`netgain.data.split`.
            RecipeError: with the reason.
        """
        warn_of_split(data, recipe.train_size, recipe.validation_size, recipe.split, recipe.split_seed)
        recipe.generator.check_generator(data.image_shape)
        recipe.critic.check_critic(data.image_shape)
        try:
            recipe.judge.network.check(data.image_shape, data.num_classes)
        except RecipeError as error:
            problems = [(f"judge.network.{path}", message) for path, message in error.problems]
            raise RecipeError("recipe", problems) from None
        size, needed = len(recipe.parts_of(data).y_train), recipe.images_per_step
        if size < needed:
            message = (
                f"a step takes {needed:,} images, but there are {size:,} training images; use a smaller batch_size"
            )
            raise RecipeError("recipe", [("batch_size", message)])

    def init(self, recipe: Generator, data: Dataset, seed: int, compiled: CompiledFunctions) -> Training:
        from netgain.tasks.generation.training import start

        return start(recipe, data, seed, compiled)

    def epoch(self, state: Training) -> tuple[Training, Metrics]:
        return state.one_epoch()

    def evaluate(self, state: Training, part: str) -> Evaluation | None:
        """By a judge that learnt from few generated images in one pass: the curve of a training, not its result."""
        return state.evaluated(part)

    def kept(self, state: Training) -> Training:
        return state.copied()

    def judge(self, state: Training, answers: Mapping[str, Any]) -> Outcome:
        scores, kept = state.outcome_arrays()
        return Outcome(right_answers(scores, state.data.y_test), kept, state.pair.generator.count_params())

    def figures(self, recipe: Generator, data: Dataset, arrays: Mapping[str, np.ndarray]) -> Mapping[str, Figure]:
        return figures(arrays)

    def save(self, state: Training, outcome: Outcome) -> bytes:
        return state.saved()
