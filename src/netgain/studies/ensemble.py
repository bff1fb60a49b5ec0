"""Do five networks together beat one, and one with as many weights?

The lecture: "the best trained network (world record) is with 0.21 % failure rate"; nothing of ensembles.
netgain, 5 seeds, ± test sample ± training: see docs/results.md.

The networks of an ensemble are trained independently, and their scores are averaged. Five cost five times as much, so
there are two controls at about that price: one network with five times the neurons and so the weights of all five, and
one that trains five times as long. Each seed is one ensemble.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 36.9

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "ensemble",
    question="Do 5 or 10 networks together beat one, and one with the weights or the updates of five?",
    baseline=_BASELINE,
    arms={
        "5 networks": _BASELINE.change("ensemble", 5),
        "10 networks": _BASELINE.change("ensemble", 10),
        "one of 150 neurons": _BASELINE.change("network.hidden", [150]),
        "5 times as long": _BASELINE.change("epochs", 5 * _BASELINE.epochs),
    },
)
