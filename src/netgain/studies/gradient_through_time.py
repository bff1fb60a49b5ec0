"""Does the gradient vanish on its way back through time, and do gates keep it?

The lecture: ∂L/∂b₁ < 0.0156 ∂L/∂b₄ in a chain of four sigmoid neurons; a recurrent network is such a chain with one
layer per time step. netgain, 5 seeds: before training 0.03 of the gradient by the last state arrives at the first row
without gates, 0.002 with an LSTM, 0.000004 with a GRU; after it 1.5 to 3.6, 0.5 to 0.6 and 0.3 to 0.4. So what
textbooks say of gates does not hold here, at 28 rows: training brings the gradient back in all three. 4 s per network.

The lecture trains no recurrent network. Ours: 64 units over the 28 rows, 10,000 images, 5 epochs, with the recipe of
`row-lstm` for every kind of cell. Keras begins with an orthogonal recurrent matrix, which alone changes no length, and
with gates half open: a GRU keeps about ½ of its state per step, an LSTM σ(1) = 0.73 of its memory.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.gradient_through_time import GRU, LSTM, MEASUREMENT, SIMPLE, examine
from netgain.tasks.recipes import load_recipe

PLACE = 43

_LSTM = load_recipe("row-lstm").change("network.units", 64).change("train_size", 10_000).change("epochs", 5)

STUDY = Demonstration(
    "gradient-through-time",
    question="Does the gradient vanish on its way back through time, and do gates keep it?",
    recipes={
        SIMPLE: _LSTM.change("network.cell", "simple"),
        GRU: _LSTM.change("network.cell", "gru"),
        LSTM: _LSTM,
    },
    examine=examine,
    measurement=MEASUREMENT,
    lecture_says="a gradient that passes four sigmoid layers shrinks below 0.0156 of what it was.",
)
