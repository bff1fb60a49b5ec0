"""Runs a study until it is known: more seeds at fixed looks, for those arms that are still open."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from netgain.errors import RecipeError
from netgain.result import StudyResult
from netgain.stats import LOOKS, Look, judge_look
from netgain.study import BASELINE, Study

RunWithSeeds = Callable[[Study, int], StudyResult]
"""Trains a study's baseline and arms with so many seeds each, as far as they are not there yet."""


def run_until_known(study: Study, run_with_seeds: RunWithSeeds) -> StudyResult:
    """Give every arm that is still open the next look's seeds, until all are decided or the looks are over.

    Raises:
        RecipeError: for a study without arms, in which there is nothing to know, and for one whose arms are
            compared with each other: an arm that is decided may get no more seeds, another's partner needs them.
    """
    if not study.arms:
        message = f"'until-known' needs arms to compare; {study.name!r} only measures its baseline: give a number"
        raise RecipeError("call of run", [("seeds", message)])
    if study.against:
        message = f"'until-known' compares every arm with the baseline, {study.name!r} does not: give a number"
        raise RecipeError("call of run", [("seeds", message)])
    result = run_with_seeds(study, LOOKS[0])
    runs, looks = dict(result.runs), _look(study, result, {})
    num_trained, seconds = result.num_trained, result.seconds
    for num_seeds in LOOKS[1:]:
        still_open = {name: recipe for name, recipe in study.arms.items() if not looks[name].stop}
        if not still_open:
            break
        result = run_with_seeds(study.with_arms(still_open), num_seeds)
        runs, looks = {**runs, **result.runs}, _look(study, result, looks)
        num_trained, seconds = num_trained + result.num_trained, seconds + result.seconds
    return dataclasses.replace(result, study=study, runs=runs, looks=looks, num_trained=num_trained, seconds=seconds)


def _look(study: Study, result: StudyResult, earlier: dict[str, Look]) -> dict[str, Look]:
    """Judge the arms that the result is of, at the look that its seeds make."""
    return judge_look(
        result.right(BASELINE),
        {name: result.right(name) for name in result.study.arms},
        earlier,
        alpha=study.alpha,
        delta=study.delta,
        groups=result.dataset.test_groups,
    )
