"""Recipes of learners that nobody trains: for tests of what all recipes share."""

from typing import ClassVar, Self

from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.recipe import AbstractRecipe, DatasetRecipe


class Juggling(AbstractRecipe):
    """A recipe without images."""

    task: ClassVar[str] = "juggling"
    trained_by: ClassVar[str] = "nowhere:Juggler"

    balls: int = 3
    height: float | None = None
    stopping: EarlyStopping = EarlyStopping()

    @property
    def num_epochs(self) -> int:
        return self.balls


class Looking(DatasetRecipe):
    """A recipe with images and nothing else."""

    task: ClassVar[str] = "looking"
    trained_by: ClassVar[str] = "nowhere:Looker"

    hours: int = 2

    @property
    def num_epochs(self) -> int:
        return self.hours

    def quick(self, num_items: int) -> Self:
        return self.change("hours", 1)
