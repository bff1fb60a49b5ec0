import numpy as np
import pytest

from netgain.data.shifts import KINDS, Fixed, Normal, Shift, Uniform
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
        ("blur=U(-1,1)", "at least 0"),
        ("blur=N(1,1)", "standard deviations below"),
        ("scale=0", "above 0"),
        ("noise=-3", "at least 0"),
    ],
)
def test_amounts_that_make_no_sense_are_refused(text: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        Shift.parse(text)


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
