"""Compiled functions, kept for the next seed: tracing a model takes longer than a short epoch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

MOST_KEPT = 16
"""Recipes whose functions are kept: the arms of a study, taken in turn."""


class CompiledFunctions:
    """Functions of the recipes that a process trains; of more than `MOST_KEPT` the oldest go. For any thread.

    >>> kept = CompiledFunctions()
    >>> kept.of("a recipe", lambda: "compiled"), kept.of("a recipe", lambda: "compiled anew")
    ('compiled', 'compiled')
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Hashable, _Kept] = {}

    def of(self, key: Hashable, compile_now: Callable[[], Any]) -> Any:
        """What `compile_now` gave for this key, now or before.

        The key holds all that decides the functions, but not the weights: any seed's may be given to them.
        """
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        with kept.lock:  # a second thread with the same recipe waits, others go on
            if kept.functions is None:
                kept.functions = compile_now()
            return kept.functions


class _Kept:
    """A place for functions, and the lock of the thread that compiles them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.functions: Any = None
