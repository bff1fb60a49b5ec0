"""Runs a study until it is known: more seeds at fixed checks, for those arms that are still open."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from netgain.errors import RecipeError
from netgain.experiment.study import BASELINE, Study
from netgain.results.study_result import StudyResult
from netgain.stats import CHECKS, Check, judge_check

RunWithSeeds = Callable[[Study, int], StudyResult]
"""Trains a study's baseline and arms with this number of seeds each, unless the store has them."""


def run_until_known(study: Study, run_with_seeds: RunWithSeeds) -> StudyResult:
    """Give every arm that is still open the seeds of the next check, until all are decided or no check is left.

    Raises:
        RecipeError: for a study without arms, in which there is nothing to know, and for one whose arms are
            compared with each other: an arm that is decided may get no more seeds, another's partner needs them.
    """
    if not study.arms:
        message = f"'until-known' needs arms to compare; {study.name!r} only measures its baseline: give a number"
        raise RecipeError("call of run", [("seeds", message)])
    if study.against:
        message = f"'until-known' compares every arm with the baseline, {study.name!r} does not: give a number of seeds"
        raise RecipeError("call of run", [("seeds", message)])
    if study.shifts:
        message = "'until-known' decides by one set of test images; a study with shifts has two: give a number of seeds"
        raise RecipeError("call of run", [("seeds", message)])
    result = run_with_seeds(study, CHECKS[0])
    runs, checks = dict(result.runs), _check(study, result, {})
    num_trained, seconds = result.num_trained, result.seconds
    for num_seeds in CHECKS[1:]:
        still_open = {name: recipe for name, recipe in study.arms.items() if not checks[name].stop}
        if not still_open:
            break
        result = run_with_seeds(study.with_arms(still_open), num_seeds)
        runs, checks = {**runs, **result.runs}, _check(study, result, checks)
        num_trained, seconds = num_trained + result.num_trained, seconds + result.seconds
    return dataclasses.replace(result, study=study, runs=runs, checks=checks, num_trained=num_trained, seconds=seconds)


def _check(study: Study, result: StudyResult, earlier: dict[str, Check]) -> dict[str, Check]:
    """Judge the arms of the result, at the check that its seeds belong to."""
    return judge_check(
        result.right(BASELINE),
        {name: result.right(name) for name in result.study.arms},
        earlier,
        alpha=study.alpha,
        delta=study.delta,
        groups=result.data.test_groups,
    )
