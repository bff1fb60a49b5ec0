"""When training stops before its last epoch. A declaration only."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

from pydantic import Field

from netgain.experiment.base import Declaration


@final
class EarlyStopping(Declaration):
    """Stop when the validation part has not improved for `patience` epochs; the best weights are restored.

    Attributes:
        monitor: "val_loss" (falling is better) or "val_accuracy" (rising is better).
        patience: epochs without improvement before stopping.
        min_delta: the smallest change that counts as an improvement.

    >>> EarlyStopping(monitor="val_accuracy").watched({"loss": 0.3, "accuracy": 0.9})
    -0.9
    """

    called: ClassVar[str] = "early stopping"

    monitor: Literal["val_loss", "val_accuracy"] = "val_loss"
    patience: Annotated[int, Field(gt=0)] = 3
    min_delta: Annotated[float, Field(ge=0)] = 0.0

    def watched(self, validation: dict[str, float]) -> float:
        """The value to make small, from an epoch's measurements on the validation part."""
        return validation["loss"] if self.monitor == "val_loss" else -validation["accuracy"]
