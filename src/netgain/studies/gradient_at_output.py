"""Why is cross-entropy faster: is its gradient at the output really without σ′(z)?

The lecture: ∂L/∂w = [σ(z) − t] σ′(z) ∂z/∂w for the squared error, [σ(z) − t] ∂z/∂w for cross-entropy, and yᵢ − tᵢ for
softmax with categorical cross-entropy. netgain: see docs/results.md; checked by automatic differentiation against z and
in the output layers of networks trained with each loss, several seeds.

The trained networks: 784-30-10 on 10,000 images, 5 epochs; 5.0 is the rate of both losses on sigmoid outputs, of which
Keras takes means over the ten outputs.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.gradient_at_output import examine
from netgain.tasks.recipes import load_recipe

_SOFTMAX = load_recipe("small-sample").change("epochs", 5)
_SQUARED = (
    _SOFTMAX.change("loss", "mean_squared_error")
    .change("network.output", "sigmoid")
    .change("optimizer.learning_rate", 5.0)
)

STUDY = Demonstration(
    "gradient-at-output",
    question="Is the gradient of cross-entropy at the output really without σ′(z)?",
    recipes={
        "sigmoid, squared error": _SQUARED,
        "sigmoid, binary cross-entropy": _SQUARED.change("loss", "binary_crossentropy"),
        "softmax, categorical cross-entropy": _SOFTMAX,
    },
    examine=examine,
    lecture_says="σ′(z) is cancelled: the gradient does not depend on the first derivative anymore.",
)
