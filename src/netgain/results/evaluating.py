"""The accuracy of trained networks with its three errors: test sample, training, and declared shifts at use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from netgain.data import Dataset
from netgain.data.shifts import SHIFTS_VERSION, Shift, each_by_its_own
from netgain.engine.setup import not_imported, prepare_jax
from netgain.errors import RecipeError, StatisticsError, UnknownNameError
from netgain.experiment.measurement import Measurement
from netgain.results.answers import check_can_answer, right_on
from netgain.results.measured import measured
from netgain.results.shifted import measurement_name
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import Means
from netgain.runs.record import RunStatus
from netgain.runs.store import RunKey
from netgain.stats import ShiftedAnswers, Systematics, systematics

FEWEST_DRAWS, MOST_DRAWS = 2, 1000


class Plan(NamedTuple):
    """By which amounts the test images are changed to find the systematic errors of shifts.

    Attributes:
        shifts: each is a source of its own: its amounts are the nodes of a quadrature over its prior, and one standard
            deviation below and above its mean.
        joint: how many times the amounts of all shifts are drawn together; 0 for never.
        correlations: of the amounts that are drawn together, by the numbers of two shifts.
    """

    shifts: tuple[Shift, ...]
    joint: int = 0
    correlations: tuple[tuple[int, int, float], ...] = ()

    def image_sets(self, images: np.ndarray) -> Iterator[np.ndarray]:
        """The test images changed by each amount in turn; of several shifts then by all, each image by amounts of its
        own; last those of the joint draws. Each is made when it is asked for.
        """
        for shift in self.shifts:
            for amount in (*shift.prior.nodes().amounts.tolist(), *shift.prior.steps):
                yield shift.apply(images, float(amount))
        if len(self.shifts) > 1:
            yield each_by_its_own(images, self.shifts)
        for amounts in self.joint_amounts() if self.joint else ():
            changed = images
            for shift, amount in zip(self.shifts, amounts.tolist(), strict=True):
                changed = shift.apply(changed, amount)
            yield changed

    def joint_amounts(self) -> np.ndarray:
        """The amounts of every shift at each joint draw, float64 `[J, shifts]`; more draws begin with those of fewer.

        Normal numbers with the declared correlations, each put in place by the prior of its shift (a Gaussian copula).
        """
        normal = np.random.default_rng([SHIFTS_VERSION, 1]).normal(size=(self.joint, len(self.shifts)))
        correlated = normal @ np.linalg.cholesky(_matrix(self.correlations, len(self.shifts))).T
        return np.stack([shift.at(correlated[:, number]) for number, shift in enumerate(self.shifts)], axis=1)

    def systematics(self, right: np.ndarray, changed: np.ndarray, groups: np.ndarray | None) -> Systematics:
        """The errors, from right answers to the images as they are and as :meth:`image_sets` changes them.

        Args:
            right: bool `[S, n]`.
            changed: bool `[S, sets, n]`.
            groups: of the images, or None.
        """
        sets, sources, start = changed.swapaxes(0, 1), {}, 0
        for shift in self.shifts:
            weights, steps = shift.prior.nodes().weights, shift.prior.steps
            middle, end = start + len(weights), start + len(weights) + len(steps)
            sources[str(shift)] = ShiftedAnswers(sets[start:middle], weights, steps, sets[middle:end])
            start = end
        several = len(self.shifts) > 1
        together, joint = sets[start] if several else None, sets[start + several :] if self.joint else None
        return systematics(right, sources, together, joint, groups)

    def measurement(self) -> Measurement:
        """The right answers `[sets, n]` of each network, as they are measured and kept in a store."""

        def right(runs: Sequence[tuple[Any, Any]], dataset: Dataset) -> list[np.ndarray]:
            return right_on(runs, dataset, self.image_sets(dataset.x_test))

        return Measurement(measurement_name("evaluated", self.shifts, self.joint, *self.correlations), right)


def plan_of(shifts: tuple[Shift, ...], joint: int | None = None, correlations: Sequence[str] = ()) -> Plan:
    """The plan for these shifts.

    Args:
        shifts: the sources.
        joint: how many times the amounts of all are drawn together; None for never.
        correlations: of the amounts that are drawn together, "rotation,blur=0.8" each.

    Raises:
        RecipeError: for joint draws without shifts, or another number of draws than 2 to 1,000; for correlations
            without joint draws, of shifts that are not there, or that cannot be together.
    """
    correlated = tuple(_correlation(text, shifts) for text in correlations)
    if len({frozenset(pair) for *pair, _ in correlated}) < len(correlated):
        message = f"give each pair of shifts once; received {', '.join(correlations)}"
        raise RecipeError("call of evaluate", [("correlations", message)])
    if joint is None:
        if correlated:
            raise RecipeError("call of evaluate", [("correlations", "are those of joint draws: give joint as well")])
        return Plan(shifts)
    if isinstance(joint, bool) or not FEWEST_DRAWS <= joint <= MOST_DRAWS:
        message = f"must be {FEWEST_DRAWS} to {MOST_DRAWS:,} draws of all shifts together; received {joint}"
        raise RecipeError("call of evaluate", [("joint", message)])
    if not shifts:
        raise RecipeError("call of evaluate", [("joint", "there are no shifts to draw; give one, or remove joint")])
    if np.linalg.eigvalsh(_matrix(correlated, len(shifts))).min() < 1e-9:
        message = f"these cannot be true together: {', '.join(correlations)}; give smaller ones"
        raise RecipeError("call of evaluate", [("correlations", message)])
    return Plan(shifts, int(joint), correlated)


def _correlation(text: str, shifts: Sequence[Shift]) -> tuple[int, int, float]:
    names = [shift.name for shift in shifts]
    pair, _, number = text.partition("=")
    first, _, second = (name.strip() for name in pair.partition(","))
    try:
        value = float(number)
    except ValueError:
        value = np.nan
    if not -1 < value < 1 or first == second or not second:
        message = f"must be two shifts and a number between -1 and 1, such as rotation,blur=0.8; received {text!r}"
        raise RecipeError("call of evaluate", [("correlations", message)])
    for name in (first, second):
        if name not in names:
            raise RecipeError("call of evaluate", [("correlations", f"{name!r} is not among the shifts given")])
    return names.index(first), names.index(second), value


def _matrix(correlations: Iterable[tuple[int, int, float]], size: int) -> np.ndarray:
    matrix = np.eye(size)
    for first, second, value in correlations:
        matrix[first, second] = matrix[second, first] = value
    return matrix


def evaluate_arm(result: StudyResult, arm: str, plan: Plan, means: Means) -> Systematics:
    """The accuracy of an arm of a result with its errors; changed images are asked about now if the store lacks them.

    Raises:
        UnknownNameError: for an arm that is not there.
        RecipeError: where the arm keeps no network that can be asked.
        StatisticsError: for a result that is on shifted test images itself.
        TrainingError: where the trained networks are neither with the result nor in the store.
    """
    if arm not in result.runs:
        raise UnknownNameError("arm", arm, result.runs)
    if result.study.shifts:
        raise StatisticsError(
            "this result is on shifted test images already; evaluate the result of the study without the shift"
        )
    right, groups = result.right(arm), result.data.test_groups
    if not plan.shifts:
        return systematics(right, {}, groups=groups)
    check_can_answer({arm: result.study.recipes[arm]})
    with not_imported("sklearn"):
        prepare_jax()
    runs = [run for run in result.runs[arm] if run.status is not RunStatus.FAILED]
    found = measured(plan.measurement(), {arm: runs}, result.study.recipes, result.data, means)
    return plan.systematics(right, np.stack([found[RunKey.of(run)] for run in runs]), groups)
