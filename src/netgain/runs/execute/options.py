"""How runs are trained and kept: the options of `ng.run`, and of every command that trains."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, final

from netgain.engine.kernels import kernels_to_use
from netgain.errors import RecipeError
from netgain.experiment.shown import ShownFields
from netgain.runs.execute.cluster import ClusterPool
from netgain.runs.execute.notebook import progress_for_python
from netgain.runs.execute.progress import Progress
from netgain.runs.store import Store

DEFAULT_STORE = "netgain.db"


@final
@dataclass(frozen=True, kw_only=True, repr=False)
class RunOptions(ShownFields):
    """How the runs of a study are trained and kept; nothing here changes a number.

    Attributes:
        store: where finished runs are kept and looked up: a file, a database URL, or None to keep nothing.
        workers: processes that train at once, one thread each; by default one per core.
        executor: train on these workers instead; then `workers` is ignored.
        cluster: train on the workers of a Dask cluster instead: the address of its scheduler ("tcp://host:8786"),
            "local:4", "slurm:20" or "htcondor:20", or a `Client` or cluster of Dask.
        retry_failed: train failed runs of the store again.
        progress: what to show during the training; by default a display in a notebook, and nothing elsewhere.

    Raises:
        RecipeError: for fewer than one worker, or for a cluster beside `executor` or `workers`.
    """

    store: Store | str | Path | None = DEFAULT_STORE
    workers: int | None = None
    executor: Executor | ClusterPool | None = None
    cluster: Any = None
    retry_failed: bool = False
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise RecipeError("call of run", [("workers", f"must be 1 or more; received {self.workers}")])
        for other in ("executor", "workers"):
            if self.cluster is not None and getattr(self, other) is not None:
                message = f"has its own workers: remove {other}, or write their number as in cluster='local:4'"
                raise RecipeError("call of run", [("cluster", message)])


class Means(NamedTuple):
    """What a run of a study works with: the store, opened; the kernels; what to show; and the options."""

    store: Store | None
    kernels: str
    show: Progress
    options: RunOptions

    @classmethod
    def of(cls, options: RunOptions) -> Means:
        """Open the store that the options name, and find the kernels to use.

        Raises:
            StoreError: where the store cannot be opened.
            ComputerError: where NETGAIN_KERNELS names kernels that this computer lacks.
        """
        store = Store(options.store) if isinstance(options.store, str | Path) else options.store
        return cls(store, kernels_to_use(), options.progress or progress_for_python(), options)
