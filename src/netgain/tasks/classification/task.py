"""Classification: an image is right where the right class has the largest score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from netgain.data import Dataset, load_dataset, warn_of_split
from netgain.errors import RecipeError, StatisticsError
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.own import KerasNetwork
from netgain.tasks.classification.class_weights import class_weights_of
from netgain.tasks.classification.judging import judged, right_answers
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.task import Evaluation, Measure, Metrics, Outcome, Task

if TYPE_CHECKING:
    from netgain.engine.compiled import CompiledFunctions
    from netgain.experiment.recipe import DatasetRecipe
    from netgain.tasks.classification.ensemble import Ensemble
    from netgain.tasks.classification.together import TrainingTogether
    from netgain.tasks.classification.training import Training

NO_SCORES = np.zeros((0, 0), np.float32)


class ImageTask(Task):
    """What all classifiers of images share, however they are trained: their data, and what is right.

    Of every run it keeps "test_scores" float32 `[n, K]`, "train_right" bool `[N]`, "train_log_odds" float32 `[N]` (of
    the right class) and "validation_scores" float32 `[m, K]`, empty without a validation part.
    """

    measure: ClassVar[Measure] = Measure(item="test image")

    def load(self, recipe: DatasetRecipe) -> Dataset:
        return load_dataset(recipe.dataset)

    def check(self, recipe: Any, data: Dataset) -> None:
        """Refuse sizes that do not fit, and warn of a split that lacks a class.

        Raises:
            DataError: as :func:`netgain.data.split`.
        """
        warn_of_split(data, recipe.train_size, recipe.validation_size, recipe.split, recipe.split_seed)

    def right(self, recipe: DatasetRecipe, data: Dataset, arrays: Mapping[str, np.ndarray], part: str) -> np.ndarray:
        if part != "validation":
            return super().right(recipe, data, arrays, part)
        if not recipe.validation_size:
            raise StatisticsError(
                "the recipe has no validation part to judge on; set validation_size, for example to 10000"
            )
        return right_answers(arrays["validation_scores"], recipe.parts_of(data).y_validation)


def outcome(answers: Mapping[str, Any], test_labels: np.ndarray, train_labels: np.ndarray, weights: int) -> Outcome:
    """What is kept of a classifier, from its scores on each part."""
    train_right, train_log_odds = judged(np.asarray(answers["train"]), train_labels)
    test_scores = np.asarray(answers["test"])
    kept = {
        "test_scores": test_scores,
        "train_right": train_right,
        "train_log_odds": train_log_odds,
        "validation_scores": np.asarray(answers.get("validation", NO_SCORES)),
    }
    return Outcome(right_answers(test_scores, test_labels), kept, weights)


@final
class Classification(ImageTask):
    """Networks of Keras layers, trained by the engine."""

    uses_kernels: ClassVar[bool] = True

    def check(self, recipe: Any, data: Dataset) -> None:
        """Also refuse images that the network does not take or a change of them would black out, weights of classes
        that are not there, and a warm-up that never ends.

        Raises:
            RecipeError: with the reason.
        """
        super().check(recipe, data)
        recipe.network.check(data.image_shape, data.num_classes)
        if recipe.augmentation:
            recipe.augmentation.check(data.image_shape)
        if recipe.test_time:
            recipe.test_time.check(data.image_shape)
        class_weights_of(recipe, data.y_train, data.num_classes)
        warm_up = recipe.optimizer.warm_up if isinstance(recipe.optimizer, Optimizer) else 0
        if warm_up > recipe.epochs:
            message = (
                f"must be at most the recipe's {recipe.epochs} epochs, or the learning rate is never reached; received "
                f"{warm_up:g}"
            )
            raise RecipeError("recipe", [("optimizer.warm_up", message)])

    def try_out(self, recipe: Recipe, data: Dataset) -> None:
        """Give a user's own model real images; netgain's own networks are known.

        Raises:
            RecipeError: where what comes out is not probabilities, or the model cannot be saved.
        """
        if isinstance(recipe.network, KerasNetwork):
            from netgain.engine.setup import prepare_jax

            prepare_jax()
            from netgain.engine.guards import check_own_model

            check_own_model(recipe.network, recipe.loss, data.x_train, data.num_classes)

    def init(self, recipe: Recipe, data: Dataset, seed: int, compiled: CompiledFunctions) -> Training | Ensemble:
        from netgain.tasks.classification.ensemble import start_ensemble
        from netgain.tasks.classification.training import start

        return (start if recipe.ensemble == 1 else start_ensemble)(recipe, data, seed, compiled)

    def init_together(
        self, recipe: Recipe, data: Dataset, seeds: Sequence[int], compiled: CompiledFunctions
    ) -> TrainingTogether | None:
        """As for every task; ensembles are trained one after the other."""
        from netgain.tasks.classification.together import start_together

        return start_together(recipe, data, seeds, compiled) if recipe.ensemble == 1 else None

    def epoch(self, state: Training | Ensemble) -> tuple[Training | Ensemble, Metrics]:
        return state.one_epoch()

    def evaluate(self, state: Training | Ensemble, part: str) -> Evaluation | None:
        return state.evaluated(part)

    def kept(self, state: Training | Ensemble) -> Training | Ensemble:
        return state.copied()

    def judge(self, state: Training | Ensemble, answers: Mapping[str, Any]) -> Outcome:
        """Of an ensemble it also keeps "member_accuracies", float64 `[members]`, on the test images."""
        found = outcome(answers, state.data.y_test, state.parts.y_train, state.num_parameters)
        return found._replace(arrays={**found.arrays, **state.kept_beside()})

    def save(self, state: Training | Ensemble, outcome: Outcome) -> bytes:
        return state.saved(outcome.arrays["test_scores"])
