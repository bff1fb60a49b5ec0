"""To run a study, train a network or estimate the class fractions of a sample, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import fields
from pathlib import Path
from typing import Any, TypedDict, Unpack, overload

from netgain.api.results import DemonstrationResult, StudyResult, shown
from netgain.api.sampled import Fractions, shown_fractions
from netgain.data.sample import Images
from netgain.data.shifts import Shift
from netgain.errors import RecipeError, near_or_all
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import BASELINE, Study
from netgain.results import run as running
from netgain.results.classifier import classifier_of_file, classifier_of_recipe, with_networks
from netgain.results.fractions import nuisances_in, read_images
from netgain.results.run import Seeds
from netgain.runs.execute.cluster import ClusterPool
from netgain.runs.execute.options import DEFAULT_STORE, RunOptions
from netgain.runs.execute.progress import Progress
from netgain.runs.record import RunResult
from netgain.runs.store import Store
from netgain.tasks.recipes import load_recipe


class Options(TypedDict, total=False):
    """The options of :func:`run`, as :class:`netgain.RunOptions` has them."""

    store: Store | str | Path | None
    workers: int | None
    executor: Executor | ClusterPool | None
    cluster: Any
    retry_failed: bool
    progress: Progress | None


@overload
def run(study: Study, seeds: Seeds = 5, **options: Unpack[Options]) -> StudyResult: ...
@overload
def run(study: Demonstration, seeds: Seeds = 5, **options: Unpack[Options]) -> DemonstrationResult: ...
def run(study: Study | Demonstration, seeds: Seeds = 5, **options: Any) -> StudyResult | DemonstrationResult:
    """Train every recipe of a study or demonstration with every seed, as far as the store lacks the run, and judge.

    Args:
        study: what to run; a demonstration's networks are trained in the same way, then examined.
        seeds: how many (0, 1, 2, …) or which; a verdict needs 5. "until-known" gives the arms 5, 8, 12 and
            finally 20 seeds, each until it is decided, with p-values that stay honest.
        **options: where runs are kept, and who trains them: `store`, `workers`, `executor`, `cluster`,
            `retry_failed` and `progress`, as in :class:`netgain.RunOptions`.

    Raises:
        DataError, RecipeError: where the study cannot be trained on its images, or for an option that is not there;
            found before anything runs.
        StoreError: where a finished run cannot be kept. Runs written before are safe.
        TrainingError: where every run of an arm failed.
        ComputerError: where NETGAIN_KERNELS names kernels that this computer lacks.
        ClusterError: where the cluster cannot be used, or is lost. Runs written before are safe.
    """
    known = [field.name for field in fields(RunOptions)]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise RecipeError("call of run", [(name, _no_such_option(name, known)) for name in unknown])
    return shown(running.run(study, seeds, RunOptions(**options)))


def _no_such_option(name: str, known: list[str]) -> str:
    return f"there is no such option{near_or_all(name, ['study', 'seeds', *known], 'Options')}"


def train(
    recipe: AbstractRecipe, seed: int = 0, *, store: Store | str | Path | None = None, cluster: Any = None
) -> RunResult:
    """Train one network, or find it in the store; nothing is kept by default.

    It is trained in a separate process, or by a worker of a Dask cluster, which is named as for :func:`run`.

    Raises:
        DataError, RecipeError, StoreError, TrainingError, ClusterError: as :func:`run`.
    """
    return running.train(recipe, seed, RunOptions(store=store, workers=1 if cluster is None else None, cluster=cluster))


def fractions(
    model: AbstractRecipe | str | Path,
    images: Images,
    *,
    templates: Images | None = None,
    nuisances: Sequence[Shift | str] = (),
    seeds: int | Sequence[int] = 1,
    **options: Unpack[Options],
) -> Fractions:
    """The fraction of every class in a sample of images whose classes need not be known, with its errors.

    Counting a classifier's answers is biased, because it is wrong for some images. Instead, the distribution of its
    scores in the sample is fitted by those of labelled images of each class, the templates. The networks of several
    seeds count as one classifier, whose score is the mean of theirs.

    Args:
        model: a recipe, its name or TOML file, which is trained or found in the store; or a `.keras` file.
        images: the sample: a folder of pictures, an `.npz` file with the array `images`, an array `[n, H, W]` or
            `[n, H, W, C]`, a pair of such an array and labels, or a dataset, of which the test images are used.
        templates: labelled images that the networks were not trained on, as `images`; of a dataset with its part,
            "mnist:test". By default the validation part of the recipe.
        nuisances: how all images of the sample may differ from the templates, each by one unknown amount:
            "rotation=N(0,10)", or :class:`netgain.data.shifts.Shift` objects.
        seeds: of a recipe: how many or which.
        **options: of a recipe: as for :func:`run`.

    Raises:
        DataError: for images or templates that cannot be read or used, such as images that trained the networks.
        StatisticsError: where the networks give no usable scores.
        UnknownNameError, RecipeError, StoreError, TrainingError: as :func:`run`.

    >>> recipe = load_recipe("small-sample").change("epochs", 2).change("dataset", "digits").change("train_size", 900)
    >>> found = fractions(recipe.change("validation_size", 400), "digits", store=None, workers=1)
    >>> float(found.frame()["fraction"].sum().round(6))
    100.0
    """
    sources = nuisances_in(nuisances)
    if isinstance(model, str | Path) and Path(model).suffix == ".keras":
        classifier = classifier_of_file(Path(model))
        return shown_fractions(classifier, read_images(classifier, images, templates), sources)
    recipe = model if isinstance(model, AbstractRecipe) else load_recipe(model)
    untrained = classifier_of_recipe("the recipe" if recipe is model else str(model), recipe)
    both = read_images(untrained, images, templates)  # before anything is trained
    runs = run(Study("fractions", baseline=recipe), seeds, **options).runs[BASELINE]
    store = options.get("store", DEFAULT_STORE)
    return shown_fractions(with_networks(untrained, recipe, runs, store), both, sources)
