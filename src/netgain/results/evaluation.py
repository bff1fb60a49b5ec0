"""Evaluations of networks that are trained already: those of a recipe in a store, or one in a `.keras` file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from netgain.data import Dataset, load_dataset
from netgain.errors import RecipeError, StoreError
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import BASELINE, Study
from netgain.results.evaluated_file import evaluate_file
from netgain.results.evaluating import Plan, evaluate_arm
from netgain.results.stored import open_existing, stored_study
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import Means, RunOptions
from netgain.runs.store import Store, without_password
from netgain.stats import Systematics
from netgain.tasks.recipes import load_recipe
from netgain.tasks.task import Measure

NO_DATA = "a .keras file does not say which images it is to be judged on; name them, for example mnist"


IMAGES = Measure(item="test image")


class Evaluation(NamedTuple):
    """What was evaluated, in words; what came out; and what it is about."""

    title: str
    value: Systematics
    measure: Measure = IMAGES


def evaluation_of(
    model: AbstractRecipe | str | Path, data: str | Path | Dataset | None, plan: Plan, options: RunOptions
) -> Evaluation:
    """Of a recipe, a recipe's name or its file, whose networks are in the store, or of a `.keras` file.

    Raises:
        UnknownNameError, DataError, RecipeError, StoreError: as :func:`netgain.evaluate`.
    """
    if isinstance(model, str | Path) and Path(model).suffix == ".keras":
        if data is None:
            raise RecipeError("call of evaluate", [("data", NO_DATA)])
        return evaluation_of_file(Path(model), load_dataset(data), plan)
    recipe = model if isinstance(model, AbstractRecipe) else load_recipe(model)
    study = Study(Path(model).stem if isinstance(model, str | Path) else "recipe", baseline=recipe)
    if data is not None:
        study = study.on(data)
        dataset = load_dataset(study.baseline.judged_on)
        study = study.fitted_to(dataset.num_train, dataset.num_validation)
    return evaluation_of_recipe(study, plan, options)


def title_of_arm(result: StudyResult, arm: str) -> str:
    """What is evaluated, such as "convnet on the 10,000 test images of mnist, 5 seeds"."""
    count = len(result.judged(arm))
    return f"{result.study.label(arm)} on {result.items}, {'one seed' if count == 1 else f'{count} seeds'}"


def evaluation_of_recipe(study: Study, plan: Plan, options: RunOptions) -> Evaluation:
    """Of all networks that the store has of a study's baseline; nothing is trained.

    Raises:
        StoreError: where there is no store, or no such network in it.
        RecipeError: where they cannot be asked about changed images.
    """
    where = options.store
    store = where if isinstance(where, Store) else open_existing(where or "")
    result = stored_study(study, store, progress=options.progress)
    if result is None:
        shown = without_password(where) if isinstance(where, str | Path) else "this store"
        raise StoreError(
            f"{shown!r} has no networks of {study.name!r} with these options: train them first, with netgain train or "
            "netgain study, or name another store; netgain show lists what is in a store"
        )
    value = evaluate_arm(result, BASELINE, plan, Means.of(options))
    return Evaluation(title_of_arm(result, BASELINE), value)


def evaluation_of_file(path: Path, dataset: Dataset, plan: Plan, *, parts: dict[str, Any] | None = None) -> Evaluation:
    """Of the one network in a `.keras` file.

    Raises:
        DataError: as :func:`netgain.results.evaluated_file.evaluate_file`.
    """
    value = evaluate_file(path, dataset, plan, parts=parts)
    return Evaluation(f"{path.name} on the {dataset.num_test:,} test images of {dataset.name}", value)
