import netgain.stats

PUBLIC = """
CostRatio Difference INDEPENDENT_IMAGES Interval MeanAccuracy Outcome Verdict accuracy_interval
benjamini_hochberg clopper_pearson cost_ratio difference holm images_needed judge mcnemar_exact
mcnemar_mid_p mean_accuracy seeds_needed wilson
"""


def test_the_public_names_are_these():
    assert set(netgain.stats.__all__) == set(PUBLIC.split())
    assert all(hasattr(netgain.stats, name) for name in netgain.stats.__all__)
