"""Do gradients vanish towards the first layers of a deep network, or explode?

The lecture: in a chain of four sigmoid neurons ∂L/∂b₁ < 0.0156 ∂L/∂b₄; ReLU has no small σ′(z), but weights far above 1
make the gradient explode. netgain: see docs/results.md; the bound on 10,000 chains, and the gradient of every layer of
784-30-30-30-10 through training, several seeds.

The slides train nothing here. Ours: 10,000 images, 20 epochs; rates 1.0 (sigmoid), 0.1 (ReLU) and 0.00001 (ReLU with
first weights from N(0, 1), which a larger rate makes diverge).
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.vanishing_gradient import LARGE, MEASUREMENT, RELU, SIGMOID, examine
from netgain.tasks.recipes import load_recipe

_SIGMOID = load_recipe("small-sample").change("network.hidden", (30, 30, 30)).change("epochs", 20)
_RELU = _SIGMOID.change("network.activation", "relu").change("optimizer.learning_rate", 0.1)
_LARGE = _RELU.change("network.initial_weights", "unit_normal").change("optimizer.learning_rate", 1e-5)

STUDY = Demonstration(
    "vanishing-gradient",
    question="Do gradients vanish towards the first layers of a deep network, or explode?",
    recipes={SIGMOID: _SIGMOID, RELU: _RELU, LARGE: _LARGE},
    examine=examine,
    measurement=MEASUREMENT,
    lecture_says="∂L/∂b₁ < 0.0156 ∂L/∂b₄ with sigmoids and small weights; with large weights the gradient explodes.",
)
