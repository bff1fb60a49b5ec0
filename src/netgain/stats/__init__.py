"""Honest statistics of accuracies: arrays in, frozen results out; knows nothing of training."""

from netgain.stats.cost import CostRatio, cost_ratio
from netgain.stats.crossed import MeanAccuracy, mean_accuracy
from netgain.stats.difference import INDEPENDENT_IMAGES, Difference, difference
from netgain.stats.intervals import Interval, accuracy_interval, clopper_pearson, wilson
from netgain.stats.mcnemar import mcnemar_exact, mcnemar_mid_p
from netgain.stats.multiplicity import benjamini_hochberg, holm
from netgain.stats.power import images_needed, seeds_needed
from netgain.stats.verdict import Outcome, Verdict, judge

__all__ = [
    "INDEPENDENT_IMAGES",
    "CostRatio",
    "Difference",
    "Interval",
    "MeanAccuracy",
    "Outcome",
    "Verdict",
    "accuracy_interval",
    "benjamini_hochberg",
    "clopper_pearson",
    "cost_ratio",
    "difference",
    "holm",
    "images_needed",
    "judge",
    "mcnemar_exact",
    "mcnemar_mid_p",
    "mean_accuracy",
    "seeds_needed",
    "wilson",
]
