"""What early stopping watches, and what is refused."""

import pytest

from netgain.errors import RecipeError
from netgain.experiment.early_stopping import EarlyStopping

VALIDATION = {"loss": 0.3, "accuracy": 0.9}


def test_a_falling_loss_and_a_rising_accuracy_are_made_small() -> None:
    assert EarlyStopping().watched(VALIDATION) == 0.3
    assert EarlyStopping(monitor="val_accuracy").watched(VALIDATION) == -0.9


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"patience": 0}, "patience: must be greater than 0; received 0"),
        ({"min_delta": -0.1}, r"min_delta: must be greater than or equal to 0; received -0\.1"),
        ({"monitor": "loss"}, "monitor: must be 'val_loss' or 'val_accuracy'; received 'loss'"),
    ],
)
def test_refused_when_made(fields: dict, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        EarlyStopping(**fields)
