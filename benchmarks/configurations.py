"""Every way in which netgain and its peers are measured: each library's default beside the ways to make it faster."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

NETGAIN = "netgain, two networks at once"
NETGAIN_ALONE = "netgain, one core"

Library = Literal["netgain", "PyTorch", "Keras on TensorFlow", "Keras on torch", "Keras on JAX", "scikit-learn"]

ALL_TASKS = ("T1", "T2", "T3", "T4", "T5", "T6")
CONVNETS = ("T3", "T4")
WITH_CONVOLUTIONS = (*CONVNETS, "T6")

SCRIPTS: dict[Library, str] = {
    "PyTorch": "pytorch",
    "Keras on TensorFlow": "keras_fit",
    "Keras on torch": "keras_fit",
    "Keras on JAX": "keras_fit",
    "scikit-learn": "sklearn_mlp",
}
BACKENDS: dict[Library, str] = {
    "Keras on TensorFlow": "tensorflow",
    "Keras on torch": "torch",
    "Keras on JAX": "jax",
}


@dataclass(frozen=True)
class Configuration:
    """One way to train.

    Attributes:
        name: as the page shows it; starts with the library.
        library: what trains.
        options: what the library's script is told.
        processes: how many train a network each at the same time.
        threads: of each process; None leaves the library's default, which is all cores.
        default: whether this is what a newcomer writes.
        tasks: the tasks that it can do.
        other_work: what it does instead, where it cannot do a task's own work.
    """

    name: str
    library: Library
    options: dict[str, Any] = field(default_factory=dict)
    processes: int = 1
    threads: int | None = None
    default: bool = False
    tasks: tuple[str, ...] = ALL_TASKS
    other_work: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What is set before the process starts. One-thread libraries read it, whichever they are."""
        variables = {"KERAS_BACKEND": BACKENDS[self.library]} if self.library in BACKENDS else {}
        if self.threads is None:
            return variables
        number = str(self.threads)
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC", "TF_NUM_INTRAOP_THREADS")
        return variables | dict.fromkeys(names, number)


def _pytorch(what: str, processes: int = 1, threads: int | None = None, **fields: Any) -> Configuration:
    tasks, default = fields.pop("tasks", ALL_TASKS), fields.pop("default", False)
    options = {"loader": "index"} | fields
    return Configuration(f"PyTorch {what}", "PyTorch", options, processes, threads, default, tasks)


def _keras(library: Library, what: str, **fields: Any) -> Configuration:
    return Configuration(f"{library}, {what}", library, **fields)


def _sklearn(what: str, options: dict[str, Any], **fields: Any) -> Configuration:
    return Configuration(f"scikit-learn MLPClassifier, {what}", "scikit-learn", options, **fields)


_LIKE_T1 = {"solver": "sgd", "learning_rate_init": 0.5, "momentum": 0.0}
_FOR_T1: dict[str, Any] = {"tasks": ("T1",), "other_work": "cross-entropy instead of squared error"}
_FOR_T2: dict[str, Any] = {"tasks": ("T2",), "other_work": "Adam instead of Adadelta, no dropout"}
_TWO: dict[str, Any] = {"processes": 2, "threads": 1}
_IN_TWO = "two one-thread processes"

CONFIGURATIONS: tuple[Configuration, ...] = (
    Configuration(NETGAIN, "netgain", processes=2, threads=1, default=True),
    _pytorch("eager, default (DataLoader)", loader="data_loader", default=True),
    _pytorch("eager, 2 threads", threads=2),
    _pytorch("eager, 1 thread", threads=1),
    _pytorch(f"eager, {_IN_TWO}", **_TWO),
    _pytorch("compiled, 2 threads", threads=2, compile=True),
    _pytorch(f"compiled, {_IN_TWO}", compile=True, **_TWO),
    _pytorch("channels_last, 2 threads", threads=2, channels_last=True, tasks=WITH_CONVOLUTIONS),
    _pytorch(f"channels_last, {_IN_TWO}", channels_last=True, tasks=WITH_CONVOLUTIONS, **_TWO),
    _pytorch("bf16, 2 threads", threads=2, bf16=True, tasks=("T2",)),
    _pytorch(f"bf16, {_IN_TWO}", bf16=True, tasks=("T2",), **_TWO),
    _pytorch("bf16 channels_last, 2 threads", threads=2, bf16=True, channels_last=True, tasks=CONVNETS),
    _pytorch(f"bf16 channels_last, {_IN_TWO}", bf16=True, channels_last=True, tasks=CONVNETS, **_TWO),
    _keras("Keras on TensorFlow", "default", default=True),
    _keras("Keras on TensorFlow", "steps_per_execution=100", options={"steps_per_execution": 100}),
    _keras(
        "Keras on TensorFlow",
        "steps_per_execution=100, no XLA",
        options={"steps_per_execution": 100, "jit_compile": False},
    ),
    _keras("Keras on TensorFlow", f"steps_per_execution=100, {_IN_TWO}", options={"steps_per_execution": 100}, **_TWO),
    _keras("Keras on torch", "default", default=True),
    _keras("Keras on torch", _IN_TWO, **_TWO),
    _keras("Keras on JAX", "default", default=True),
    _keras("Keras on JAX", "steps_per_execution=50", options={"steps_per_execution": 50}),
    _keras("Keras on JAX", f"steps_per_execution=50, {_IN_TWO}", options={"steps_per_execution": 50}, **_TWO),
    _sklearn("default threads", _LIKE_T1, default=True, **_FOR_T1),
    _sklearn(_IN_TWO, _LIKE_T1, **_FOR_T1, **_TWO),
    _sklearn("Adam, default threads", {"solver": "adam"}, default=True, **_FOR_T2),
    _sklearn(f"Adam, {_IN_TWO}", {"solver": "adam"}, **_FOR_T2, **_TWO),
)

ALONE: tuple[Configuration, ...] = (
    Configuration(NETGAIN_ALONE, "netgain", threads=1, default=True),
    _pytorch("eager, one core", threads=1),
    _keras("Keras on JAX", "steps_per_execution=50, one core", options={"steps_per_execution": 50}, threads=1),
    _keras("Keras on TensorFlow", "steps_per_execution=100, one core", options={"steps_per_execution": 100}, threads=1),
)
"""One network on one core, the other core idle."""


def configurations_for(task: str, group: tuple[Configuration, ...] = CONFIGURATIONS) -> list[Configuration]:
    """Those that can do a task, netgain first.

    >>> [c.name for c in configurations_for("T3") if c.library == "netgain"]
    ['netgain, two networks at once']
    """
    return [configuration for configuration in group if task in configuration.tasks]
