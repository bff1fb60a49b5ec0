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
    from netgain.api import (
        DemonstrationResult,
        Fractions,
        Generated,
        Improvement,
        StudyResult,
        evaluate,
        fit,
        fractions,
        generate,
        improve,
        run,
        train,
    )
    from netgain.data import Dataset, StringDataset, load_dataset, load_strings
    from netgain.data.shifts import Shift
    from netgain.engine.score import score
    from netgain.errors import NetgainError
    from netgain.experiment.augmentation import Augmentation
    from netgain.experiment.demonstration import Demonstration
    from netgain.experiment.early_stopping import EarlyStopping
    from netgain.experiment.keras_parts import KerasLoss, KerasOptimizer
    from netgain.experiment.optimizer import Optimizer, Schedule
    from netgain.experiment.study import Study
    from netgain.experiment.test_time import TestTime
    from netgain.networks.families.convnet import ConvNet
    from netgain.networks.families.fixed_slots import FixedSlots
    from netgain.networks.families.generator import ConvCritic, ConvGenerator
    from netgain.networks.families.mlp import MLP
    from netgain.networks.families.own import KerasNetwork
    from netgain.networks.families.rnn import RNN
    from netgain.networks.network import Dropout, Strengths
    from netgain.networks.strings import Stem
    from netgain.results.findings import Figure, Findings, Statement
    from netgain.runs.execute.options import RunOptions
    from netgain.runs.record import RunResult, RunStatus
    from netgain.runs.store import Store
    from netgain.runs.trained import model_of, open_network
    from netgain.studies import load_demonstration, load_study
    from netgain.tasks.classification.recipe import Recipe
    from netgain.tasks.generation.recipe import Generator, Penalty
    from netgain.tasks.reading.recipe import Reader
    from netgain.tasks.recipes import load_recipe
    from netgain.tasks.svm import SVM
    from netgain.tasks.task import Measure, Task

_HOMES = {
    "Augmentation": "netgain.experiment.augmentation",
    "ConvCritic": "netgain.networks.families.generator",
    "ConvGenerator": "netgain.networks.families.generator",
    "ConvNet": "netgain.networks.families.convnet",
    "Dataset": "netgain.data",
    "Demonstration": "netgain.experiment.demonstration",
    "DemonstrationResult": "netgain.api",
    "Dropout": "netgain.networks.network",
    "EarlyStopping": "netgain.experiment.early_stopping",
    "Figure": "netgain.results.findings",
    "Findings": "netgain.results.findings",
    "FixedSlots": "netgain.networks.families.fixed_slots",
    "Fractions": "netgain.api",
    "Generated": "netgain.api",
    "Generator": "netgain.tasks.generation.recipe",
    "KerasLoss": "netgain.experiment.keras_parts",
    "Improvement": "netgain.api",
    "KerasNetwork": "netgain.networks.families.own",
    "KerasOptimizer": "netgain.experiment.keras_parts",
    "MLP": "netgain.networks.families.mlp",
    "Measure": "netgain.tasks.task",
    "NetgainError": "netgain.errors",
    "Optimizer": "netgain.experiment.optimizer",
    "Penalty": "netgain.tasks.generation.recipe",
    "RNN": "netgain.networks.families.rnn",
    "Reader": "netgain.tasks.reading.recipe",
    "Recipe": "netgain.tasks.classification.recipe",
    "RunOptions": "netgain.runs.execute.options",
    "RunResult": "netgain.runs.record",
    "RunStatus": "netgain.runs.record",
    "SVM": "netgain.tasks.svm",
    "Schedule": "netgain.experiment.optimizer",
    "Shift": "netgain.data.shifts",
    "Statement": "netgain.results.findings",
    "Stem": "netgain.networks.strings",
    "Store": "netgain.runs.store",
    "Strengths": "netgain.networks.network",
    "StringDataset": "netgain.data",
    "Study": "netgain.experiment.study",
    "StudyResult": "netgain.api",
    "Task": "netgain.tasks.task",
    "TestTime": "netgain.experiment.test_time",
    "evaluate": "netgain.api",
    "fit": "netgain.api",
    "fractions": "netgain.api",
    "generate": "netgain.api",
    "improve": "netgain.api",
    "load_dataset": "netgain.data",
    "load_demonstration": "netgain.studies",
    "load_recipe": "netgain.tasks.recipes",
    "load_strings": "netgain.data",
    "load_study": "netgain.studies",
    "model_of": "netgain.runs.trained",
    "open_network": "netgain.runs.trained",
    "run": "netgain.api",
    "score": "netgain.engine.score",
    "train": "netgain.api",
}

__all__ = [  # noqa: RUF022 - in the order of _HOMES, which a test holds equal
    "Augmentation",
    "ConvCritic",
    "ConvGenerator",
    "ConvNet",
    "Dataset",
    "Demonstration",
    "DemonstrationResult",
    "Dropout",
    "EarlyStopping",
    "Figure",
    "Findings",
    "FixedSlots",
    "Fractions",
    "Generated",
    "Generator",
    "KerasLoss",
    "Improvement",
    "KerasNetwork",
    "KerasOptimizer",
    "MLP",
    "Measure",
    "NetgainError",
    "Optimizer",
    "Penalty",
    "RNN",
    "Reader",
    "Recipe",
    "RunOptions",
    "RunResult",
    "RunStatus",
    "SVM",
    "Schedule",
    "Shift",
    "Statement",
    "Stem",
    "Store",
    "Strengths",
    "StringDataset",
    "Study",
    "StudyResult",
    "Task",
    "TestTime",
    "evaluate",
    "fit",
    "fractions",
    "generate",
    "improve",
    "load_dataset",
    "load_demonstration",
    "load_recipe",
    "load_strings",
    "load_study",
    "model_of",
    "open_network",
    "run",
    "score",
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
