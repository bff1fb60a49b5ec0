"""Which digits does a trained network tag wrongly, and do they go wrong in every network?"""

from __future__ import annotations

import numpy as np

from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.stats.rounding import signed

LECTURE_ACCURACY = 0.966
NUM_SHOWN = 100


def examine(given: DemonstrationInput) -> Findings:
    """Count and show the wrong digits of the first network, and how often each is wrong over the seeds."""
    from netgain.report.wrong_digits import NARROW_COLUMNS, wrong_digits_chart, wrong_digits_table
    from netgain.stats import mean_accuracy

    (name,) = given.runs
    images, scores = given.images, given.scores(name)
    wrong = scores.argmax(axis=2) != images.y_test
    counts, num_test = wrong.sum(axis=1), images.num_test
    accuracy = mean_accuracy(~wrong, images.test_groups)
    spread = counts.std(ddof=1) if len(counts) > 1 else 0.0
    expected = (1 - LECTURE_ACCURACY) * num_test
    error = float(np.hypot(num_test * accuracy.test_sample, spread))
    times = wrong.sum(axis=0)
    always, once, ever = (int(of_images.sum()) for of_images in (times == len(counts), times == 1, times > 0))
    statements = (
        Statement(
            f"An accuracy of {100 * LECTURE_ACCURACY:.1f} % leaves about {expected:.0f} of {num_test:,} wrong",
            abs(counts.mean() - expected) < 3 * error,
            f"{counts.mean():.0f} ± {num_test * accuracy.test_sample:.0f} (test sample) ± {spread:.0f} (from one "
            f"network to another) are wrong, {signed((counts.mean() - expected) / error, 1)} standard deviations "
            "from it",
        ),
        Statement(
            "Some digits are hard for every network, others are wrong in one network only",
            always > 0 and once > 0,
            f"{always} images are wrong in all {len(counts)} networks, {once} in exactly one, {ever} in at least one",
        ),
    )
    figure = Figure(
        wrong_digits_table(images, scores, NUM_SHOWN),
        lambda table: wrong_digits_chart(table, images),
        f"The first {min(NUM_SHOWN, int(counts[0]))} test images that one network misclassifies, each with true label, "
        "answer, probability, and the share of the networks that are wrong.",
        lambda table: wrong_digits_chart(table, images, NARROW_COLUMNS),
    )
    return Findings(statements, {"wrong-digits": figure})
