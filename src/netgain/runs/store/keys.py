"""What a run is looked up by."""

from __future__ import annotations

from typing import NamedTuple

from netgain.runs.record import RunResult


class RunKey(NamedTuple):
    """What a run is looked up by."""

    recipe_digest: str
    seed: int
    dataset_digest: str
    engine_version: str

    @classmethod
    def of(cls, run: RunResult) -> RunKey:
        """The key under which a run is stored."""
        return cls(run.recipe_digest, run.seed, run.dataset_digest, run.engine_version)
