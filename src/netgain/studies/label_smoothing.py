"""Do softened targets help: 95 or 90 % for the right class, the rest for all classes?

The lecture: no label smoothing, no figure; Szegedy et al. (2016) gain 0.2 points on ImageNet with 0.1, and Müller et
al. (2019) find that confidences get closer to frequencies. netgain, 5 seeds, ± test sample ± training: see
docs/results.md.

The targets are y(1 − ε) + ε/K (Szegedy et al. 2016, section 7). The remarks give the expected calibration error of each
arm: a network that is trained on soft targets can be right as often and still state another confidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgain.experiment.study import Study
from netgain.results.analyses import calibration_of
from netgain.tasks.recipes import load_recipe

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult

PLACE = 36.1

_BASELINE = load_recipe("small-convnet")


def _remarks(result: StudyResult) -> list[str]:
    return [f"{arm}: {calibration_of(result, arm)}." for arm in result.runs]


STUDY = Study(
    "label-smoothing",
    question="Do targets of 95 or 90 % for the right class beat targets of 100 %?",
    baseline=_BASELINE,
    arms={f"smoothing {share:g}": _BASELINE.change("label_smoothing", share) for share in (0.05, 0.1, 0.2)},
)
