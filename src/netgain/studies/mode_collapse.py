"""What does a generator do that has found one digit which its critic believes?

The lecture: no generators. netgain, 5 seeds: 5 of 5 provoked networks collapsed and 0 of 5 healthy ones; the coverage
is 31.7 % against 57.0 %, the largest deviation of a class fraction 8.4 against 3.4 points. All ten digits are still
written, and a classifier learns nearly as much from them (98.26 against 98.53 %, not decided). 89 to 275 s per network
on a computer with other work (docs/results.md). A collapsed run is recorded, counted and shown as any other.

Both networks are told no classes: with them, every class is asked for equally often, and a collapse is hidden in the
classes. The healthy one is the recipe `generator`. The other has no penalty, no average and the loss of the first paper
(minimax); its generator learns ten times as fast and its critic a thirtieth as fast, so that the generator is always
far ahead. (Ten times as fast alone did not make it collapse.) The class of a generated digit is the answer of a network
that was trained on real ones.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.mode_collapse import HEALTHY, PROVOKED, examine
from netgain.tasks.recipes import load_recipe

PLACE = 48

_HEALTHY = load_recipe("generator").change("conditional", False)
_WITHOUT_BRAKES = _HEALTHY.change("loss", "minimax").change("penalty", None).change("ema", None)
_RATE = _HEALTHY.critic_optimizer.learning_rate
_FAST_GENERATOR = _WITHOUT_BRAKES.change("generator_optimizer.learning_rate", 10 * _RATE)
_PROVOKED = _FAST_GENERATOR.change("critic_optimizer.learning_rate", _RATE / 30)

STUDY = Demonstration(
    "mode-collapse",
    question="What does a generator do that has found one digit which its critic believes?",
    recipes={HEALTHY: _HEALTHY, PROVOKED: _PROVOKED},
    examine=examine,
    lecture_says="nothing of generators; a network that starts badly stays on a plateau.",
)
