"""Class fractions that show themselves."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, final

from netgain.data.sample import Sample
from netgain.data.shifts import Shift
from netgain.errors import UnknownNameError
from netgain.results import fractions
from netgain.results.classifier import Classifier
from netgain.stats.fractions import Target

if TYPE_CHECKING:
    import altair


@final
@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Fractions(fractions.Fractions):
    """The fraction of every class in a sample, as :func:`netgain.fractions` estimates it, and how to show it.

    Attributes:
        classifier, class_names, sample, templates, estimate, counted, truth, nuisances, remarks: as in
            :class:`netgain.results.fractions.Fractions`, which also has `frame()` and `correlation_frame()`.
    """

    def chart(self, name: str = "fractions", target: Target = "population") -> altair.TopLevelMixin:
        """The chart "fractions", or the one of the "correlations" of their errors.

        Raises:
            UnknownNameError: for another chart or target.
        """
        from netgain.report.fraction_charts import CHARTS

        if name not in CHARTS:
            raise UnknownNameError("chart", name, CHARTS)
        return CHARTS[name](self, target)

    def as_dict(self, target: Target = "population") -> dict[str, Any]:
        """The fractions as plain values, for JSON.

        Raises:
            UnknownNameError: for another target.
        """
        from netgain.report.fraction_words import fractions_as_dict

        return fractions_as_dict(self, target)

    def __str__(self) -> str:
        from netgain.report.fraction_words import fractions_text

        return fractions_text(self)

    def __repr__(self) -> str:
        from netgain.report.fraction_words import fractions_line

        return f"<Fractions: {fractions_line(self)}>"

    def _repr_html_(self) -> str:
        from netgain.report.fraction_words import fractions_html

        return fractions_html(self)


def shown_fractions(classifier: Classifier, both: tuple[Sample, Sample], nuisances: tuple[Shift, ...]) -> Fractions:
    """The fractions of a sample, scored by a classifier with its networks; `both` are the sample and the templates.

    Raises:
        DataError, StatisticsError: as :func:`netgain.results.fractions.fractions_of`.
    """
    found = fractions.fractions_of(classifier, *both, nuisances)
    return Fractions(**{field.name: getattr(found, field.name) for field in fields(found)})
