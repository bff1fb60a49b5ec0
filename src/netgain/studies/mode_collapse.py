"""What does a generator do that has found one digit which its critic believes?

The lecture: no generators. netgain: see docs/results.md (5 seeds). A collapsed generator writes a few kinds of digits
again and again. It is recorded, counted and shown as any other.

Both networks are told no classes: with them, every class is asked for equally often, and a collapse is hidden in the
classes. The healthy one is the recipe `generator`. The other has no penalty, no average and the loss of the first paper
(minimax), and its generator learns ten times as fast as its critic. The class of a generated digit is the answer of a
network that was trained on real ones.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.mode_collapse import HEALTHY, PROVOKED, examine
from netgain.tasks.recipes import load_recipe

PLACE = 48

_HEALTHY = load_recipe("generator").change("conditional", False)
_WITHOUT_BRAKES = _HEALTHY.change("loss", "minimax").change("penalty", None).change("ema", None)
_TEN_TIMES_AS_FAST = 10 * _HEALTHY.critic_optimizer.learning_rate
_PROVOKED = _WITHOUT_BRAKES.change("generator_optimizer.learning_rate", _TEN_TIMES_AS_FAST)

STUDY = Demonstration(
    "mode-collapse",
    question="What does a generator do that has found one digit which its critic believes?",
    recipes={HEALTHY: _HEALTHY, PROVOKED: _PROVOKED},
    examine=examine,
    lecture_says="nothing of generators; a network that starts badly stays on a plateau.",
)
