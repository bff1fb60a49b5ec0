"""Does the gradient vanish on its way back through time, and do gates keep it?

The lecture: ∂L/∂b₁ < 0.0156 ∂L/∂b₄ in a chain of four sigmoid neurons; a recurrent network is such a chain with one
layer per time step. netgain: see docs/results.md, several seeds; the gradient of the loss by the state after each row
of a digit, before and after training.

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
