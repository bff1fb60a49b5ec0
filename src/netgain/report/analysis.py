"""An analysis of a result that shows itself: in words, as a table, and most as a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from netgain.markup import one_line
from netgain.tasks.task import Measure

if TYPE_CHECKING:
    import altair
    import pandas


@final
@dataclass(frozen=True, eq=False, repr=False)
class Analysis:
    """More that was asked of one arm: all that the statistics value has, and a chart.

    Attributes:
        name: which analysis.
        value: what :mod:`netgain.stats` computed; its attributes are this one's too.
        measure: what it is about, in names and units.
    """

    name: str
    value: Any
    measure: Measure

    def frame(self) -> pandas.DataFrame:
        """Its table."""
        return self.value.frame()

    def chart(self) -> altair.TopLevelMixin:
        """Its chart.

        Raises:
            UnknownNameError: for an analysis that has a table only.
        """
        from netgain.report.analysis_charts import analysis_chart

        return analysis_chart(self.value, measure=self.measure)

    def __getattr__(self, name: str) -> Any:
        # Not self.value: a copy that is only being made has none yet, and would ask here again.
        return getattr(object.__getattribute__(self, "value"), name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *dir(self.value)})

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return one_line(f"<Analysis {self.name!r}: {self.value!r}>")

    def _repr_html_(self) -> str:
        from netgain.report import notebook

        return notebook.analysis_html(self.name, self.value, self.measure)
