"""To evaluate trained networks under declared shifts, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netgain.api.results import Shifts
from netgain.data import Dataset
from netgain.data.shifts import as_shifts
from netgain.experiment.recipe import AbstractRecipe
from netgain.report.analysis import Analysis
from netgain.results.evaluating import plan_of
from netgain.results.evaluation import evaluation_of
from netgain.runs.execute.options import DEFAULT_STORE, RunOptions
from netgain.runs.store import Store


def evaluate(
    model: AbstractRecipe | str | Path,
    shifts: Shifts = (),
    *,
    data: str | Path | Dataset | None = None,
    joint: int | None = None,
    correlations: Sequence[str] = (),
    store: Store | str | Path = DEFAULT_STORE,
) -> Analysis:
    """The accuracy of trained networks ± (test sample) ± (training) ± (systematics); nothing is trained.

    Args:
        model: a recipe, its name or its TOML file, of which the store has trained networks, all of which are used; or a
            `.keras` file, one network, which has no training error.
        shifts: how images at use may differ from the test images, such as ["rotation=N(0,10)", "blur=U(0,1)"]; without
            any, there is no systematic error.
        data: the images to use instead of those that the recipe declares; needed for a `.keras` file.
        joint: draw the amounts of all shifts together, so many times: for shifts whose effects are not independent.
        correlations: of the amounts that are drawn together, such as ["rotation,blur=0.8"].
        store: where the trained networks are, and where their answers to changed images are kept.

    Raises:
        UnknownNameError, DataError, RecipeError: for an invalid model, shift or image.
        StoreError: where the store has no networks of the recipe.
    """
    plan = plan_of(as_shifts(shifts), joint, correlations)
    found = evaluation_of(model, data, plan, RunOptions(store=store))
    return Analysis(found.title, found.value, found.measure)
