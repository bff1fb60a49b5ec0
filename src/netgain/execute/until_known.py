"""Runs a study until it is known: more seeds at fixed looks, for those arms that are still open."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from netgain.errors import RecipeError
from netgain.result import RunResult, StudyResult
from netgain.stats import LOOKS, Look, judge_look
from netgain.study import BASELINE, Study

RunWithSeeds = Callable[[Study, int], StudyResult]
"""Trains a study's baseline and arms with so many seeds each, as far as they are not there yet."""


def run_until_known(study: Study, run_with_seeds: RunWithSeeds) -> StudyResult:
    """Give every arm that is still open the next look's seeds, until all are decided or the looks are over.

    Raises:
        RecipeError: for a study without arms: there is nothing to know.
    """
    if not study.arms:
        message = f"'until-known' needs arms to compare; {study.name!r} only measures its baseline: give a number"
        raise RecipeError("call of run", [("seeds", message)])
    looks: dict[str, Look] = {}
    runs: dict[str, list[RunResult]] = {}
    num_trained, seconds = 0, 0.0
    for num_seeds in LOOKS:
        open_arms = {name: recipe for name, recipe in study.arms.items() if name not in looks or not looks[name].stop}
        result = run_with_seeds(study.with_arms(open_arms), num_seeds)
        runs |= result.runs
        num_trained, seconds = num_trained + result.num_trained, seconds + result.seconds
        looks = judge_look(
            result.right(BASELINE),
            {name: result.right(name) for name in open_arms},
            looks,
            alpha=study.alpha,
            delta=study.delta,
            groups=result.dataset.test_groups,
        )
        if all(look.stop for look in looks.values()):
            break
    ordered = {name: runs[name] for name in study.recipes}
    return dataclasses.replace(result, study=study, runs=ordered, looks=looks, num_trained=num_trained, seconds=seconds)
