import numpy as np
import pytest
from tests.stats.recipes import noisy, recipe

from netgain.stats import Outcome, difference, images_needed, judge, seeds_needed
from netgain.stats.verdict import why_undecidable

DELTA = 0.002


def only(baseline, arm, **options):
    return judge(baseline, {"arm": arm}, **options)["arm"]


def test_undecided_names_the_seeds_that_find_the_larger_of_effect_and_delta():
    rng = np.random.default_rng(0)
    a, b = noisy(rng, 6, 40_000, 0.95, 0.02), noisy(rng, 6, 40_000, 0.953, 0.02)
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDED
    measured = verdict.difference
    assert abs(measured.effect) > DELTA
    assert verdict.seeds_needed == seeds_needed(measured, abs(measured.effect))
    assert verdict.seeds_needed is not None
    assert verdict.seeds_needed > 6
    larger = only(a, b, delta=0.01)
    assert larger.seeds_needed == seeds_needed(measured, 0.01)
    power = f"with 80 % power if the true effect is {100 * abs(measured.effect):.2f} points"
    assert f"UNDECIDED: about {verdict.seeds_needed:,} seeds each would decide, {power}." in verdict.sentence("b", "i")
    assert "is 1.00 points." in larger.sentence("b", "i")


def test_seeds_enough_for_delta_but_an_effect_in_between():
    # The seeds would find δ, the effect measured is smaller, yet too near to δ to be called equivalent.
    rng = np.random.default_rng(1)
    a, b = noisy(rng, 6, 40_000, 0.95, 0.01), noisy(rng, 6, 40_000, 0.957, 0.01)
    measured = difference(a, b)
    delta = 0.014
    enough = seeds_needed(measured, delta)
    assert enough is not None
    assert enough <= 6
    verdict = only(a, b, delta=delta)
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.seeds_needed == seeds_needed(measured, abs(measured.effect))
    assert verdict.seeds_needed is not None
    assert verdict.seeds_needed > 6


def test_undecidable_here_names_the_images():
    # Identical seeds: nothing but the choice of images is uncertain, and it is too much so.
    a, b = recipe(5, 2000, wrong=60), recipe(5, 2000, wrong=60, start=55)
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert verdict.seeds_needed is None
    assert verdict.images_needed == images_needed(verdict.difference, DELTA)
    assert verdict.images_needed is not None
    assert verdict.images_needed > 2000
    sentence = verdict.sentence("baseline", "images")
    assert sentence.endswith(f"about {verdict.images_needed:,} test images of this kind are needed.")
    of_words = verdict.sentence("baseline", "2,000 words", "words")
    assert of_words.endswith(f"about {verdict.images_needed:,} test words of this kind are needed.")
    assert f": {why_undecidable(verdict.images_needed)}." in sentence


def test_undecidable_here_where_seeds_and_images_are_both_too_few():
    rng = np.random.default_rng(3)
    a, b = (rng.random((5, 300)) < 0.9 + rng.normal(0, 0.02, (5, 1)) for _ in range(2))
    a[:, :20], b[:, :20] = False, True
    a[:, 20:40], b[:, 20:40] = True, False
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert verdict.images_needed is None
    assert verdict.sentence("baseline", "images").endswith("more images and more seeds are needed.")


def test_with_no_image_telling_the_recipes_apart_enough_images_show_equivalence():
    same = [recipe(5, images, wrong=10) for images in (100, 1496, 1497)]
    verdicts = [only(right, right) for right in same]
    assert [v.outcome for v in verdicts] == [
        Outcome.UNDECIDABLE_HERE,
        Outcome.UNDECIDABLE_HERE,
        Outcome.EQUIVALENT,
    ]
    assert [v.images_needed for v in verdicts] == [1497, 1497, None]


@pytest.mark.parametrize(("delta", "seeds_by_t"), [(0.05, None), (0.065, 2)])
def test_few_images_telling_the_recipes_apart_ask_for_25_of_them(delta, seeds_by_t):
    # 4 of 100 images differ; whatever t says, the exact test wants 25 that differ.
    verdict = only(recipe(5, 100, wrong=10), recipe(5, 100, wrong=10, start=2), delta=delta)
    assert verdict.difference.num_discordant == 4
    assert seeds_needed(verdict.difference, delta) == seeds_by_t
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert (verdict.seeds_needed, verdict.images_needed) == (None, 625)


def test_few_seeds_say_when_five_will_not_do():
    rng = np.random.default_rng(4)
    a, b = noisy(rng, 3, 40_000, 0.95, 0.02), noisy(rng, 3, 40_000, 0.96, 0.02)
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.seeds_needed is not None
    assert verdict.seeds_needed > 5
    assert f"at least 5 seeds each; this one needs about {verdict.seeds_needed}." in verdict.sentence("b", "i")


def test_five_seeds_are_enough_to_name_how_many_would_decide():
    rng = np.random.default_rng(0)
    verdict = only(noisy(rng, 5, 40_000, 0.95, 0.02), noisy(rng, 5, 40_000, 0.953, 0.02))
    assert verdict.effect_to_find == DELTA
    seeds = (
        f"about {verdict.seeds_needed:,} seeds each would decide, with 80 % power if the true effect is 0.20 points."
    )
    assert verdict.sentence("b", "i").endswith(f"UNDECIDED: {seeds}")


@pytest.mark.parametrize(
    ("seeds", "delta", "target"),
    # With 6 seeds δ = 0.016 is found at α but not at α/3, and δ = 0.018 at either: the effect is what is left to find.
    [(3, 0.002, "effect"), (3, 0.016, "delta"), (6, 0.002, "effect"), (6, 0.016, "delta"), (6, 0.018, "effect")],
)
def test_seeds_of_several_arms_are_for_the_bonferroni_level(seeds, delta, target):
    rng = np.random.default_rng(1)
    a, b = noisy(rng, seeds, 20_000, 0.95, 0.01), noisy(rng, seeds, 20_000, 0.961, 0.01)
    verdict = judge(a, {"first": b, "second": b, "third": b}, delta=delta)["first"]
    measured = verdict.difference
    effect = delta if target == "delta" else measured.effect
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.seeds_needed == seeds_needed(measured, effect, 0.05 / 3) != seeds_needed(measured, effect)


def test_images_of_several_arms_are_for_the_bonferroni_level():
    a, b = recipe(5, 2000, wrong=60), recipe(5, 2000, wrong=60, start=55)
    verdict = judge(a, {"first": b, "second": b, "third": b})["first"]
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert verdict.images_needed == images_needed(verdict.difference, DELTA, 0.05 / 3)
    assert verdict.images_needed != images_needed(verdict.difference, DELTA)


def test_with_25_images_that_differ_t_has_the_last_word():
    a = recipe(5, 1000, wrong=30)
    b = a.copy()
    b[:, :17], b[:, 100:108] = True, False
    verdict = only(a, b, delta=0.0145)
    assert verdict.difference.num_discordant == 25
    assert seeds_needed(verdict.difference, 0.0145) == 2
    assert verdict.images_needed == images_needed(verdict.difference, verdict.difference.effect) == 2419


def test_few_images_that_differ_and_no_number_of_images_that_would_decide():
    rng = np.random.default_rng(14)
    a, b = (rng.random((5, 20)) < 0.8 + rng.normal(0, 0.1, (5, 1)) for _ in range(2))
    verdict = only(a, b, delta=0.01)
    assert verdict.difference.num_discordant < 25
    assert (verdict.outcome, verdict.images_needed) == (Outcome.UNDECIDABLE_HERE, None)
