"""Which optimizers and schedules may be declared."""

from collections.abc import Callable
from typing import Any

import pytest

from netgain.errors import RecipeError
from netgain.experiment.optimizer import DEFAULT_LEARNING_RATES, Optimizer, Schedule

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "unknown optimizer": (lambda: Optimizer("adm"), r"name: there is no 'adm'; did you mean 'adam'"),  # pyright: ignore
    "no learning": (lambda: Optimizer("sgd", 0), r"learning_rate: must be greater than 0; received 0"),
    "momentum of adam": (lambda: Optimizer("adam", momentum=0.9), r"momentum: is a field of sgd"),
    "beta of sgd": (
        lambda: Optimizer("sgd", beta_1=0.5),
        r"beta_1: is a field of adam, adamax and nadam; sgd does not",
    ),
    "beta that never ends": (lambda: Optimizer("adam", beta_2=1), r"beta_2: must be less than 1"),
    "momentum that never ends": (lambda: Optimizer("sgd", momentum=1), r"momentum: must be less than 1"),
    "nesterov alone": (lambda: Optimizer("sgd", nesterov=True), r"nesterov: needs a momentum"),
    "growing exponential": (lambda: Schedule(kind="exponential", rate=2), r"rate in \(0, 1\]"),
    "exponential to zero at once": (lambda: Schedule(kind="exponential"), r"rate in \(0, 1\]; received 0"),
    "cosine above start": (lambda: Schedule(kind="cosine", rate=2), r"rate in \[0, 1\]"),
    "unknown schedule": (lambda: Schedule(kind="linear"), r"kind: must be 'inverse_time'"),  # pyright: ignore
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_when_made(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(RecipeError, match=message):
        make()


def test_a_name_alone_has_its_own_learning_rate() -> None:
    rates = {name: Optimizer(name).learning_rate for name in DEFAULT_LEARNING_RATES}  # pyright: ignore
    assert rates == DEFAULT_LEARNING_RATES
    assert Optimizer() == Optimizer("sgd", 0.01)


def test_limits_are_allowed() -> None:
    assert Schedule(kind="exponential", rate=1).rate == Schedule(kind="cosine", rate=1).rate == 1
    assert Schedule(kind="inverse_time", rate=9).rate == 9
