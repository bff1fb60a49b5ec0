"""Runs that wait for a worker here while other programs at the same store train runs of the same study."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence

from netgain.runs.execute.plan import PlannedRun
from netgain.runs.execute.pool import CorePool
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.runs.store.claims import Claims

Group = tuple[PlannedRun, ...]
"""Runs of one recipe that a worker trains at once."""

SECONDS_BETWEEN_LOOKS = 1.0
"""How often what others train is looked up, where nothing else is left to start."""

MOST_ON_THE_WAY = 2000
"""Runs that a cluster has at once: enough for 1,000 workers, and fewer than the locks of a PostgreSQL server."""


class Waiting:
    """Groups of runs in the order to start them. What another program trains is left to it, and found in the store.

    Args:
        groups: the runs that the store lacked when the study was planned.
        store: where others may keep the same runs; None where there is none.
        claims: of that store.
        retry_failed: whether a failed run of the store counts as missing.
    """

    def __init__(self, groups: Sequence[Group], store: Store | None, claims: Claims | None, retry_failed: bool) -> None:
        self._groups = deque(groups)
        self._store, self._claims, self._retry_failed = store, claims, retry_failed
        self._found: list[tuple[PlannedRun, RunResult]] = []

    def __len__(self) -> int:
        """How many runs wait."""
        return sum(map(len, self._groups))

    def take(self) -> Group | None:
        """The next runs that nobody else trains or has trained, claimed; None where there are none now."""
        for _ in range(len(self._groups)):
            group = self._groups.popleft()
            claimed = {planned.key for planned in group if self._claims is None or self._claims.take(planned.key)}
            own = tuple(planned for planned in group if planned.key in claimed)
            # First the claim, then the look: who gives a claim back has stored the run before.
            done = self._stored(own)
            finished = tuple(planned for planned in own if planned.key in done)
            self._found += [(planned, done[planned.key]) for planned in finished]
            self.give_back(finished)
            if others := tuple(planned for planned in group if planned.key not in claimed):
                self._groups.append(others)
            if free := tuple(planned for planned in own if planned.key not in done):
                return free
        return None

    def found(self) -> list[tuple[PlannedRun, RunResult]]:
        """The runs that others have trained since this was asked last."""
        found, self._found = self._found, []
        return found

    def give_back(self, group: Group) -> None:
        """Claim these runs no longer: they are in the store, or failed here."""
        for planned in group:
            if self._claims is not None:
                self._claims.give_back(planned.key)

    def _stored(self, group: Group) -> dict[RunKey, RunResult]:
        if self._store is None or not group:
            return {}
        kept = self._store.find(planned.key for planned in group)
        return {key: run for key, run in kept.items() if not (self._retry_failed and run.status is RunStatus.FAILED)}


@contextlib.contextmanager
def waiting(groups: Sequence[Group], store: Store | None, retry_failed: bool) -> Iterator[Waiting]:
    """The groups that wait; the claims are given back at the end, however it comes."""
    if store is None:
        yield Waiting(groups, None, None, retry_failed)
        return
    with store.claims() as claims:
        yield Waiting(groups, store, claims, retry_failed)


def most_on_the_way(pool: object) -> int:
    """How many groups are given to a pool at once: enough to keep it busy; the others may be trained elsewhere."""
    return 2 * pool.num_workers if isinstance(pool, CorePool) else MOST_ON_THE_WAY
