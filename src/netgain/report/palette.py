"""The colours of every chart, table and badge: an arm, a part of the images and a verdict each keep theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult

# Okabe and Ito's colours, which colour-blind readers tell apart; the baseline always comes first.
ARM_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F", "#B8860B")

CLASS_COLOURS = ("#332288", "#AA4499", "#117733", "#999933", "#882255", "#44AA99")
"""Of classes, where those of one arm are compared; no colour of an arm (Paul Tol's muted scheme)."""

# No colour of an arm. Dark enough for white words on them; the word always stands beside the colour.
VERDICT_COLOURS = {
    "BETTER": "#2E7D32",
    "EQUIVALENT": "#0F6B7A",
    "UNDECIDED": "#6B7280",
    "UNDECIDABLE HERE": "#6B4C9A",
    "WORSE": "#B3261E",
}

INK, SOFT, PAPER = "#333", "#666", "#fff"
"""Words in charts and what they are written on; :mod:`netgain.report.scheme` has what they become when it is dark."""


def arm_colours(result: StudyResult) -> dict[str, str]:
    """The colour of the baseline and of each arm, the same in every chart of the study."""
    return {name: ARM_COLOURS[i % len(ARM_COLOURS)] for i, name in enumerate(result.runs)}


def arm_scale(result: StudyResult) -> alt.Scale:
    """Those colours as a scale."""
    colours = arm_colours(result)
    return alt.Scale(domain=list(colours), range=list(colours.values()))
