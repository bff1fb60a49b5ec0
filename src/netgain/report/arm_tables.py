"""Tables with a row for each arm or run: accuracy on training and test images, and training time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas

if TYPE_CHECKING:
    from netgain.result import StudyResult
    from netgain.stats import Overtraining


def gaps_table(result: StudyResult) -> pandas.DataFrame:
    """A row for each arm: accuracy in percent on training and test images, their gap in points with its errors and
    95 % interval.
    """
    rows = []
    for name in result.runs:
        gap: Overtraining = result.analyse("overtraining", name)
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
                "train_images": gap.train.num_images,
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
            "epochs": len(run.history.get("loss", ())),
            "weights": run.num_parameters,
        }
        for name in result.runs
        for run in result.judged(name)
    ]
    return pandas.DataFrame(rows)
