"""What `import netgain as ng` gives: to run a study in one line, and results that show themselves."""

from netgain.api.evaluating import evaluate
from netgain.api.fitting import fit
from netgain.api.generating import Generated, generate
from netgain.api.improving import Improvement, improve
from netgain.api.results import DemonstrationResult, StudyResult, shown
from netgain.api.running import Options, fractions, run, train
from netgain.api.sampled import Fractions
from netgain.report.analysis import Analysis

__all__ = [
    "Analysis",
    "DemonstrationResult",
    "Fractions",
    "Generated",
    "Improvement",
    "Options",
    "StudyResult",
    "evaluate",
    "fit",
    "fractions",
    "generate",
    "improve",
    "run",
    "shown",
    "train",
]
