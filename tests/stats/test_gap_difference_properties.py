"""What holds for the difference of any two gaps, whatever the answers and the overlap of the training images."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netgain.stats import RightAnswers, gap_difference


@st.composite
def any_arms(draw) -> Any:
    """Two arms on the same test images, extremes included; the training images overlap as chance will."""
    one = draw(st.booleans())
    num_test = draw(st.integers(1, 12))
    extreme = st.sampled_from([np.True_, np.False_])

    def matrix(shape):
        return draw(hnp.arrays(np.bool_, shape) | st.builds(np.full, st.just(shape), extreme))

    answers = []
    for _ in range(2):
        seeds = 1 if one else draw(st.integers(2, 5))
        ids = draw(st.lists(st.integers(0, 15), min_size=1, max_size=12, unique=True))
        answers.append(RightAnswers(matrix((seeds, len(ids))), matrix((seeds, num_test)), np.array(ids)))
    return tuple(answers)


@settings(deadline=None)
@given(pair=any_arms(), level=st.floats(0.5, 0.999), data=st.data())
def test_order_sign_and_consistency(pair, level, data):
    a, b = pair
    num_test = a.test.shape[1]
    ids = st.lists(st.integers(0, 3), min_size=num_test, max_size=num_test).filter(lambda x: len(set(x)) > 1)
    groups = data.draw(st.none() | ids) if num_test > 1 else None
    measured = gap_difference(a, b, groups)
    interval = measured.interval(level)
    assert -2 <= interval.low <= measured.effect <= interval.high <= 2
    assert interval.low < interval.high
    if abs(measured.p_value - (1 - level)) > 1e-9:
        assert (interval.low > 0 or interval.high < 0) == (measured.p_value < 1 - level)
    parts = (measured.train_sample, measured.test_sample, measured.training or 0)
    assert measured.variance == pytest.approx(sum(part**2 for part in parts), abs=1e-15)

    swapped = gap_difference(b, a, groups)
    assert swapped.effect == -measured.effect
    assert swapped.p_value == pytest.approx(measured.p_value, rel=1e-9)
    mirrored = swapped.interval(level)
    assert (-mirrored.high, -mirrored.low) == pytest.approx((interval.low, interval.high), abs=1e-12)

    first, second = (
        RightAnswers(arm.train[::-1, ::-1], arm.test[::-1, ::-1], arm.train_images[::-1]) for arm in (a, b)
    )
    again = gap_difference(first, second, None if groups is None else groups[::-1])
    assert (again.effect, again.variance) == pytest.approx((measured.effect, measured.variance), rel=1e-9, abs=1e-15)
