"""To improve a recipe in the time that is given, in one line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, final

from numpy.typing import ArrayLike

from netgain.data import Dataset
from netgain.markup import one_line
from netgain.report import improving
from netgain.results.improve import outcome
from netgain.results.improve.race import Tell
from netgain.results.improve.run import improve as climbed
from netgain.runs.execute.options import DEFAULT_STORE, RunOptions
from netgain.runs.store import Store


@final
@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Improvement(outcome.Improvement):
    """What :func:`netgain.improve` found, and how to show it.

    Attributes:
        recipe, start, chosen_start, climb, data, sizes, accuracies, verdict, network, on_all_images, minutes, seconds,
        alpha: as in :class:`netgain.results.improve.outcome.Improvement`.
    """

    def report(self, path: str | Path) -> None:
        """Write one self-contained HTML page: the proven steps, what was tried and not taken, and the time.

        Raises:
            OutputError: where the file cannot be written.
        """
        improving.write(self, path)

    def save_model(self, path: str | Path) -> None:
        """Write the network of the best recipe that is proven to a `.keras` file that plain Keras opens.

        Raises:
            OutputError: where there is none, or the file cannot be written.
        """
        self.saved_network().save_model(path)

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain values, for JSON."""
        return improving.as_dict(self)

    def __str__(self) -> str:
        return improving.text(self)

    def __repr__(self) -> str:
        return one_line(f"<Improvement of {self.data.name!r}: {improving.headline(self)}>")

    def _repr_html_(self) -> str:
        return improving.html(self)


def improve(
    dataset: str | Path | Dataset,
    start: Any = None,
    minutes: float = 30,
    *,
    without: Collection[str] = (),
    groups: ArrayLike | None = None,
    store: Store | str | Path | None = DEFAULT_STORE,
    workers: int | None = None,
    tell: Tell = lambda _: None,
) -> Improvement:
    """Climb from a recipe by proven steps; the result is better than the start, or it is the start.

    The training images are divided into three parts. Networks train on the first, the second chooses among the
    techniques of the catalogue, and on the third a change must be BETTER before it is taken, at levels that sum to
    2.5 % over all attempts. The test images are opened once, at the end, for start and final recipe.

    Args:
        dataset: the images, as :func:`netgain.load_dataset` takes them.
        start: a recipe, its name, its TOML file, or a `.keras` file; None for one that fits the images.
        minutes: how long it may take. The time to train start and final recipe on all training images is reserved.
        without: names of techniques that are not to be tried, such as "rotation" where 6 and 9 would be mixed up.
        groups: ids `[N]` of training images that belong together (one writer, one patient); they stay in one part.
        store: where finished networks are kept. The same call again goes on from there; None keeps nothing.
        workers: networks trained at once; by default one per core.
        tell: called with what goes on, in words.

    Raises:
        DataError: for images too few for the parts.
        RecipeError: for a start that is no recipe of such networks, does not fit the images, or needs more minutes.
        TrainingError: where the start cannot be trained.
        UnknownNameError: for a technique in `without` that there is not.
        StoreError: where finished networks cannot be kept.
    """
    options = RunOptions(store=store, workers=workers)
    found = climbed(dataset, start, minutes, without=without, groups=groups, options=options, tell=tell)
    return Improvement(**{field.name: getattr(found, field.name) for field in fields(found)})
