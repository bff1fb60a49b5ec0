"""netgain: which changes to a network are real improvements.

>>> import netgain as ng
>>> ng.Recipe(network=ng.MLP(hidden=(30,)), optimizer="adam").batch_size
30
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Users write `import netgain as ng; import keras`: Keras decides on its backend when it is imported.
os.environ.setdefault("KERAS_BACKEND", "jax")

if TYPE_CHECKING:
    from netgain.data import Dataset, load_dataset
    from netgain.demonstration import Demonstration, DemonstrationResult
    from netgain.errors import NetgainError
    from netgain.execute import run, train
    from netgain.findings import Figure, Findings, Statement
    from netgain.networks.convnet import ConvNet
    from netgain.networks.mlp import MLP
    from netgain.networks.network import Dropout, Strengths
    from netgain.networks.own import KerasNetwork
    from netgain.recipe import EarlyStopping, Optimizer, Recipe, Schedule, load_recipe
    from netgain.result import RunResult, RunStatus, StudyResult
    from netgain.store import Store
    from netgain.studies import load_demonstration, load_study
    from netgain.study import Study

_HOMES = {
    "ConvNet": "netgain.networks.convnet",
    "Dataset": "netgain.data",
    "Demonstration": "netgain.demonstration",
    "DemonstrationResult": "netgain.demonstration",
    "Dropout": "netgain.networks.network",
    "EarlyStopping": "netgain.recipe",
    "Figure": "netgain.findings",
    "Findings": "netgain.findings",
    "KerasNetwork": "netgain.networks.own",
    "MLP": "netgain.networks.mlp",
    "NetgainError": "netgain.errors",
    "Optimizer": "netgain.recipe",
    "Recipe": "netgain.recipe",
    "RunResult": "netgain.result",
    "RunStatus": "netgain.result",
    "Schedule": "netgain.recipe",
    "Statement": "netgain.findings",
    "Store": "netgain.store",
    "Strengths": "netgain.networks.network",
    "Study": "netgain.study",
    "StudyResult": "netgain.result",
    "load_dataset": "netgain.data",
    "load_demonstration": "netgain.studies",
    "load_recipe": "netgain.recipe",
    "load_study": "netgain.studies",
    "run": "netgain.execute",
    "train": "netgain.execute",
}

__all__ = [  # noqa: RUF022 - in the order of _HOMES, which a test holds equal
    "ConvNet",
    "Dataset",
    "Demonstration",
    "DemonstrationResult",
    "Dropout",
    "EarlyStopping",
    "Figure",
    "Findings",
    "KerasNetwork",
    "MLP",
    "NetgainError",
    "Optimizer",
    "Recipe",
    "RunResult",
    "RunStatus",
    "Schedule",
    "Statement",
    "Store",
    "Strengths",
    "Study",
    "StudyResult",
    "load_dataset",
    "load_demonstration",
    "load_recipe",
    "load_study",
    "run",
    "train",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `netgain --help` must not wait for Keras."""
    if name not in _HOMES:
        raise AttributeError(f"module 'netgain' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
