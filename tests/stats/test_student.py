import pytest
from scipy import stats

from netgain.stats import student


@pytest.mark.parametrize("freedom", [1, 4, 7.3, 9999])
@pytest.mark.parametrize("level", [0.6827, 0.95])
def test_quantile_and_p_value_agree_with_scipy(freedom, level):
    t = student.quantile(level, freedom)
    assert t == pytest.approx(stats.t.ppf((1 + level) / 2, freedom), rel=1e-9)
    assert student.two_sided_p(-3 * t, 9.0, freedom) == pytest.approx(1 - level, rel=1e-9)


def test_without_variance_an_effect_is_certain():
    assert student.two_sided_p(0.0, 0.0, 4) == 1.0
    assert student.two_sided_p(0.1, 0.0, 4) == 0.0


def test_satterthwaite_is_welch_for_two_means():
    first, second = [1.0, 2.0, 4.0, 8.0], [3.0, 3.5, 4.0]
    parts = [(stats.tvar(sample) / len(sample), len(sample) - 1) for sample in (first, second)]
    total = sum(variance for variance, _ in parts)
    freedom = student.satterthwaite(total, parts)
    _, welch = stats.ttest_ind(first, second, equal_var=False)
    effect = sum(first) / 4 - sum(second) / 3
    assert student.two_sided_p(effect, total, freedom) == pytest.approx(welch, rel=1e-9)


def test_satterthwaite_never_falls_below_the_smallest_part():
    assert student.satterthwaite(0.5, [(1.0, 4), (1.0, 9)]) == 4
    assert student.satterthwaite(0.0, [(0.0, 4), (0.0, 9)]) == 4
    assert student.satterthwaite(1.0, [(1.0, 4), (0.0, 0)]) == 4


def test_a_part_from_a_single_image_has_no_degrees_of_freedom_but_t_has_one():
    assert student.satterthwaite(0.0, [(0.0, 0), (0.0, 4)]) == 1
    assert student.satterthwaite(1.0, [(1.0, -0.5), (0.001, 4)]) == pytest.approx(1, rel=1e-5)
