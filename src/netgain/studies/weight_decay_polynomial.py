"""Why do smaller weights overtrain less: how does a penalty change the fit of a polynomial?

The lecture: reducing the weights "actually removes the higher order term", the fit gets "less sensitive to the noise",
and every step shrinks them, w → (1 − ηλ/n) w − η ∂L₀/∂w. netgain: see docs/results.md; one set of noisy points for each
of several seeds.

The slide shows a picture without numbers. Here: order 9 through 15 points that scatter by 0.15 around a parabola,
λ = 0.1.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.weight_decay_polynomial import examine

STUDY = Demonstration(
    "weight-decay-polynomial",
    question="Does a penalty on the weights remove the high orders from a polynomial fit?",
    examine=examine,
    lecture_says="by reducing the weights it removes the higher order terms; the fit is less sensitive to the noise.",
)
