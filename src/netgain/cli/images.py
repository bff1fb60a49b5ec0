"""The images that a command's options ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from netgain.errors import RecipeError

if TYPE_CHECKING:
    from netgain.data import Dataset
    from netgain.data.images import ColorMode
    from netgain.experiment.recipe import AbstractRecipe


class Images:
    """The images that the options ask for; each dataset is read once, even if many studies use it.

    Args:
        data: a dataset's name or path; None for the images that a recipe declares.
        image_size: the size to stretch them to, as it was typed; None keeps their own.
        color_mode: "grayscale" or "rgb"; None leaves them as they are.

    Raises:
        RecipeError: for an invalid size.
    """

    def __init__(self, data: str | None, image_size: str | None = None, color_mode: str | None = None) -> None:
        self._options = {"--data": data, "--image-size": image_size, "--color-mode": color_mode}
        self._image_size = None if image_size is None else parse_image_size(image_size)
        self._read: dict[Any, Any] = {}

    @property
    def words(self) -> list[str]:
        """The options as words of a command.

        >>> Images("photos", "48x64").words
        ['--data', 'photos', '--image-size', '48x64']
        """
        return [word for name, value in self._options.items() if value is not None for word in (name, value)]

    @property
    def are_asked_for(self) -> bool:
        """Whether the options ask for other images than a recipe declares."""
        return bool(self.words)

    def of_recipe(self, recipe: AbstractRecipe) -> Any:
        """What the dataset of a recipe becomes, whatever its task learns from; an empty text where that is nothing.

        Raises:
            DataError, UnknownNameError, FetchError: where the task cannot learn from it.
            RecipeError: for a size or a color mode where the task has its own.
        """
        from netgain.data import is_named
        from netgain.experiment.recipe import DatasetRecipe
        from netgain.tasks.catalogue import task_of

        if recipe.judged_on is None:
            return ""
        if isinstance(recipe, DatasetRecipe):
            return self.instead_of(recipe.judged_on)
        data, *others = self._options
        for option in others:
            if self._options[option] is not None:
                message = f"a recipe of the task {recipe.task!r} prepares its images in its own way; remove {option}"
                raise RecipeError("command", [(option, message)])
        spec = self._options[data]
        if is_named(spec):
            return spec
        if spec not in self._read:
            self._read[spec] = task_of(recipe).load(recipe.change("dataset", spec))
        return self._read[spec]

    def instead_of(self, declared: str | Path | Dataset) -> str | Dataset:
        """What a recipe's dataset becomes: a name where that says it all, else the images.

        Raises:
            DataError, UnknownNameError, FetchError: as :func:`netgain.load_dataset` does.
        """
        from netgain.data import is_named, load_dataset

        data, _, color_mode = self._options.values()
        spec, typed = declared if data is None else data, cast("ColorMode | None", color_mode)  # checked when loading
        if is_named(spec) and self._image_size is None and typed is None:
            return str(spec)
        if spec not in self._read:
            self._read[spec] = load_dataset(spec, image_size=self._image_size, color_mode=typed)
        return self._read[spec]


def parse_image_size(text: str) -> int | tuple[int, int]:
    """`28` as the side of a square, `48x64` as (height, width).

    Raises:
        RecipeError: for anything else.

    >>> parse_image_size("28"), parse_image_size("48x64")
    (28, (48, 64))
    """
    sides = text.lower().split("x")
    if len(sides) > 2 or not all(side.strip().isdecimal() for side in sides):
        message = f"must be a number of pixels such as 28, or HEIGHTxWIDTH such as 48x64; received {text!r}"
        raise RecipeError("command", [("--image-size", message)])
    return int(sides[0]) if len(sides) == 1 else (int(sides[0]), int(sides[1]))
