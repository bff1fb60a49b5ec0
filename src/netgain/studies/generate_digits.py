"""Is there a better loss for a generator than the usual one, and how far from real are its digits?

The lecture: no generators, no figure. Published networks that learnt MNIST from generated digits alone name 95 to 97 %
of the real test digits. netgain, 5 seeds, ± test sample ± training: non-saturating 97.49 ± 0.12 ± 0.04 %; minimax
97.54 ± 0.12 ± 0.08 % (UNDECIDED, +0.05); hinge 97.45 ± 0.12 ± 0.07 % (EQUIVALENT, -0.03); Wasserstein 97.14 ± 0.13 ±
0.10 % (UNDECIDED, -0.35); relativistic 97.22 ± 0.13 ± 0.08 % (UNDECIDED, -0.26); real digits 99.09 ± 0.07 ± 0.02 %. No
run collapsed. 79 to 143 s per network (docs/results.md).

Every arm is the recipe `generator` with another loss; the baseline has the usual one, non-saturating, and the
relativistic one is that recipe itself. The Wasserstein loss has the gradient penalty that belongs to it in place of R1.
The accuracy is that of the recipe `judge`, which learns from 60,000 generated digits, and in the arm *real digits* from
the 60,000 of MNIST: what generated digits could reach.
"""

from netgain.experiment.study import Study
from netgain.tasks.generation.recipe import Penalty
from netgain.tasks.recipes import load_recipe

PLACE = 46

_RELATIVISTIC = load_recipe("generator")
_BASELINE = _RELATIVISTIC.change("loss", "non-saturating")
_WASSERSTEIN = _RELATIVISTIC.change("loss", "wasserstein")

STUDY = Study(
    "generate-digits",
    question="Is there a better loss for a generator than the usual one, and how far from real are its digits?",
    baseline=_BASELINE,
    arms={
        "minimax": _RELATIVISTIC.change("loss", "minimax"),
        "hinge": _RELATIVISTIC.change("loss", "hinge"),
        "Wasserstein": _WASSERSTEIN.change("penalty", Penalty(kind="gradient-penalty", weight=10.0)),
        "relativistic": _RELATIVISTIC,
        "real digits": load_recipe("judge"),
    },
    picture="accuracies",
)
