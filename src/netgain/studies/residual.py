"""Do shortcuts let a deep convolutional network learn?

The lecture: on its way back through many layers the gradient vanishes, so deep networks are hard to train; no
shortcuts, no figure. He et al. (2016): with more layers, plain networks get worse and residual ones better. netgain, 5
seeds, ± test sample ± training: see docs/results.md.

Plain and residual networks have the same 3×3 convolutions in the same order; a shortcut past every two has no weights,
except one of 1×1 where the maps halve. Batch normalization helps the gradient too, so the last two arms have it.
"""

from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.networks.families.convnet import ConvNet
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

PLACE = 36.8

_SMALL = load_recipe("small-convnet").change("epochs", 8).change("optimizer", Optimizer("sgd", 0.05, momentum=0.9))


def _network(convolutions: int, residual: bool) -> Recipe:
    """Half of the convolutions have 8 maps of 14×14, half have 16 maps of 7×7; a residual block counts as two."""
    half = convolutions // (4 if residual else 2)
    network = ConvNet(
        filters=[8] * half + [16] * half,
        kernel_size=3,
        padding="same",
        strides=[2, *[1] * (half - 1)] * 2,
        pooling="none",
        global_pooling="average",
        residual=residual,
    )
    return _SMALL.change("network", network)


_PLAIN, _SHORTCUTS = _network(16, residual=False), _network(16, residual=True)

STUDY = Study(
    "residual",
    question="Do shortcuts help a network of 4 convolutions, and one of 16, without and with batch normalization?",
    baseline=_network(4, residual=False),
    arms={
        "4, shortcuts": _network(4, residual=True),
        "16": _PLAIN,
        "16, shortcuts": _SHORTCUTS,
        "16, batch norm": _PLAIN.change("network.batch_norm", True),
        "16, batch norm, shortcuts": _SHORTCUTS.change("network.batch_norm", True),
    },
    against={"16, shortcuts": "16", "16, batch norm, shortcuts": "16, batch norm"},
)
