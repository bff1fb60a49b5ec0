from typing import Any

import numpy as np
import pytest

from netgain.data.priors import Fixed, Normal, Uniform
from netgain.data.shifts import KINDS, Shift, as_shifts, each_by_its_own
from netgain.errors import DataError, UnknownNameError


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 200, (6, 15, 15, 1), np.uint8)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("rotation=N(0,10)", Shift("rotation", Normal(0, 10))),
        (" blur = U( 0 , 1.5 ) ", Shift("blur", Uniform(0, 1.5))),
        ("contrast=0.8", Shift("contrast", Fixed(0.8))),
        ("rotation=-5", Shift("rotation", Fixed(-5))),
    ],
)
def test_parse_reads_what_str_writes(text: str, shift: Shift) -> None:
    assert Shift.parse(text) == shift
    assert Shift.parse(str(shift)) == shift


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rotation", "name=amount"),
        ("rotation=ten", "must be N"),
        ("rotation=N(0,0)", "above 0"),
        ("rotation=N(0,-3)", "above 0"),
        ("rotation=U(5,5)", "smaller"),
        ("blur=U(-1,1)", "from 0 to 100"),
        ("blur=N(1,1)", "4 standard deviations to each side, it reaches from -3 to 5"),
        ("scale=0", "from 0.05 to 20; 1 leaves images as they are"),
        ("scale=N(1,0.5)", "it reaches from -1 to 3"),
        ("noise=-3", "from 0 to 255"),
        ("blur=1e9", "from 0 to 100"),
        ("rotation=1e999", "from -360 to 360"),
        ("rotation=N(10)", "must be N"),
    ],
)
def test_amounts_that_make_no_sense_are_refused(text: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        Shift.parse(text)


def test_amounts_that_are_no_numbers_are_refused_from_python_too() -> None:
    for prior in (Fixed(float("nan")), Normal(float("nan"), 1), Normal(0, float("nan")), Uniform(0, float("inf"))):
        with pytest.raises(DataError):
            Shift("rotation", prior)


def test_a_misspelt_name_gets_the_right_one() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'rotation'"):
        Shift.parse("rotaton=3")


@pytest.mark.parametrize("name", KINDS)
def test_the_neutral_amount_changes_nothing_and_another_does(name: str, images: np.ndarray) -> None:
    shift = Shift(name, Fixed(KINDS[name].nothing or 1))
    np.testing.assert_array_equal(shift.apply(images, shift.nothing), images)
    other = shift.apply(images, shift.nothing + 1)
    assert (other.shape, other.dtype) == (images.shape, np.uint8)
    assert not np.array_equal(other, images)


@pytest.mark.parametrize("name", KINDS)
def test_an_amount_for_each_image_is_that_amount_for_it(name: str, images: np.ndarray) -> None:
    shift = Shift(name, Fixed(1))
    amounts = np.array([1.0, 1.5, 2.0, 1.5, 1.0, 2.0])
    each = shift.apply(images, amounts)
    for amount in np.unique(amounts):
        chosen = amounts == amount
        np.testing.assert_array_equal(each[chosen], shift.apply(images, float(amount))[chosen])


def test_scale_enlarges_around_the_middle() -> None:
    image = np.zeros((1, 21, 21, 1), np.uint8)
    image[0, 6:15, 6:15] = 255
    larger = Shift("scale", Fixed(2)).apply(image, 2.0)[0, ..., 0]
    assert int(larger[10].sum()) == pytest.approx(2 * 9 * 255, rel=0.05)
    np.testing.assert_array_equal(larger, larger[::-1, ::-1])


def test_draws_follow_the_prior() -> None:
    generator = np.random.default_rng(0)
    drawn = Shift.parse("rotation=N(3,2)").draw(20_000, generator)
    assert (drawn.mean(), drawn.std()) == (pytest.approx(3, abs=0.06), pytest.approx(2, rel=0.03))
    flat = Shift.parse("blur=U(0.5,1)")
    drawn = flat.draw(20_000, generator)
    assert (drawn.mean(), drawn.std()) == (
        pytest.approx(flat.prior.mean, abs=0.01),
        pytest.approx(flat.prior.sigma, rel=0.03),
    )
    assert ((drawn >= 0.5) & (drawn <= 1)).all()
    np.testing.assert_array_equal(Shift.parse("noise=7").draw(3, generator), [7, 7, 7])


def test_what_is_drawn_beyond_all_sense_is_cut_off() -> None:
    class Wild:
        def normal(self, mean: float, sigma: float, n: int) -> np.ndarray:
            return np.array([mean - 9 * sigma, mean, mean + 9 * sigma])[:n]

    generator: Any = Wild()
    assert Shift.parse("scale=N(1,0.2)").draw(3, generator).tolist() == [0.05, 1, pytest.approx(2.8)]


def test_shifts_are_given_as_text_or_objects_each_kind_once() -> None:
    rotation, blur = Shift.parse("rotation=3"), Shift.parse("blur=1")
    assert as_shifts(["rotation=3", blur]) == (rotation, blur)
    assert as_shifts("rotation=3") == as_shifts(rotation) == (rotation,)
    assert as_shifts([]) == ()
    with pytest.raises(DataError, match="rotation twice"):
        as_shifts(["rotation=3", "blur=1", "rotation=N(0,10)"])


def test_each_image_has_amounts_of_its_own_that_depend_on_its_place_only(images: np.ndarray) -> None:
    shifts = as_shifts(["rotation=N(0,30)", "noise=U(5,30)"])
    same = np.repeat(images[:1], 4, axis=0)
    changed = each_by_its_own(same, shifts)
    assert len(np.unique(changed.reshape(4, -1), axis=0)) == 4
    np.testing.assert_array_equal(each_by_its_own(images, shifts)[:3], each_by_its_own(images[:3], shifts))
    np.testing.assert_array_equal(changed, each_by_its_own(same, shifts))


def test_the_amounts_of_a_shift_do_not_depend_on_the_others(images: np.ndarray) -> None:
    """An image that blur leaves alone is rotated by the same angle with and without blur beside it."""
    alone = each_by_its_own(images, as_shifts(["rotation=N(0,30)"]))
    np.testing.assert_array_equal(each_by_its_own(images, as_shifts(["blur=0", "rotation=N(0,30)"])), alone)
    np.testing.assert_array_equal(each_by_its_own(images, as_shifts(["rotation=N(0,30)", "contrast=1"])), alone)
