"""Honest statistics of accuracies: arrays in, frozen results out; knows nothing of training."""

from netgain.stats.calibration import Calibration, ReliabilityBin, calibration
from netgain.stats.conformal import ConformalSets, conformal_sets, conformal_thresholds
from netgain.stats.confusion import Confusion, confusion
from netgain.stats.cost import CostRatio, cost_ratio
from netgain.stats.crossed import MeanAccuracy, mean_accuracy
from netgain.stats.difference import INDEPENDENT_ITEMS, Difference, difference
from netgain.stats.ensemble import Ensemble, ensemble
from netgain.stats.estimate import Estimate
from netgain.stats.familiarity import Goodness
from netgain.stats.fractions import ClassFractions, FractionErrors, FractionIntervals, class_fractions
from netgain.stats.gap_difference import GapDifference, RightAnswers, gap_difference
from netgain.stats.gap_verdict import GapOutcome, GapVerdict, judge_gaps
from netgain.stats.images import ChangedImages, ImageErrors, changed_images, image_errors
from netgain.stats.intervals import Interval, accuracy_interval, clopper_pearson, wilson
from netgain.stats.mcnemar import mcnemar_exact, mcnemar_mid_p
from netgain.stats.multiplicity import benjamini_hochberg, holm
from netgain.stats.nuisances import FittedNuisance, Nuisance
from netgain.stats.one_run import OneRunComparisons, one_run_comparisons
from netgain.stats.overtraining import Overtraining, overtraining
from netgain.stats.peak_fit import Peak, PeakFit, fit_peak
from netgain.stats.power import images_needed, seeds_needed
from netgain.stats.ratio import RatioEstimate, ratio_estimate
from netgain.stats.roc import Roc, RocCurve, RocPoint, area_difference, roc
from netgain.stats.score_distributions import (
    ClassDistributions,
    ScoreDistributions,
    right_class_log_odds,
    score_distributions,
)
from netgain.stats.sequential import CHECKS, Check, CheckStep, judge_check, sequential_p
from netgain.stats.survival import Survival, survival, survival_sentence
from netgain.stats.suspected_labels import SuspectedLabel, SuspectedLabels, suspected_labels
from netgain.stats.systematics import ShiftedAnswers, Source, Systematics, systematics
from netgain.stats.temperature import Temperature, temperature
from netgain.stats.verdict import Outcome, Verdict, judge, judge_pairs

__all__ = [
    "CHECKS",
    "INDEPENDENT_ITEMS",
    "Calibration",
    "ChangedImages",
    "Check",
    "CheckStep",
    "ClassDistributions",
    "ClassFractions",
    "ConformalSets",
    "Confusion",
    "CostRatio",
    "Difference",
    "Ensemble",
    "Estimate",
    "FittedNuisance",
    "FractionErrors",
    "FractionIntervals",
    "GapDifference",
    "GapOutcome",
    "GapVerdict",
    "Goodness",
    "ImageErrors",
    "Interval",
    "MeanAccuracy",
    "Nuisance",
    "OneRunComparisons",
    "Outcome",
    "Overtraining",
    "Peak",
    "PeakFit",
    "RatioEstimate",
    "ReliabilityBin",
    "RightAnswers",
    "Roc",
    "RocCurve",
    "RocPoint",
    "ScoreDistributions",
    "ShiftedAnswers",
    "Source",
    "Survival",
    "SuspectedLabel",
    "SuspectedLabels",
    "Systematics",
    "Temperature",
    "Verdict",
    "accuracy_interval",
    "area_difference",
    "benjamini_hochberg",
    "calibration",
    "changed_images",
    "class_fractions",
    "clopper_pearson",
    "conformal_sets",
    "conformal_thresholds",
    "confusion",
    "cost_ratio",
    "difference",
    "ensemble",
    "fit_peak",
    "gap_difference",
    "holm",
    "image_errors",
    "images_needed",
    "judge",
    "judge_check",
    "judge_gaps",
    "judge_pairs",
    "mcnemar_exact",
    "mcnemar_mid_p",
    "mean_accuracy",
    "one_run_comparisons",
    "overtraining",
    "ratio_estimate",
    "right_class_log_odds",
    "roc",
    "score_distributions",
    "seeds_needed",
    "sequential_p",
    "survival",
    "survival_sentence",
    "suspected_labels",
    "systematics",
    "temperature",
    "wilson",
]
