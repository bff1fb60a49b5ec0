"""The accuracy of one trained network in a `.keras` file, with its errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from netgain.data import Dataset
from netgain.engine.setup import not_imported, prepare_jax
from netgain.errors import DataError
from netgain.results.evaluating import Plan
from netgain.stats import Systematics
from netgain.tasks.classification.judging import right_answers


def evaluate_file(path: Path, dataset: Dataset, plan: Plan, *, parts: dict[str, Any] | None = None) -> Systematics:
    """The accuracy of a `.keras` file on the test images of a dataset. One network has no training error.

    Args:
        path: the network.
        dataset: whose test images it is asked about.
        plan: by which amounts they are changed.
        parts: classes and functions of the model that are not Keras' own, by name.

    Raises:
        DataError: for a file that is not a network, or one whose images or classes are not those of the dataset.
    """
    with not_imported("sklearn"):
        prepare_jax()
    from netgain.engine.saving import load_classifier
    from netgain.engine.score import scorer, weights_of

    model, note = load_classifier(path, parts)
    _check_classes(path, dataset, model.output_shape, note.get("class_names"))
    score, weights = scorer(model, dataset.x_test), weights_of(model)

    def right(images: np.ndarray) -> np.ndarray:
        return right_answers(score(weights, images), dataset.y_test)[np.newaxis]

    changed = [right(images) for images in plan.image_sets(dataset.x_test)]
    sets = np.stack(changed, axis=1) if changed else np.zeros((1, 0, dataset.num_test), bool)
    return plan.systematics(right(dataset.x_test), sets, dataset.test_groups)


def _check_classes(path: Path, dataset: Dataset, gives: Any, names: list[str] | None) -> None:
    """Refuse a network whose classes are others: its answers would be compared with the labels of something else."""
    count = gives[-1] if isinstance(gives, tuple) else None
    if count != dataset.num_classes:
        raise DataError(
            f"the network in {str(path)!r} gives outputs of shape {gives}, and the dataset {dataset.name!r} has "
            f"{dataset.num_classes} classes; give the images that it was trained for with --data"
        )
    if names and tuple(names) != dataset.class_names:
        raise DataError(
            f"the network in {str(path)!r} was trained for the classes {', '.join(names)}; those of {dataset.name!r} "
            f"are {', '.join(dataset.class_names)}: give the images that it was trained for with --data"
        )
