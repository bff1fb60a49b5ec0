"""What a cut on a network's score does to the spectrum of a mass that the network knows, or that was kept from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from netgain.data.turned import upright_test_digits
from netgain.experiment.measurement import Measurement
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Findings, Statement
from netgain.stats import PeakFit, area_difference, roc
from netgain.studies.examine.kept_information_charts import figures
from netgain.studies.examine.pseudo_experiments import (
    BLIND,
    CENTRES,
    GENERIC,
    PASSING,
    SIGNAL_SHARES,
    UNCUT,
    Experiments,
    experiments,
)

if TYPE_CHECKING:
    from netgain.data import Dataset
    from netgain.runs.record import RunResult
    from netgain.tasks.classification.recipe import Recipe


BY_CHANCE = 0.0228
"""How often a normal number is more than two standard deviations above its mean."""


def efficiencies(runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset) -> list[np.ndarray]:
    """Of each network the shares of signal and of background that pass its cut, at each mass: `[2, bins]`."""
    from netgain.data.transforms import rotated
    from netgain.engine.score import scorer, weights_of
    from netgain.runs.trained import open_network

    del dataset  # its test digits have one mass each; here each has every mass
    images, is_signal = upright_test_digits()
    models = [open_network(run, recipe) for run, recipe in runs]
    scorers = [(scorer(model, images), weights_of(model)) for model in models]
    scores = np.empty((len(models), len(CENTRES), len(images)))
    for place, mass in enumerate(CENTRES):
        turned = rotated(images, float(mass))
        for of_network, (score, weights) in zip(scores, scorers, strict=True):
            of_network[place] = score(weights, turned)[:, 1]
    return [efficiencies_above(of_network, is_signal) for of_network in scores]


MEASUREMENT = Measurement("efficiency-by-mass", efficiencies)


def examine(given: DemonstrationInput) -> Findings:
    """Compare the areas, then fit the spectra of pseudo-experiments after each cut, and before it as a control."""
    measured = {name: np.stack([MEASUREMENT.of(run) for run in given.finished(name)]) for name in (GENERIC, BLIND)}
    ways = {UNCUT: np.ones((1, 2, len(CENTRES))), **measured}
    done = {name: experiments(of_networks) for name, of_networks in ways.items()}
    return Findings((_separates(given), *statements(done)), figures(ways, done))


def efficiencies_above(scores: np.ndarray, is_signal: np.ndarray) -> np.ndarray:
    """The shares `[2, bins]` above the cut that `PASSING` of the signal passes, from scores `[bins, n]`."""
    of_signal, of_background = scores[:, is_signal], scores[:, ~is_signal]
    order = np.argsort(of_signal, axis=None)[::-1]
    weights = np.repeat(SIGNAL_SHARES / of_signal.shape[1], of_signal.shape[1])[order]
    cut = of_signal.ravel()[order][np.searchsorted(np.cumsum(weights), PASSING)]
    return np.stack([(of_signal >= cut).mean(axis=1), (of_background >= cut).mean(axis=1)])


def _separates(given: DemonstrationInput) -> Statement:
    labels, scores = given.images.y_test, {name: given.scores(name) for name in (GENERIC, BLIND)}
    fewest = min(len(of_name) for of_name in scores.values())
    areas = {name: roc(of_name, labels).curves[1].area for name, of_name in scores.items()}
    more = area_difference(scores[BLIND][:fewest], scores[GENERIC][:fewest], labels, label=1)
    ends = more.interval()
    return Statement(
        "The generic classifier, which knows the mass, separates signal and background better than the blind one",
        ends.low > 0,
        f"area under the ROC curve {areas[GENERIC].percent()} against {areas[BLIND].percent()}; difference, paired "
        f"over the same {len(labels):,} test images, {100 * more.value:+.2f} points (95 %: {100 * ends.low:+.2f} to "
        f"{100 * ends.high:+.2f})",
    )


def statements(done: Mapping[str, Experiments]) -> tuple[Statement, ...]:
    """What the pseudo-experiments of the two classifiers, and of no cut, say of peaks, yields and errors."""
    generic, blind, uncut = done[GENERIC], done[BLIND], done[UNCUT]
    right = abs(blind.pulls.mean()) < 0.1 and abs(blind.pulls.std(ddof=1) - 1) < 0.05
    wrong = generic.pulls.mean() > 0.1 and generic.pulls.std(ddof=1) > 1.05
    return (
        Statement(
            "A cut on the generic score makes a peak out of background alone; a cut on the blind score does not",
            generic.found > 10 * BY_CHANCE and blind.found < 2 * BY_CHANCE,
            f"in {len(generic.truth):,} pseudo-experiments without signal, the fit finds {_yield(generic.alone)} after "
            f"the generic cut and {_yield(blind.alone)} after the blind one; more than two standard errors in "
            f"{100 * generic.found:.1f} % and {100 * blind.found:.1f} % of them ({100 * BY_CHANCE:.1f} % by chance)",
        ),
        Statement(
            "After the generic cut the fitted yield of the signal is biased, and its pulls are wide",
            wrong,
            f"{_pulls(generic)}; {generic.fit.signal.mean():.0f} are fitted and {generic.truth.mean():.0f} are there",
        ),
        Statement(
            "After the blind cut the fitted yield and its error are right",
            right,
            f"{_pulls(blind)}; {blind.fit.signal.mean():.0f} are fitted and {blind.truth.mean():.0f} are there. "
            f"Without any cut, as a control: {_pulls(uncut)}. The cut makes the error smaller, "
            f"±{uncut.fit.error.mean():.0f} without and ±{blind.fit.error.mean():.0f} with it",
        ),
    )


def _yield(fit: PeakFit) -> str:
    return f"{round(fit.signal.mean()):+d} ± {fit.error.mean():.0f} signal images"


def _pulls(of_way: Experiments) -> str:
    pulls = of_way.pulls
    width, count = pulls.std(ddof=1), len(pulls)
    return (
        f"pulls of {count:,} pseudo-experiments have mean {pulls.mean():+.2f} ± {width / count**0.5:.2f} and width "
        f"{width:.2f} ± {width / (2 * count) ** 0.5:.2f}"
    )
