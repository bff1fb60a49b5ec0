from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp
from scipy import special, stats

from netgain.errors import StatisticsError
from netgain.stats import changed_images, clopper_pearson, image_errors

MATRICES = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=10))


def draw(rng, seeds, logit):
    return rng.random((seeds, len(logit))) < special.expit(logit)


def slow_listed(right_a, right_b, false_rate):
    """[HSU] of Döhler, Durand & Roquain by its definition, over every attainable p and every image."""
    seeds_a, seeds_b, images = len(right_a), len(right_b), right_a.shape[1]
    wrong_a, wrong_b = (~right_a).sum(axis=0), (~right_b).sum(axis=0)

    def p_value(a, b):
        return float(f"{stats.fisher_exact([[a, seeds_a - a], [b, seeds_b - b]])[1]:.10g}")

    observed = [p_value(a, b) for a, b in zip(wrong_a, wrong_b, strict=True)]
    nulls = []
    for total in wrong_a + wrong_b:
        null: Any = stats.hypergeom(seeds_a + seeds_b, total, seeds_a)
        possible = range(max(0, total - seeds_b), min(seeds_a, total) + 1)
        nulls.append([(p_value(a, total - a), null.pmf(a)) for a in possible])
    attainable = sorted({p for null in nulls for p, _ in null if p < 1 - 1e-9})

    def cumulative(i, t):
        return sum(weight for p, weight in nulls[i] if p <= t)

    allowed = [
        t
        for t in attainable
        if sum(cumulative(i, t) / (1 - cumulative(i, t)) for i in range(images)) <= false_rate * images
    ]
    best = -1.0
    for t in allowed:
        bound = sum(cumulative(i, t) / (1 - cumulative(i, max(allowed))) for i in range(images))
        found = sum(p <= t for p in observed)
        if found and bound <= false_rate * found:
            best = t
    return {i for i, p in enumerate(observed) if p <= best}


@settings(deadline=None)
@given(right=MATRICES)
def test_rates_and_intervals_are_those_of_each_image(right):
    errors = image_errors(right)
    for image, count in enumerate((~right).sum(axis=0)):
        interval = clopper_pearson(int(count), len(right))
        assert (errors.wrong[image], errors.rate[image]) == (count, count / len(right))
        assert (errors.low[image], errors.high[image]) == (interval.low, interval.high)
    frame = errors.frame()
    assert list(frame) == ["image", "wrong", "rate", "low", "high"]
    for row in frame.to_dict("records"):
        image = row["image"]
        assert row == {
            "image": image,
            "wrong": errors.wrong[image],
            "rate": errors.rate[image],
            "low": errors.low[image],
            "high": errors.high[image],
        }
    assert image_errors(right[::-1]).frame().equals(errors.frame())
    assert errors.frame()["wrong"].is_monotonic_decreasing


def test_image_errors_in_words():
    right = np.ones((5, 100), bool)
    right[:, :3] = False
    right[0, 3:7] = False
    assert str(image_errors(right)) == (
        "of 100 images 7 are wrong in at least one of 5 networks, 3 in all; such an image is wrong in at least "
        "48 % of all networks (95 % interval, training)"
    )
    assert "at least 83 % of all networks" in str(image_errors(np.ones((20, 5), bool)))


@pytest.mark.parametrize(("seeds_a", "seeds_b"), [(5, 5), (8, 5), (12, 12), (1, 3)])
def test_p_values_are_those_of_scipy(seeds_a, seeds_b):
    rng = np.random.default_rng(seeds_a)
    right_a, right_b = rng.random((seeds_a, 60)) < rng.random(60), rng.random((seeds_b, 60)) < rng.random(60)
    result = changed_images(right_a, right_b)
    for image in range(60):
        a, b = result.wrong_a[image], result.wrong_b[image]
        expected = stats.fisher_exact([[a, seeds_a - a], [b, seeds_b - b]])[1]
        assert result.p_values[image] == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("false_rate", [0.05, 0.2, 0.4])
def test_the_list_is_that_of_the_definition(seed, false_rate):
    rng = np.random.default_rng(seed)
    base = 3 + 3 * rng.normal(size=50)
    changed = base + 8 * (rng.random(50) < 0.3) * np.sign(rng.normal(size=50))
    right_a, right_b = draw(rng, 6, base), draw(rng, 8, changed)
    result = changed_images(right_a, right_b, false_rate)
    listed = set(result.fixed.tolist()) | set(result.broken.tolist())
    assert listed == slow_listed(right_a, right_b, false_rate)
    assert len(listed) > 0
    change: Any = (result.wrong_b / 8 - result.wrong_a / 6).round(9)
    for images, sign in ((result.fixed, -1), (result.broken, 1)):
        assert (np.sign(change[images]) == sign).all()
        assert images.tolist() == sorted(images, key=lambda image: (-abs(change[image]), image))
    assert result.frame().to_dict("records") == [
        {
            "image": image,
            "change": "fixed" if change[image] < 0 else "broken",
            "wrong_a": result.wrong_a[image],
            "seeds_a": 6,
            "wrong_b": result.wrong_b[image],
            "seeds_b": 8,
            "p_value": result.p_values[image],
        }
        for image in [*result.fixed, *result.broken]
    ]
    assert str(result) == (
        f"{len(result.fixed)} images stably fixed and {len(result.broken)} stably broken, of which at most "
        f"{100 * false_rate:g} % are expected to be false (chance alone would list {result.expected_by_chance:.1f})"
    )


def test_a_change_that_chance_explains_is_not_listed():
    # Five seeds could show a change, but 2 of 5 networks against none do not.
    right = np.ones((5, 60), bool)
    fewer = right & ~(np.arange(60) == np.where(np.arange(5) < 2, 0, -1)[:, np.newaxis])
    result = changed_images(right, fewer)
    assert result.wrong_b.tolist() == [2] + [0] * 59
    assert (len(result.fixed), len(result.broken), result.expected_by_chance) == (0, 0, 0)


def test_seeds_too_few_for_any_small_p_list_nothing():
    result = changed_images(np.zeros((2, 10), bool), np.ones((2, 10), bool))
    assert result.p_values == pytest.approx([1 / 3] * 10)
    assert len(result.frame()) == result.expected_by_chance == 0


@pytest.mark.parametrize(
    ("seeds", "images", "changed", "ways"),
    [(5, 60, 3, 2 * 1), (12, 30, 1, 2 * (1 + 12**2 + 66**2))],  # of 12 wrong networks 10, 11 or 12 are of one recipe
)
def test_clear_changes_among_images_that_are_always_right(seeds, images, changed, ways):
    right_a = np.arange(images) >= np.full((seeds, 1), changed)
    result = changed_images(right_a, np.ones((seeds, images), bool))
    assert result.fixed.tolist() == list(range(changed))
    assert len(result.broken) == 0
    assert result.expected_by_chance == pytest.approx(changed * ways / special.comb(2 * seeds, seeds))


def test_swapping_the_recipes_swaps_the_lists():
    rng = np.random.default_rng(1)
    base = 3 + 3 * rng.normal(size=400)
    changed = base + 10 * (rng.random(400) < 0.2) * np.sign(rng.normal(size=400))
    a, b = draw(rng, 5, base), draw(rng, 5, changed)
    there, back = changed_images(a, b), changed_images(b, a)
    assert len(there.fixed) > 0
    assert len(there.broken) > 0
    assert there.fixed.tolist() == back.broken.tolist()
    assert there.expected_by_chance == back.expected_by_chance
    frame: Any = there.frame()
    assert (frame.query("change == 'fixed'")["wrong_b"] < frame.query("change == 'fixed'")["wrong_a"]).all()
    assert (frame.query("change == 'broken'")["wrong_b"] > frame.query("change == 'broken'")["wrong_a"]).all()


def test_few_false_images_are_listed_and_chance_says_how_many():
    rng = np.random.default_rng(3)
    false, chance, none = [], [], 0
    for _ in range(60):
        base = 6 + 4 * rng.normal(size=1500)
        moved = rng.random(1500) < 0.04
        a, b = draw(rng, 10, base), draw(rng, 10, base + 12 * moved * np.sign(rng.normal(size=1500)))
        result = changed_images(a, b)
        listed = np.concatenate([result.fixed, result.broken])
        false.append((~moved[listed]).mean() if len(listed) else 0.0)
        chance.append(result.expected_by_chance / max(1, len(listed)))
        none += len(changed_images(a, draw(rng, 10, base)).frame()) > 0
    assert np.mean(false) <= 0.05
    assert max(chance) <= 0.05
    assert none <= 6


def test_a_naive_list_is_seen_to_fail():
    rng = np.random.default_rng(3)
    result = changed_images(draw(rng, 20, np.zeros(2000)), draw(rng, 20, np.zeros(2000)))
    assert (result.p_values < 0.05).sum() > 30
    assert len(result.frame()) <= 2


@settings(deadline=None)
@given(a=MATRICES, b=MATRICES)
def test_nothing_breaks_on_extremes(a, b):
    images = min(a.shape[1], b.shape[1])
    for first, second in ((a[:, :images], b[:, :images]), (a, a), (a, ~a), (a | True, a & False)):
        result = changed_images(first, second)
        assert np.isfinite(result.p_values).all()
        assert len(result.frame()) == len(result.fixed) + len(result.broken)
        assert "nan" not in str(result)
    assert len(changed_images(a, a).frame()) == 0


def test_wrong_input_is_refused():
    right = np.ones((2, 5), bool)
    with pytest.raises(StatisticsError, match="has 5 test images and `right_b` has 4"):
        changed_images(right, right[:, 1:])
    with pytest.raises(StatisticsError, match="`right_a` holds int64"):
        changed_images(right.astype(int), right)
    with pytest.raises(StatisticsError, match="`right_b` holds int64"):
        changed_images(right, right.astype(int))
    nothing = changed_images(~right[:, :1], right[:, :1])
    assert (len(nothing.frame()), nothing.expected_by_chance) == (0, 0)
    with pytest.raises(StatisticsError, match="`false_rate` is 0"):
        changed_images(right, right, false_rate=0)
    with pytest.raises(StatisticsError, match="at least one seed"):
        image_errors(right[:0])
