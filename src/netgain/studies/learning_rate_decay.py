"""Does a learning rate that falls with the epochs give a better network?

The lecture: it "might end up with a slightly better network", and the effect is hard to see quickly; no figure.
netgain, 5 seeds, ± test sample ± training: baseline 94.05 ± 0.19 ± 0.05 %; inverse time 94.07 ± 0.20 ± 0.08 %
(EQUIVALENT, +0.02); exponential 94.16 ± 0.19 ± 0.04 % (UNDECIDED, +0.11); cosine 94.21 ± 0.19 ± 0.12 % (UNDECIDED,
+0.15). 2.3 to 2.4 s per network (docs/results.md).

Keras' SGD(decay=) is gone; "inverse time" is the same formula counted in epochs. All start at the 1.0 of the constant
rate; the inverse-time and exponential ones end near a twentieth of it, the cosine at zero.
"""

from netgain.experiment.optimizer import Schedule
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 17

_BASELINE = load_recipe("small-sample")
_SCHEDULES = {
    "inverse time": Schedule(kind="inverse_time", rate=0.2),
    "exponential": Schedule(kind="exponential", rate=0.97),
    "cosine": Schedule(kind="cosine"),
}

STUDY = Study(
    "learning-rate-decay",
    question="Does a learning rate that falls with the epochs beat a constant one?",
    baseline=_BASELINE,
    arms={name: _BASELINE.change("optimizer.schedule", schedule) for name, schedule in _SCHEDULES.items()},
    picture="loss-curves",
)
