"""Tables with a row for each arm or run: accuracy on training and test images, and training time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas

from netgain.errors import StatisticsError
from netgain.results.analyses import analyse

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult
    from netgain.stats import Overtraining


def has_training_answers(result: StudyResult, name: str) -> bool:
    """Whether the runs of an arm keep which training items they have right."""
    try:
        result.right(name, "train")
    except StatisticsError:
        return False
    return True


def gaps_of(result: StudyResult) -> dict[str, Overtraining]:
    """The gap between training and test items by arm, of those arms whose runs keep what it needs."""
    return {name: analyse(result, "overtraining", name) for name in result.runs if has_training_answers(result, name)}


def gaps_table(result: StudyResult) -> pandas.DataFrame:
    """A row for each arm: accuracy in percent on training and test items, their gap in points with its errors and
    95 % interval. An arm whose runs keep no answers to training items has none.
    """
    rows = []
    for name, gap in gaps_of(result).items():
        interval = gap.interval()
        rows.append(
            {
                "arm": name,
                "train": 100 * gap.train.value,
                "test": 100 * gap.test.value,
                "gap": 100 * gap.gap,
                "train_sample": 100 * gap.train_sample,
                "test_sample": 100 * gap.test_sample,
                "training": None if gap.training is None else 100 * gap.training,
                "low": 100 * interval.low,
                "high": 100 * interval.high,
                "seeds": gap.train.num_seeds,
                "train_items": gap.train.num_images,
            }
        )
    return pandas.DataFrame(rows)


def costs_table(result: StudyResult) -> pandas.DataFrame:
    """A row for each run that has scores: the seconds to train and score it and to compile it, its epochs and
    weights.
    """
    rows = [
        {
            "arm": name,
            "seed": run.seed,
            "seconds": run.run_seconds,
            "compile_seconds": run.compile_seconds,
            "epochs": run.num_epochs,
            "weights": run.num_parameters,
        }
        for name in result.runs
        for run in result.judged(name)
    ]
    return pandas.DataFrame(rows)
