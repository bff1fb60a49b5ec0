"""What an examination needs of each trained network and what takes long to get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

from netgain.errors import RecipeError


@final
@dataclass(frozen=True)
class Measurement:
    """What an examination needs of each trained network and what is slow to compute: measured once, kept with the run.

    Attributes:
        name: under which the store keeps it, at most 32 characters. Another way to measure needs another name.
        of_runs: from pairs of a :class:`netgain.RunResult` with its trained network and its recipe, and the data, to an
            array for each pair, not empty, of any shape and type, which :meth:`of` gives the examination. Failed and
            diverged runs are not measured.
    """

    name: str
    of_runs: Callable[[Sequence[tuple[Any, Any]], Any], Sequence[Any]]

    def of(self, run: Any) -> Any:
        """What was measured of a :class:`netgain.RunResult` that is neither failed nor diverged.

        Raises:
            RecipeError: where the run was not measured, because the study does not name this measurement.
        """
        if run.measured.size == 0:
            message = f"its examination needs the measurement {self.name!r}; declare it beside examine="
            raise RecipeError("study", [("measurement", message)])
        return run.measured
