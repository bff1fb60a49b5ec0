"""Can an LSTM that sees a digit row by row keep up with networks that see all of it at once?

The lecture: 98.49 % for two wide dense layers and 98.74 % for one convolution, one network each; it has no recurrent
network. Known for an LSTM over the rows: 98.5 to 99 %. netgain, 5 seeds, ± test sample ± training: wide (baseline)
98.63 ± 0.10 ± 0.01 %; LSTM 98.95 ± 0.08 ± 0.03 % (BETTER, +0.32); convnet 98.73 ± 0.09 ± 0.02 % (WORSE than the LSTM,
-0.22). 26 to 100 s per network on a busy computer (docs/results.md).

The rows are the 28 time steps; the last state is classified.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 41

STUDY = Study(
    "row-lstm",
    question="Does an LSTM over the rows of a digit beat two wide dense layers, or one convolution?",
    baseline=load_recipe("wide"),
    arms={"LSTM over rows": load_recipe("row-lstm"), "convnet": load_recipe("convnet")},
    against={"convnet": "LSTM over rows"},
    lecture={"baseline": 0.9849, "convnet": 0.9874},
)
