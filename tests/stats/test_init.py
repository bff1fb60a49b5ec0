import netgain.stats

PUBLIC = """
INDEPENDENT_ITEMS CHECKS Calibration ChangedImages ClassDistributions ConformalSets Confusion CostRatio
Difference Ensemble Estimate ImageErrors Interval Check CheckStep MeanAccuracy Outcome Overtraining
ReliabilityBin Roc RocCurve RocPoint ScoreDistributions SuspectedLabel SuspectedLabels Temperature Verdict
accuracy_interval benjamini_hochberg calibration changed_images clopper_pearson conformal_sets confusion
cost_ratio difference ensemble holm image_errors images_needed judge judge_check judge_pairs mcnemar_exact mcnemar_mid_p
mean_accuracy overtraining right_class_log_odds roc score_distributions seeds_needed sequential_p
suspected_labels temperature wilson
conformal_thresholds
OneRunComparisons one_run_comparisons
GapDifference GapOutcome GapVerdict RightAnswers gap_difference judge_gaps
ClassFractions FittedNuisance FractionErrors FractionIntervals Goodness Nuisance class_fractions
Peak PeakFit area_difference fit_peak
RatioEstimate ratio_estimate
ShiftedAnswers Source Survival Systematics survival survival_sentence systematics
"""


def test_the_public_names_are_these():
    assert set(netgain.stats.__all__) == set(PUBLIC.split())
    assert all(hasattr(netgain.stats, name) for name in netgain.stats.__all__)
