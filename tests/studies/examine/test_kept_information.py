"""What a cut does to the spectrum of a mass: pseudo-experiments whose answer is known."""

import numpy as np
import pytest

from netgain.studies.examine.kept_information import efficiencies_above, statements
from netgain.studies.examine.kept_information_charts import figures
from netgain.studies.examine.pseudo_experiments import BLIND, CENTRES, GENERIC, SIGNAL_SHARES, UNCUT, experiments

FLAT = np.full((2, 2, len(CENTRES)), 0.3)
PEAKED = FLAT.copy()
PEAKED[:, 1] += 0.3 * np.exp(-np.square(CENTRES / 8) / 2)


def test_a_cut_that_ignores_the_mass_gives_right_pulls_and_no_peak() -> None:
    """The control: a classifier that guesses lets the same share through at every mass."""
    found = experiments(FLAT)
    assert abs(found.pulls.mean()) < 0.07
    assert found.pulls.std() == pytest.approx(1, abs=0.05)
    assert found.found == pytest.approx(0.023, abs=0.012)
    assert found.truth.mean() == pytest.approx(0.3 * 1000, rel=0.03)
    assert len(found.pulls) == 2000


def test_a_cut_that_follows_the_mass_makes_a_peak_and_wide_pulls() -> None:
    found = experiments(PEAKED)
    assert found.found > 0.8
    assert found.pulls.mean() > 1.5
    assert found.pulls.std() > 1.05


def test_the_statements_can_fail() -> None:
    done = {UNCUT: experiments(FLAT[:1]), GENERIC: experiments(PEAKED), BLIND: experiments(FLAT)}
    assert [statement.holds for statement in statements(done)] == [True, True, True]
    exchanged = {UNCUT: done[UNCUT], GENERIC: done[BLIND], BLIND: done[GENERIC]}
    assert [statement.holds for statement in statements(exchanged)] == [False, False, False]


def test_the_cut_lets_85_percent_of_the_signal_through() -> None:
    generator = np.random.default_rng(0)
    is_signal = np.arange(3000) % 2 == 0
    scores = generator.normal(size=(len(CENTRES), 3000)) + 2 * is_signal - 0.05 * np.abs(CENTRES)[:, np.newaxis]
    of_signal, of_background = efficiencies_above(scores, is_signal)
    assert of_signal @ SIGNAL_SHARES == pytest.approx(0.85, abs=0.001)
    assert of_background.argmax() == pytest.approx(len(CENTRES) // 2, abs=3)
    assert (of_background < of_signal).all()


def test_the_figures_show_what_was_drawn() -> None:
    passing = {UNCUT: np.ones((1, 2, len(CENTRES))), GENERIC: PEAKED, BLIND: FLAT}
    drawn = figures(passing, {name: experiments(of_way) for name, of_way in passing.items()})
    spectra, pulls = drawn["spectra"].frame, drawn["pulls"].frame
    assert list(dict.fromkeys(spectra["panel"])) == [
        "Before the cut", "After a cut on the generic score", "After a cut on the blind score",
    ]  # fmt: skip
    assert np.all(spectra["fitted_total"].to_numpy() >= spectra["fitted_background"].to_numpy())
    alone = drawn["background-alone"].frame
    assert np.array_equal(alone["true_total"].to_numpy(), alone["true_background"].to_numpy())
    density, names = pulls["density"].to_numpy(), pulls["classifier"].to_numpy()
    width = pulls["high"].to_numpy()[0] - pulls["low"].to_numpy()[0]
    assert [density[names == name].sum() * width for name in dict.fromkeys(names)] == pytest.approx([1, 1])
