"""The journal of a climb in the store: which attempts were begun, so that a second call spends no level twice."""

from __future__ import annotations

import json

import numpy as np

from netgain.results.improve.climb import Begun
from netgain.runs.store import RunKey, Store


class StoredJournal:
    """The attempts from one start on the same images, kept beside the run that every climb from it begins with.

    Args:
        store: where they are kept.
        run: the start's first run.
        start: the digest of the start.
    """

    def __init__(self, store: Store, run: RunKey, start: str) -> None:
        self._store, self._run, self._start = store, run, start

    def begun(self) -> list[Begun]:
        found: list[Begun] = []
        while (kept := self._store.measured(self._run, self._name(len(found) + 1))) is not None:
            base, move, seeds = json.loads(kept.tobytes())
            found.append(Begun(tuple(base), move, seeds))
        return found

    def begin(self, attempt: Begun) -> None:
        name = self._name(len(self.begun()) + 1)
        self._store.keep_measured(self._run, name, np.frombuffer(json.dumps(attempt).encode(), np.uint8))

    def _name(self, number: int) -> str:
        return f"improve {number} {self._start[:16]}"
